"""Tracklets of one face become one track: over the borders of chunks, and over moments when nobody saw it.

Within a shot only. Over the border of chunks and up to a second, motion decides (embeddings may object), as it does
inside a chunk. Up to three seconds embeddings decide (motion may object), so that an id survives a hand before the
face.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from analysis.track import motion
from analysis.track.embedding_distance import EVEN_ODDS, MAYBE_ONE_FACE, pooled_embedding
from analysis.track.lifecycle import MAX_GAP_S, Lifecycle
from analysis.track.matching import match
from analysis.types import Crops, Floats, SampleTable, Tracklet, joined_columns, table_of

EMBEDDING_GAP_S = 3.0
GATE = 16.3  # chi-square of 3 degrees of freedom, 99.9 %
NEAR = 2.5  # face sizes that a face may have gone while unseen, and
NEAR_A_SECOND = 1.5  # this much more a second
GROWN = 0.7  # logarithm of the size
TRACK_CROPS = 12
HISTORY = 15  # samples from which the motion at a tracklet's end is taken


@dataclass(frozen=True, slots=True)
class _Part:
    """A tracklet with what every pair that it is in asks of it."""

    samples: SampleTable
    embedding: Floats  # [128]
    is_confirmed: bool
    rules: Lifecycle

    @classmethod
    def of(cls, tracklet: Tracklet, rules: Lifecycle) -> _Part:
        return cls(
            tracklet.samples, pooled_embedding(tracklet.crops), rules.is_confirmed(tracklet.samples.scores), rules
        )

    def limit(self, other: _Part) -> float:
        """The distance of embeddings up to which the two may be one face."""
        return self.rules.one_face_within(self.samples.scores, other.samples.scores)


def stitch(
    tracklets: Sequence[Tracklet], chunks: Sequence[int], shots: Sequence[int], rules: Lifecycle
) -> list[list[int]]:
    """Chains of tracklets that are one track.

    Args:
        tracklets: of all chunks, in any order.
        chunks: the chunk that each comes from; inside one the tracker has decided over short gaps already.
        shots: the shot that each lies in.
        rules: of the run.

    Returns:
        indices of tracklets in time order, each tracklet in exactly one chain.
    """
    links = _links(tracklets, chunks, shots, rules)
    follower = dict(_best_links(links, len(tracklets)))
    heads = sorted(set(range(len(tracklets))) - set(follower.values()))
    chains = []
    for head in heads:
        chain = [head]
        while chain[-1] in follower:
            chain.append(follower[chain[-1]])
        chains.append(chain)
    return chains


def join(pieces: Sequence[Tracklet]) -> tuple[Tracklet, list[tuple[int, int]]]:
    """One tracklet of several that follow one another; of their crops the best remain.

    Returns:
        the tracklet, and where each of its crops comes from: (piece, row).
    """
    origins = [(i, row) for i, piece in enumerate(pieces) for row in range(len(piece.crops))]
    if len(pieces) == 1:
        return pieces[0], origins
    samples = table_of(SampleTable, joined_columns(piece.samples for piece in pieces))
    crops = joined_columns(piece.crops for piece in pieces)
    best = np.lexsort((crops["sample"], -crops["quality"]))[:TRACK_CROPS]
    joined = Tracklet(samples, table_of(Crops, {name: column[best] for name, column in crops.items()}))
    return joined, [origins[i] for i in best.tolist()]


def _links(
    tracklets: Sequence[Tracklet], chunks: Sequence[int], shots: Sequence[int], rules: Lifecycle
) -> list[tuple[int, int, float]]:
    """(earlier, later, cost) of every pair that may be one face."""
    rate = rules.sample_rate
    parts = [_Part.of(tracklet, rules) for tracklet in tracklets]
    first = np.array([part.samples.sample[0] for part in parts])
    order = np.argsort(first, kind="stable")
    starts = first[order]
    found = []
    for i, part in enumerate(parts):
        last = int(part.samples.sample[-1])
        until = last + max(EMBEDDING_GAP_S * rate + 1, 2)  # unseen for so long: seen a sample before and one after
        ending: motion.Motion | None = None
        for j in order[np.searchsorted(starts, last, "right") : np.searchsorted(starts, until, "right")].tolist():
            if shots[i] == shots[j]:
                ending = ending or _ending(part.samples, rate)
                costs = [_cost_by_embedding(part, parts[j], ending, rate)]
                if chunks[i] != chunks[j]:
                    costs.append(_cost_by_motion(part, parts[j], ending, rate))
                if min(costs) < 1:
                    found.append((i, j, min(costs)))
    return found


def _cost_by_motion(earlier: _Part, later: _Part, ending: motion.Motion, rate: float) -> float:
    """0-0.5 for a pair that moves on as one face, infinite for one that does not."""
    gap_s = _gap_s(earlier, later, rate)
    distance = _distance(earlier, later)
    if gap_s > max(MAX_GAP_S, 2 / rate) or distance > earlier.limit(later):
        return np.inf
    if motion.surprise(motion.predict(ending, gap_s), motion.measured(later.samples.boxes[:1]))[0] > GATE:
        return np.inf
    return 0.4 * distance / MAYBE_ONE_FACE + 0.1 * gap_s / EMBEDDING_GAP_S


def _cost_by_embedding(earlier: _Part, later: _Part, ending: motion.Motion, rate: float) -> float:
    """0.3-1 for a pair whose embeddings are near and that is not far away, infinite for one that does not."""
    if not (earlier.is_confirmed and later.is_confirmed):
        return np.inf  # no sure face: its embedding says nothing
    gap_s, distance = _gap_s(earlier, later, rate), _distance(earlier, later)
    (where,) = motion.measured(later.samples.boxes[:1])
    gone = float(np.hypot(*(where[:2] - ending.mean[:2, 0]))) / ending.size_px
    grown = abs(float(where[2] - ending.mean[2, 0]))
    if distance > earlier.limit(later) or gone > NEAR + NEAR_A_SECOND * gap_s or grown > GROWN:
        return np.inf
    return 0.3 + 0.4 * distance / EVEN_ODDS + 0.29 * min(gap_s / EMBEDDING_GAP_S, 1)


def _gap_s(earlier: _Part, later: _Part, rate: float) -> float:
    return float(later.samples.sample[0] - earlier.samples.sample[-1]) / rate


def _distance(earlier: _Part, later: _Part) -> float:
    return float(np.linalg.norm(earlier.embedding - later.embedding))


def _ending(samples: SampleTable, rate: float) -> motion.Motion:
    boxes, when = samples.boxes[-HISTORY:], samples.sample[-HISTORY:]
    state = motion.start(boxes[0])
    for (before, now), box in zip(pairwise(when.tolist()), boxes[1:], strict=True):
        state = motion.update(motion.predict(state, (now - before) / rate), box)
    return state


def _best_links(links: list[tuple[int, int, float]], n: int) -> list[tuple[int, int]]:
    """The cheapest set in which a tracklet has one predecessor and one follower at most."""
    if not links:
        return []
    earlier, later, cost = (np.array(column) for column in zip(*links, strict=True))
    # what is not linked needs no common matrix: a long video stays small
    graph = coo_matrix((np.ones(len(links)), (earlier, later + n)), shape=(2 * n, 2 * n))
    _, group_of = connected_components(graph, directed=False)
    chosen = []
    for group in np.unique(group_of[earlier]):
        member = group_of[earlier] == group
        rows, row_of = np.unique(earlier[member], return_inverse=True)
        columns, column_of = np.unique(later[member], return_inverse=True)
        costs: NDArray[np.float64] = np.full((len(rows), len(columns)), np.inf)
        costs[row_of, column_of] = cost[member]
        chosen += [(int(rows[row]), int(columns[column])) for row, column in match(costs, 1.0)]
    return chosen
