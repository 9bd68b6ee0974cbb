"""Following the faces of one chunk from sample to sample.

As in ByteTrack (Zhang et al. 2022) strong detections choose first and weak ones may only prolong what is there. The
cost of a pair is how much the detection surprises the track's motion.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.track import motion
from analysis.track.lifecycle import BIRTH_SCORE, Lifecycle
from analysis.track.matching import match
from analysis.types import Detections, Integers

GATE = 16.3  # chi-square of 3 degrees of freedom, 99.9 %
VAGUE_WEIGHT = 0.5  # of two tracks that fit, the one seen lately
MAX_JUMP = 1.6  # face sizes between samples, plus what a gap adds
NOBODY = -1


@dataclass(slots=True)
class _Follower:
    tracklet: int
    motion: motion.Motion
    last_sample: int


class Tracker:
    """Gives each detection the number of its tracklet; an instance a chunk, numbers count from 0."""

    def __init__(self, sample_rate: float) -> None:
        self._rate = sample_rate
        self._rules = Lifecycle(sample_rate)
        self._followers: list[_Follower] = []
        self.n_tracklets = 0

    def step(self, sample: int, detections: Detections, starts_shot: bool, last_sample: int | None = None) -> Integers:
        """Follow to the next analysed frame.

        Args:
            sample: index of the first sample at which the frame is on display.
            detections: its faces.
            starts_shot: a cut lies before it; every track ends.
            last_sample: the last sample at which it is on display, when that is another one.

        Returns:
            [n]: the tracklet of each detection, -1 for one that is too weak to begin a track.
        """
        if starts_shot:
            self._followers = []
        self._followers = [one for one in self._followers if sample - one.last_sample <= self._rules.max_gap]
        last = sample if last_sample is None else last_sample
        assigned = np.full(len(detections), NOBODY, np.int64)
        expected = [motion.predict(one.motion, (sample - one.last_sample) / self._rate) for one in self._followers]
        strong = detections.scores >= BIRTH_SCORE
        free = list(range(len(self._followers)))
        for group in (np.flatnonzero(strong), np.flatnonzero(~strong)):
            costs = self._costs(sample, [expected[i] for i in free], free, detections, group)
            for row, column in match(costs, GATE):
                follower, row_of = self._followers[free[row]], int(group[column])
                follower.motion = motion.update(expected[free[row]], detections.boxes[row_of])
                follower.last_sample = last
                assigned[row_of] = follower.tracklet
            taken = set(assigned[assigned != NOBODY].tolist())
            free = [i for i in free if self._followers[i].tracklet not in taken]
        for row_of in np.flatnonzero(strong & (assigned == NOBODY)):
            self._followers.append(_Follower(self.n_tracklets, motion.start(detections.boxes[row_of]), last))
            assigned[row_of] = self.n_tracklets
            self.n_tracklets += 1
        return assigned

    def _costs(
        self,
        sample: int,
        expected: list[motion.Motion],
        which: list[int],
        detections: Detections,
        group: NDArray[np.int64],
    ) -> NDArray[np.float64]:
        """[len(which), len(group)]; infinite where the jump is too far."""
        boxes = detections.boxes[group]
        costs = np.full((len(which), len(group)), np.inf)
        if not len(group):
            return costs
        centres = (boxes[:, :2] + boxes[:, 2:]) / 2
        for row, (i, state) in enumerate(zip(which, expected, strict=True)):
            gap = sample - self._followers[i].last_sample
            far_px = (MAX_JUMP + 0.35 * (gap - 1)) * state.size_px
            distances = np.hypot(*(centres - state.mean[:2, 0]).T)
            surprise = motion.surprise(state, boxes) + VAGUE_WEIGHT * motion.vagueness(state)
            costs[row] = np.where(distances <= far_px, surprise, np.inf)
        return costs
