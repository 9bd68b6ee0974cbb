"""The picture in many sizes, laid out on one canvas, so that P-Net searches all of them in a single run.

A face of n px is found by P-Net's window of 12 px where the picture is shrunk to 12 / n. The canvas has one fixed shape
for a video, which is what a CPU runtime wants.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from analysis.detect.area import AreaSums
from analysis.detect.halvings import Halvings
from analysis.types import Floats, Images

WINDOW_PX = 12  # of P-Net
FACTOR = 0.709  # from one level to the next: about half the area
_GAP_PX = 2  # black, between levels


@dataclass(frozen=True, slots=True)
class Level:
    """One size of the picture and its place on the canvas."""

    scale: float  # of the level, to the picture
    x: int  # even, as P-Net's windows move by 2 px
    y: int
    width: int
    height: int

    @property
    def place(self) -> tuple[slice, slice]:
        """Rows and columns on the canvas."""
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)


@dataclass(frozen=True, slots=True)
class Pyramid:
    """The levels for one size of picture, largest first, and the size of the canvas that holds them."""

    levels: tuple[Level, ...]
    width: int
    height: int

    @staticmethod
    def plan(height_px: int, width_px: int, smallest_face_px: float) -> Pyramid:
        """All levels from the smallest face up to one as large as the picture; none when the picture is smaller."""
        scales = []
        scale = WINDOW_PX / smallest_face_px
        while min(height_px, width_px) * scale >= WINDOW_PX:
            scales.append(scale)
            scale *= FACTOR
        return _lay_out([(scale, int(width_px * scale + 1), int(height_px * scale + 1)) for scale in scales])

    def draw(self, picture: Halvings) -> Images:
        """The canvas [height, width, 3] for a picture of the planned size, each level made from the last."""
        canvas = np.zeros((self.height, self.width, 3), np.uint8)
        if not self.levels:
            return canvas
        shrunk = picture.at_least(self.levels[0].width)
        for level in self.levels:
            small = cv2.resize(shrunk, (level.width, level.height), interpolation=cv2.INTER_LINEAR)
            canvas[level.place] = shrunk = small.astype(np.uint8, copy=False)
        return canvas

    def draw_exact(self, sums: AreaSums) -> Floats:
        """The same with each level made from the picture itself, as facenet-pytorch does; several times slower."""
        canvas = np.zeros((self.height, self.width, 3), np.float32)
        for level in self.levels:
            canvas[level.place] = sums.whole(level.height, level.width)
        return canvas


def _lay_out(sizes: list[tuple[float, int, int]]) -> Pyramid:
    """Puts each level into the highest free corner that is large enough, largest level first."""
    if not sizes:
        return Pyramid((), 0, 0)
    canvas_width = _spaced(sizes[0][1])
    free = [(0, 0, canvas_width, sum(_spaced(height) for _, _, height in sizes))]  # y, x, width, height
    levels = []
    for scale, width, height in sizes:
        wide, high = _spaced(width), _spaced(height)
        corner = min(room for room in free if room[2] >= wide and room[3] >= high)
        free.remove(corner)
        y, x, room_width, room_height = corner
        free += [(y, x + wide, room_width - wide, high), (y + high, x, room_width, room_height - high)]
        levels.append(Level(scale, x, y, width, height))
    return Pyramid(tuple(levels), canvas_width, max(level.y + _spaced(level.height) for level in levels))


def _spaced(length: int) -> int:
    """A level's length with the gap, even."""
    return length + _GAP_PX + length % 2
