"""Whole searches on some of the frames only; on those between, a closer look near the faces before and after.

A frame may be spared its whole search when the frames searched before and after it are at most `SEARCH_EVERY_S` apart
and show one shot with it. So a face that enters is found within that time, mostly in its first frame: the next search
knows it already. Where a sure face of either is not found again, because it ran or hid, the frame is searched whole.
Nothing is carried over a cut or from another chunk, and nothing depends on who was followed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis import geometry
from analysis.detect import Detector
from analysis.types import Detections, Floats, SampledFrame

SEARCH_EVERY_S = 0.4
FRAMES_AT_ONCE = 4  # networks are quicker on several frames; few are held in memory
ONE_FACE_WITHIN = 1.5  # face sizes from one search to the next
SAME_PLACE = 0.6  # IoU from which on one look serves two boxes
SURE = 0.9  # score of a face that must be found again
FOUND_AGAIN = 0.2  # IoU with where it was expected

Detected = tuple[SampledFrame, Detections]
OpenDetector = Callable[[int, int], Detector]  # for a height and width in px


@dataclass(frozen=True, slots=True)
class _Between:
    """A frame that is looked at near the faces of two others: the last one searched in the batch before, or rows."""

    row: int
    before: int  # -1: the last one of the batch before
    after: int


class SparseSearch:
    """Takes the frames of one chunk in order, and gives each back with its faces; an instance a chunk."""

    def __init__(self, sample_rate: float, open_detector: OpenDetector) -> None:
        self._stride = int(SEARCH_EVERY_S * sample_rate + 1e-6)  # samples between searches
        self._open = open_detector
        self._waiting: list[SampledFrame] = []
        self._last: tuple[int, Detections] | None = None  # the sample searched last, in the shot that goes on

    def take(self, frame: SampledFrame) -> list[Detected]:
        """The frames that are done now, in order."""
        self._waiting.append(frame)
        return self._look(self._waiting) if len(self._waiting) >= FRAMES_AT_ONCE else []

    def finish(self) -> list[Detected]:
        """Those that were still waiting."""
        return self._look(self._waiting) if self._waiting else []

    def _look(self, frames: list[SampledFrame]) -> list[Detected]:
        self._waiting = []
        searched, between = self._planned(frames)
        detector = self._open(*frames[0].image.shape[:2])
        found = dict(zip(searched, detector.detect([frames[i].image for i in searched]), strict=True))
        if between:
            boxes = [self._expected(one, frames, found) for one in between]
            looked = detector.refine([frames[one.row].image for one in between], boxes)
            found |= dict(zip([one.row for one in between], looked, strict=True))
            lost = [one.row for one in between if self._has_lost(one, frames, found)]
            found |= dict(zip(lost, detector.detect([frames[row].image for row in lost]), strict=True))
        self._last = frames[-1].first_sample, found[len(frames) - 1]
        return [(frame, found[i]) for i, frame in enumerate(frames)]

    def _planned(self, frames: list[SampledFrame]) -> tuple[list[int], list[_Between]]:
        """Rows that are searched whole, the last one always, and those that are not."""
        shot = np.cumsum([frame.starts_shot for frame in frames]).tolist()  # 0: the one that goes on
        sample = [frame.first_sample for frame in frames]
        searched: list[int] = []
        between: list[_Between] = []
        before, of_shot, since = -1, 0, self._last[0] if self._last else None
        for i in range(len(frames)):
            after = i
            if since is not None and of_shot == shot[i]:
                after = self._next_search(i, since, sample, shot)
            if after == i:
                searched.append(i)
                before, of_shot, since = i, shot[i], sample[i]
            else:
                between.append(_Between(i, before, after))
        return searched, between

    def _next_search(self, i: int, since: int, sample: list[int], shot: list[int]) -> int:
        """The furthest row of row i's shot that is near enough to the search before; i itself when none is."""
        near = (k for k in range(i, len(sample)) if shot[k] == shot[i] and sample[k] - since <= self._stride)
        return max(near, default=i)

    def _has_lost(self, one: _Between, frames: list[SampledFrame], found: dict[int, Detections]) -> bool:
        """Whether a sure face of the frames around was not found near the place where it was expected."""
        expected = self._expected(one, frames, found, SURE)
        again = geometry.iou(expected, found[one.row].boxes).max(axis=1, initial=0.0) >= FOUND_AGAIN
        return not bool(again.all())

    def _expected(
        self, one: _Between, frames: list[SampledFrame], found: dict[int, Detections], least_score: float = 0.0
    ) -> Floats:
        """Boxes [k, 4] of the faces of the frames around that have at least this score, on their way."""
        if one.before >= 0:
            start, before = frames[one.before].first_sample, found[one.before]
        else:
            assert self._last is not None
            start, before = self._last
        end = frames[one.after].first_sample
        share = (frames[one.row].first_sample - start) / (end - start)
        after = found[one.after]
        return expected_boxes(
            before.boxes[before.scores >= least_score], after.boxes[after.scores >= least_score], share
        )


def expected_boxes(before: Floats, after: Floats, share: float) -> Floats:
    """Where faces are to be looked for [k, 4] between two moments with faces [n, 4] and [m, 4].

    A face of both, which is the nearest of the other in both directions, is expected on its way; every other one where
    it was seen. `share` is the share of the time that is over, 0-1.
    """
    if not (len(before) and len(after)):
        return np.concatenate([before, after])
    centres_a, centres_b = ((boxes[:, :2] + boxes[:, 2:]) / 2 for boxes in (before, after))
    sizes_a, sizes_b = (np.sqrt(np.maximum(geometry.areas(boxes), 1)) for boxes in (before, after))
    gone = np.linalg.norm(centres_a[:, None] - centres_b[None], axis=2) / np.sqrt(sizes_a[:, None] * sizes_b[None])
    nearest_b, nearest_a = gone.argmin(axis=1), gone.argmin(axis=0)
    rows = np.arange(len(before))
    is_one = (nearest_a[nearest_b] == rows) & (gone[rows, nearest_b] <= ONE_FACE_WITHIN)
    paired = np.flatnonzero(is_one)
    partners = nearest_b[paired]
    on_its_way = (1 - share) * before[paired] + share * after[partners]
    others = np.concatenate([np.delete(before, paired, axis=0), np.delete(after, partners, axis=0)])
    expected = np.concatenate([on_its_way, others]).astype(np.float32)
    earlier_first = -np.arange(len(expected)).astype(np.float32)
    return expected[geometry.suppress(expected, earlier_first, SAME_PLACE)]
