"""How far the camera swings from one sampled frame to the next: the shift that brings most of two pictures together.

A camera that stands still is told without a search. A shift that does not make the pictures much more alike is none:
then something large moves, and not the camera.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.types import Floats, Image, SampledFrame

Gray = NDArray[np.uint8]  # [height, width]

HEIGHT_PX = 90  # of the pictures that are compared, about
STILL = 3  # gray levels, the median change under which nothing moved
LEFT_OVER = 0.7  # of that change, at most so much is left once the shift is known


class Camera:
    """Follows the frames of one chunk in order; an instance a chunk."""

    def __init__(self) -> None:
        self._before: Gray | None = None
        self._at = np.zeros(2)

    def follow(self, frame: SampledFrame) -> SampledFrame:
        """The frame with the camera's way since the shot began."""
        small, scale = _small(frame.image)
        if frame.starts_shot or self._before is None or self._before.shape != small.shape:
            self._at = np.zeros(2)
        else:
            self._at = self._at - scale * shift(self._before, small)
        self._before = small
        return replace(frame, camera_px=(float(self._at[0]), float(self._at[1])))


def shift(before: Gray, after: Gray) -> Floats:
    """By how much [2] (x, y, px) the picture moved; zeros where no shift explains what changed."""
    none = np.zeros(2, np.float32)
    change = _median_change(before, after)
    if change <= STILL:
        return none
    window = cv2.createHanningWindow((before.shape[1], before.shape[0]), cv2.CV_32F)
    moved = np.array(cv2.phaseCorrelate(before.astype(np.float32), after.astype(np.float32), window)[0], np.float32)
    if _left_over(before, after, *(round(float(value)) for value in moved)) > LEFT_OVER * change:
        return none
    return moved


def _left_over(before: Gray, after: Gray, x: int, y: int) -> float:
    """The median change of what both pictures show once one is moved."""
    height, width = before.shape
    rows, columns = height - abs(y), width - abs(x)
    if rows < height // 3 or columns < width // 3:
        return np.inf
    first = before[max(-y, 0) :, max(-x, 0) :][:rows, :columns]
    second = after[max(y, 0) :, max(x, 0) :][:rows, :columns]
    return _median_change(first, second)


def _median_change(before: Gray, after: Gray) -> int:
    """The median of the differences of two pictures, gray levels."""
    counts = np.bincount(cv2.absdiff(before, after).ravel(), minlength=256)  # faster than sorting
    return int(np.searchsorted(np.cumsum(counts), (before.size + 1) // 2))


def _small(image: Image) -> tuple[Gray, float]:
    """The picture's green, about `HEIGHT_PX` high, and how many of its pixels make one of that."""
    every = max(1, image.shape[0] // (2 * HEIGHT_PX))
    green = np.ascontiguousarray(image[::every, ::every, 1])
    size = (green.shape[1] // 2, green.shape[0] // 2)
    if not all(size):
        return green, float(every)
    small = cv2.resize(green[: 2 * size[1], : 2 * size[0]], size, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8), 2.0 * every
