"""Whole searches on some of the frames only; on the others, a closer search near the faces that these searches found.

A frame may be spared its whole search when it lies between two frames of its shot that are searched, and what is spared
between them spans less than `UNSEARCHED_S`; or after the last of them, by no more than `LAST_S`. A face that stays for
so long, which it must to make a track (`analysis.track.lifecycle`), is thus in a frame that is searched; in those
before, it is looked for near there, so that it is mostly found in its first frame.

Where a sure face of either search is not found again, it is looked for all around its place. Where each of the searches
has a sure face that the other has not, it may be one that ran: then the frame is searched whole. Nothing is carried
over a cut or from another chunk, and nothing depends on who was followed. Where the camera swings
(`analysis.detect.camera`), faces are expected where it puts them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis import geometry
from analysis.detect import Detector
from analysis.types import Detections, Floats, Integers, SampledFrame

UNSEARCHED_S = 0.4  # from the first to the last of neighboring frames: less than this
LAST_S = 0.2  # further from the last search, faces that cross are lost to one another
FRAMES_AT_ONCE = 6  # are held in memory
LAST = -1  # in place of a row: the frame searched last among those that are done
ONE_FACE_WITHIN = 1.5  # face sizes from one search to the next
SAME_PLACE = 0.6  # IoU from which on one look serves two boxes
SURE = 0.9  # score of a face that must be found again
FOUND_AGAIN = 0.2  # IoU with where it was expected
# in sizes of the face: with what a look forgives, these find a face that is three quarters of its size off
AROUND = np.array([[x, y] for y in (-0.5, 0, 0.5) for x in (-0.5, 0, 0.5) if x or y], np.float32)

Detected = tuple[SampledFrame, Detections]
OpenDetector = Callable[[int, int], Detector]  # for a height and width in px


@dataclass(frozen=True, slots=True)
class _Between:
    """A frame that is looked at near the faces of the searches before and after it."""

    row: int
    before: int  # row, or `LAST`
    after: int | None  # None at the end of a shot


class SparseSearch:
    """Takes the frames of one chunk in order, and gives each back with its faces; an instance a chunk."""

    def __init__(self, sample_rate: float, open_detector: OpenDetector) -> None:
        self._stride = min(stride_of(sample_rate), FRAMES_AT_ONCE)
        self._most_last = min(int(LAST_S * sample_rate + 1e-6), self._stride - 1)
        self._open = open_detector
        self._waiting: list[SampledFrame] = []
        self._last: tuple[SampledFrame, Detections] | None = None  # the frame searched last, in the shot that goes on

    def take(self, frame: SampledFrame) -> list[Detected]:
        """The frames that are done now, in order."""
        self._waiting.append(frame)
        return self._detect_waiting(is_end=False) if len(self._waiting) >= FRAMES_AT_ONCE else []

    def finish(self) -> list[Detected]:
        """Those that were still waiting."""
        return self._detect_waiting(is_end=True) if self._waiting else []

    def _detect_waiting(self, *, is_end: bool) -> list[Detected]:
        searched, between = self._planned(is_end=is_end)
        n_done = 1 + max([*searched, *(one.row for one in between)], default=-1)
        frames, self._waiting = self._waiting[:n_done], self._waiting[n_done:]
        detector = self._open(*frames[0].image.shape[:2])
        found = dict(zip(searched, detector.detect([frames[i].image for i in searched]), strict=True))
        if between:
            self._detect_between(between, frames, found, detector)
        if searched:
            self._last = frames[searched[-1]], found[searched[-1]]
        return [(frame, found[i]) for i, frame in enumerate(frames)]

    def _detect_between(
        self, between: list[_Between], frames: list[SampledFrame], found: dict[int, Detections], detector: Detector
    ) -> None:
        """Add to `found` what is in the frames that were not searched."""
        near = {one.row: self._expected(one, frames, found) for one in between}
        found |= _refined(detector, frames, near)
        lost = {one.row: boxes for one in between if len(boxes := self._lost(one, frames, found))}
        ran = [one.row for one in between if one.row in lost and self._may_have_run(one, frames, found)]
        wider = {row: np.concatenate([near[row], around(boxes)]) for row, boxes in lost.items() if row not in ran}
        found |= _refined(detector, frames, wider)
        found |= dict(zip(ran, detector.detect([frames[row].image for row in ran]), strict=True))

    def _planned(self, *, is_end: bool) -> tuple[list[int], list[_Between]]:
        """Rows of those waiting that are searched whole, and those that are not; what follows may have to wait.

        Args:
            is_end: nothing follows.
        """
        starts = [i for i, frame in enumerate(self._waiting) if i == 0 or frame.starts_shot]
        searched: list[int] = []
        between: list[_Between] = []
        for start, end in zip(starts, [*starts[1:], len(self._waiting)], strict=True):
            goes_on = end == len(self._waiting) and not is_end
            row, before = start, LAST
            if start > 0 or self._last is None or self._waiting[0].starts_shot:
                searched.append(start)
                row, before = start + 1, start
            while row < end:
                after = self._next_search(row, end, before, goes_on=goes_on)
                if after is None and goes_on:
                    break
                until = end if after is None else after
                between += [_Between(i, before, after) for i in range(row, until)]
                row = until
                if after is not None:
                    searched.append(after)
                    row, before = after + 1, after
        return searched, between

    def _next_search(self, row: int, end: int, before: int, *, goes_on: bool) -> int | None:
        """The row of a shot to be searched after `before`, from `row` up to `end`; None when none need be, or when the
        shot goes on and it is not known yet."""
        n_samples = self._waiting[end - 1].first_sample - self._sample_of(before)
        if n_samples < self._stride if goes_on else n_samples <= self._most_last:
            return None
        reach = self._sample_of(before) + self._stride
        return max((i for i in range(row, end) if self._waiting[i].first_sample <= reach), default=row)

    def _sample_of(self, row: int) -> int:
        return self._last[0].first_sample if row == LAST and self._last else self._waiting[row].first_sample

    def _lost(self, one: _Between, frames: list[SampledFrame], found: dict[int, Detections]) -> Floats:
        """Where sure faces [k, 4] of the frames around were expected, and nobody was found."""
        expected = self._expected(one, frames, found, SURE)
        lost: Floats = expected[geometry.iou(expected, found[one.row].boxes).max(axis=1, initial=0.0) < FOUND_AGAIN]
        return lost

    def _may_have_run(self, one: _Between, frames: list[SampledFrame], found: dict[int, Detections]) -> bool:
        """Whether the searches around have each a sure face that the other has not."""
        before, after = self._seen_around(one, frames, found, SURE)
        return len(same_faces(before, after)[0]) < min(len(before), len(after))

    def _expected(
        self, one: _Between, frames: list[SampledFrame], found: dict[int, Detections], least_score: float = 0.0
    ) -> Floats:
        """Boxes [k, 4] of the faces of the frames around that have at least this score, on their way."""
        before, after = self._seen_around(one, frames, found, least_score)
        if one.after is None:
            return before
        start, end = self._before(one, frames, found)[0].first_sample, frames[one.after].first_sample
        return expected_boxes(before, after, (frames[one.row].first_sample - start) / (end - start))

    def _seen_around(
        self, one: _Between, frames: list[SampledFrame], found: dict[int, Detections], least_score: float
    ) -> tuple[Floats, Floats]:
        """Boxes [n, 4] and [m, 4] of the faces of the searches before and after that have at least this score, where
        they would be if only the camera had moved."""
        searches = [self._before(one, frames, found)]
        searches += [] if one.after is None else [(frames[one.after], found[one.after])]
        to = frames[one.row]
        seen = [moved(faces.boxes[faces.scores >= least_score], frame, to) for frame, faces in searches]
        return seen[0], seen[1] if len(seen) > 1 else Detections.none().boxes

    def _before(self, one: _Between, frames: list[SampledFrame], found: dict[int, Detections]) -> Detected:
        """The search before."""
        return self._last if self._last and one.before == LAST else (frames[one.before], found[one.before])


def stride_of(sample_rate: float) -> int:
    """Samples from one search to the next."""
    return int(UNSEARCHED_S * sample_rate + 1e-6) + 1


def moved(boxes: Floats, seen: SampledFrame, to: SampledFrame) -> Floats:
    """Boxes [n, 4] of one frame where they are in another, if only the camera moved."""
    way = np.array(seen.camera_px, np.float32) - np.array(to.camera_px, np.float32)
    there: Floats = boxes + np.tile(way, 2)
    return there


def _refined(detector: Detector, frames: list[SampledFrame], boxes: dict[int, Floats]) -> dict[int, Detections]:
    """What is found near boxes [n, 4] of frames, by row."""
    return dict(zip(boxes, detector.refine([frames[row].image for row in boxes], list(boxes.values())), strict=True))


def around(boxes: Floats) -> Floats:
    """The boxes [n, 4], moved to all sides [8 n, 4]."""
    moved = boxes[:, None, :] + np.tile(AROUND, 2) * np.tile(boxes[:, 2:] - boxes[:, :2], 2)[:, None, :]
    all_sides: Floats = moved.reshape(-1, 4)
    return all_sides


def expected_boxes(before: Floats, after: Floats, share: float) -> Floats:
    """Where faces are to be looked for [k, 4] between two moments with faces [n, 4] and [m, 4].

    A face of both is expected on its way; every other one where it was seen. `share` is the share of the time that is
    over, 0-1.
    """
    rows, partners = same_faces(before, after)
    on_its_way = (1 - share) * before[rows] + share * after[partners]
    others = np.concatenate([np.delete(before, rows, axis=0), np.delete(after, partners, axis=0)])
    expected = np.concatenate([on_its_way, others]).astype(np.float32)
    earlier_first = -np.arange(len(expected)).astype(np.float32)
    return expected[geometry.suppress(expected, earlier_first, SAME_PLACE)]


def same_faces(before: Floats, after: Floats) -> tuple[Integers, Integers]:
    """Rows [k] of boxes [n, 4], and of boxes [m, 4] a moment later, that are one face: each the other's nearest."""
    if not (len(before) and len(after)):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    centers_a, centers_b = ((boxes[:, :2] + boxes[:, 2:]) / 2 for boxes in (before, after))
    sizes_a, sizes_b = (np.sqrt(np.maximum(geometry.areas(boxes), 1)) for boxes in (before, after))
    gone = np.linalg.norm(centers_a[:, None] - centers_b[None], axis=2) / np.sqrt(sizes_a[:, None] * sizes_b[None])
    nearest_b, nearest_a = gone.argmin(axis=1), gone.argmin(axis=0)
    every = np.arange(len(before))
    rows = np.flatnonzero((nearest_a[nearest_b] == every) & (gone[every, nearest_b] <= ONE_FACE_WITHIN))
    return rows, nearest_b[rows]
