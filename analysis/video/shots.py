"""Cuts, found on every decoded frame from a small gray picture of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from analysis.types import Floats
from analysis.video.decoder import Placed
from analysis.video.planes import plane_rows

GRID = (48, 32)  # width, height of a signature
SIGNATURE_LENGTH = GRID[0] * GRID[1]

_LUMA_COMES_FIRST = ("yuv", "gray", "nv", "p0")


@dataclass(frozen=True, slots=True)
class Shown:
    """A frame on display, and whether a cut lies between it and the one before."""

    placed: Placed
    signature: Floats  # [SIGNATURE_LENGTH]
    starts_shot: bool


def mark(frames: Iterable[Placed]) -> Iterator[Shown]:
    """Say of each frame whether it is the first of a shot; the very first frame is not."""
    before: Floats | None = None
    for placed in frames:
        look = signature(placed.frame)
        yield Shown(placed, look, before is not None and is_cut(before, look))
        before = look


def signature(frame: VideoFrame) -> Floats:
    """The look of a frame: its luma, brought down by averaging; [SIGNATURE_LENGTH], 0-255."""
    luma = _luma(frame)
    step = max(1, luma.shape[0] // (GRID[1] * 6))  # a few rows a cell are enough, and cost a fraction
    small = cv2.resize(luma[::step], GRID, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32).ravel()


def _luma(frame: VideoFrame) -> NDArray[Any]:
    if not frame.format.name.startswith(_LUMA_COMES_FIRST) or frame.format.is_big_endian:
        frame = frame.reformat(format="gray", threads=1)
    plane = frame.planes[0]
    bits = frame.format.components[0].bits
    if bits <= 8:
        return plane_rows(plane, 1)[:, : plane.width]
    words = plane_rows(plane, 2)[:, : plane.width]
    shift = 8 if frame.format.name.startswith("p0") else bits - 8
    return np.asarray(np.right_shift(words, shift), np.uint8)


def is_cut(before: Floats, after: Floats) -> bool:
    """Whether a cut lies between two neighbouring frames, from their signatures."""
    a = before - before.mean()
    b = after - after.mean()
    scale = float(np.sqrt((a * a).mean() * (b * b).mean()))
    if scale < 4.0:  # flat pictures: compare brightness
        return abs(float(before.mean() - after.mean())) > 48
    return 1 - float((a * b).mean()) / scale > 0.5
