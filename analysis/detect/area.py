"""Making parts of a picture smaller by the mean over areas, many at once.

The networks of MTCNN feel how their squares were made: with another way of shrinking, or rounded to whole numbers,
boxes move by some percent. This is the one their weights are commonly used with (torch's "area" interpolation): output
pixel i of S is the mean of input pixels from floor(i · n / S) to ceil((i + 1) · n / S).
"""

from __future__ import annotations

import cv2
import numpy as np

from analysis.types import Floats, Image, Integers


class AreaSums:
    """A picture's summed-area table: the mean of any rectangle costs four look-ups, however large it is."""

    def __init__(self, image: Image) -> None:
        self._height, self._width = image.shape[:2]
        # int32 may wrap round in huge pictures; the difference of four entries is right all the same
        self._sums = cv2.integral(image, sdepth=cv2.CV_32S).reshape(-1, 3)  # [(height + 1) * (width + 1), 3]

    def cut(self, squares: Floats, side_px: int) -> Floats:
        """Half-open squares [n, 4] as pictures [n, side, side, 3] in 0-255; black beyond the border."""
        return self._means(np.floor(squares).astype(np.int64), side_px, side_px)

    def whole(self, height_px: int, width_px: int) -> Floats:
        """The picture itself in another size, [height, width, 3] in 0-255."""
        picture: Floats = self._means(np.array([[0, 0, self._width, self._height]]), height_px, width_px)[0]
        return picture

    def _means(self, boxes: Integers, height_px: int, width_px: int) -> Floats:
        x0, x1 = _edges(boxes[:, 0], boxes[:, 2], width_px)
        y0, y1 = _edges(boxes[:, 1], boxes[:, 3], height_px)
        n_pixels = ((y1 - y0)[:, :, None] * (x1 - x0)[:, None, :])[..., None]  # beyond the border too: black counts
        x0, x1 = np.clip(x0, 0, self._width), np.clip(x1, 0, self._width)
        y0, y1 = np.clip(y0, 0, self._height), np.clip(y1, 0, self._height)
        total = self._at(y1, x1) - self._at(y0, x1) - self._at(y1, x0) + self._at(y0, x0)
        means: Floats = np.divide(total, n_pixels, dtype=np.float32)
        return means

    def _at(self, y: Integers, x: Integers) -> Integers:
        """Entries [n, height, width, 3] at rows [n, height] and columns [n, width]."""
        entries: Integers = self._sums.take(y[:, :, None] * (self._width + 1) + x[:, None, :], axis=0)
        return entries


def _edges(start: Integers, end: Integers, n_out: int) -> tuple[Integers, Integers]:
    """First and last-plus-one input pixel [n, n_out] of each output pixel."""
    length = np.maximum(end - start, 1)[:, None]
    i = np.arange(n_out, dtype=np.int32)
    return start[:, None] + i * length // n_out, start[:, None] - (-(i + 1) * length // n_out)
