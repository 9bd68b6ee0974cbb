"""A very small picture of a frame, taken without converting the frame, and how unlike two of them are."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from numpy.typing import NDArray

from analysis.types import Floats
from analysis.video.planes import plane_rows

GRID_WIDTH, GRID_HEIGHT = 48, 32
N_CELLS = GRID_WIDTH * GRID_HEIGHT
POINTS_A_CELL = (4, 2, 2)  # pixels looked at in each direction, of luma and color differences

FLAT_VARIANCE = 25.0  # of gray levels: less contrast than this is noise

# planes of Y, U, V that can be read as they are, and their bits
PLANAR = {
    f"yuv{sampling}p{suffix}": bits
    for sampling in ("420", "422", "444", "440", "411")
    for suffix, bits in (("", 8), ("10le", 10), ("12le", 12))
} | {f"yuvj{sampling}p": 8 for sampling in ("420", "422", "444")}


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """The luma of a frame brought down by averaging."""

    luma: Floats  # [N_CELLS] gray levels, without their mean
    mean: float
    variance: float

    @classmethod
    def of(cls, frame: VideoFrame) -> Thumbnail:
        luma = small_planes(frame, 1)[0].ravel()
        mean = float(luma.mean())
        varied = luma - np.float32(mean)
        return cls(varied, mean, float(varied @ varied) / len(varied))


def step(before: Thumbnail, after: Thumbnail) -> float:
    """How unlike two thumbnails are: 0 the same, about 1 nothing in common; brightness alone does not count."""
    difference = before.luma - after.luma
    mean_square = float(difference @ difference) / len(difference)
    return mean_square / (before.variance + after.variance + 2 * FLAT_VARIANCE)


def small_planes(frame: VideoFrame, n: int) -> Floats:
    """The first n of luma and the two color differences brought down by averaging, 0-255.

    Returns:
        [n, GRID_HEIGHT, GRID_WIDTH]
    """
    if frame.format.name not in PLANAR:
        frame = frame.reformat(4 * GRID_WIDTH, 4 * GRID_HEIGHT, "yuv444p", threads=1)
    bits = PLANAR[frame.format.name]
    cells = [_cells(plane, bits, points) for plane, points in zip(frame.planes[:n], POINTS_A_CELL, strict=False)]
    return np.stack(cells).astype(np.float32)


def _cells(plane: VideoPlane, bits: int, n_points: int) -> NDArray[np.uint8]:
    """Averages over a grid of a plane, [GRID_HEIGHT, GRID_WIDTH]."""
    every_row = max(1, plane.height // (GRID_HEIGHT * n_points))
    every_column = max(1, plane.width // (GRID_WIDTH * n_points))
    points = plane_rows(plane, 1 if bits == 8 else 2)[::every_row, : plane.width : every_column]
    points = np.ascontiguousarray(points) if bits == 8 else (points >> (bits - 8)).astype(np.uint8)
    return np.asarray(cv2.resize(points, (GRID_WIDTH, GRID_HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)
