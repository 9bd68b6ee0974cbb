"""Whether tracklets that continue one another at one place are one face.

The tracker begins a new tracklet wherever a single embedding makes it doubt. Here all that was seen of both is at hand.
The embedding of a face that turns, blurs or is covered is unlike everybody's for that moment, and like its own again
after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from analysis.track.embedding_distance import EVEN_ODDS, MAYBE_ONE_FACE, ONE_FACE, pooled_embedding
from analysis.track.lifecycle import Lifecycle
from analysis.track.stitching import join
from analysis.types import Tracklet

AT_AN_END = 1.07 * EVEN_ODDS  # who is seen briefly before or after a face, and is so much like it, is that face


def faces_of(parts: Sequence[Tracklet], rules: Lifecycle) -> list[Tracklet]:
    """The faces behind tracklets that continue one another, each a tracklet, in order of time.

    Args:
        parts: in order of time; no two share a sample.
        rules: of the run.
    """
    alike = _joined(parts, rules, ONE_FACE)
    sure = [part for part in alike if rules.is_confirmed(part.samples.scores)]
    if not sure:
        return _joined(alike, rules, MAYBE_ONE_FACE)
    faces = _joined(sure, rules, ONE_FACE)
    for brief in (part for part in alike if not rules.is_confirmed(part.samples.scores)):
        which = _face_of(brief, faces)
        if which is None:
            faces.append(brief)
        else:
            faces[which] = _one(faces[which], brief)
    return sorted(faces, key=_start)


def _joined(parts: Sequence[Tracklet], rules: Lifecycle, limit: float) -> list[Tracklet]:
    """Neighbors with near embeddings made one, the most alike first."""
    joined = list(parts)
    while len(joined) > 1:
        excess = [_distance(a, b) - min(limit, _limit(a, b, rules)) for a, b in pairwise(joined)]
        nearest = int(np.argmin(excess))
        if excess[nearest] >= 0:
            break
        joined[nearest : nearest + 2] = [_one(joined[nearest], joined[nearest + 1])]
    return joined


def _limit(one: Tracklet, other: Tracklet, rules: Lifecycle) -> float:
    return rules.one_face_within(one.samples.scores, other.samples.scores)


def _face_of(brief: Tracklet, faces: Sequence[Tracklet]) -> int | None:
    """Which of the faces somebody who was seen briefly is: one that was seen before and after, else the most alike."""
    around = [i for i, face in enumerate(faces) if _start(face) < _start(brief) < int(face.samples.sample[-1])]
    distances = [_distance(face, brief) for face in faces]
    nearest = around[0] if around else int(np.argmin(distances))
    return nearest if around or distances[nearest] < AT_AN_END else None


def _one(*parts: Tracklet) -> Tracklet:
    joined, _ = join(parts)
    return replace(joined, samples=joined.samples.select(np.argsort(joined.samples.sample)))


def _start(part: Tracklet) -> int:
    return int(part.samples.sample[0])


def _distance(one: Tracklet, other: Tracklet) -> float:
    return float(np.linalg.norm(pooled_embedding(one.crops) - pooled_embedding(other.crops)))
