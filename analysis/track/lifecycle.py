"""When a track begins, how long it waits for a lost face, and when it counts."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from analysis.track.embedding_distance import MAYBE_ONE_FACE, ONE_FACE, ONE_FACE_SEEN_LONG, SEEN_LONG_S
from analysis.types import Floats

MAX_GAP_S = 1.0  # unseen for longer, a track ends; over longer gaps the embeddings decide (stitching)
CONFIRM_S = 0.4  # seen over less, it is a flicker of the detector
LASTING_S = 2.6  # seen for so long, a track needs no sure score; patterns that pass for a face last up to 2.4 s


@dataclass(frozen=True, slots=True)
class Trust:
    """What a detector's scores are worth."""

    birth: float  # a weaker detection may prolong a track, never begin one
    confirm: float  # mean of a track's best scores, as many as confirm it
    lasting: float  # mean of all scores of one that lasts `LASTING_S`
    lasting_best: float  # and mean of its best ones


TRUST = {
    "mtcnn": Trust(
        birth=0.85, confirm=0.975, lasting=0.85, lasting_best=0.94
    ),  # hands, flowers and paper stay under 0.97
    "haar": Trust(birth=0.05, confirm=0.2, lasting=0.2, lasting_best=0.2),  # says little by its score; duration decides
}


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The rules, in samples of one sample rate, for one detector."""

    sample_rate: float
    detector: str = "mtcnn"

    @property
    def trust(self) -> Trust:
        return TRUST[self.detector]

    @property
    def max_gap(self) -> int:
        """Samples from one sight to the next: at least one may be missed at any rate."""
        return max(2, math.floor(MAX_GAP_S * self.sample_rate + 1e-6))

    @property
    def confirm(self) -> int:
        """Samples that make a track."""
        return max(2, math.ceil(CONFIRM_S * self.sample_rate - 1e-6) + 1)

    def one_face_within(self, scores: Floats, other_scores: Floats) -> float:
        """The distance of embeddings up to which two tracklets at one place, with these scores, are one face."""
        if not (self.is_confirmed(scores) and self.is_confirmed(other_scores)):
            return MAYBE_ONE_FACE
        is_long = min(len(scores), len(other_scores)) >= SEEN_LONG_S * self.sample_rate
        return ONE_FACE_SEEN_LONG if is_long else ONE_FACE

    def is_confirmed(self, scores: Floats, n_possible: int | None = None) -> bool:
        """Whether a track counts.

        Args:
            scores: of its samples; the best of them must be sure, less so in a track that lasts.
            n_possible: samples that lie in its shot (a picture of one frame has one).
        """
        needed = self.confirm if n_possible is None else min(self.confirm, n_possible)
        best = np.sort(scores)[-needed:]
        if len(scores) < needed:
            return False
        is_lasting = len(scores) >= LASTING_S * self.sample_rate and float(scores.mean()) >= self.trust.lasting
        return float(best.mean()) >= (self.trust.lasting_best if is_lasting else self.trust.confirm)

    def may_count(self, scores: Floats, n_to_border: int) -> bool:
        """Whether a tracklet may be part of a track that counts, whatever the other chunks show.

        One that is long enough and still unsure could only be joined to one of another chunk, over a short gap
        (`analysis.track.stitching`).

        Args:
            scores: of its samples.
            n_to_border: samples of its chunk before it or after it, whichever are fewer.
        """
        return len(scores) < self.confirm or self.is_confirmed(scores) or n_to_border < self.max_gap
