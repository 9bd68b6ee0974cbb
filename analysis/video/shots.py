"""Where shots begin, found on every decoded frame from a very small picture of it, taken without converting the frame.

A cut is a step that stands out from the steps around it (so that neither fast motion nor a shaking hand is one), that
no motion explains in most of the picture (so that one tile of a video call is none), and that is not undone a few
frames later (so that a flash is none). Dissolves and fades: see `gradual.py`; they are told a few frames late, so their
shot begins at the first frame that still waits, at most `WAIT_S` before it is known.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import inf
from statistics import median

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from numpy.typing import NDArray

from analysis.types import Floats
from analysis.video.decoder import Placed
from analysis.video.gradual import GradualTransitions
from analysis.video.planes import plane_rows

GRID_WIDTH, GRID_HEIGHT = 48, 32
N_CELLS = GRID_WIDTH * GRID_HEIGHT
SIGNATURE_LENGTH = 3 * N_CELLS  # luma, then the two color differences
POINTS_A_CELL = (4, 2, 2)  # pixels looked at in each direction, of luma and color differences

AROUND = 3  # frames before and after that a step is compared with
WAIT_S = 0.3  # how long frames wait for a transition that becomes apparent after its middle
MOST_WAITING = 16  # frames in memory, at any frame rate
MIN_STEP = 0.12
OUTSTANDING = 4.0  # times the usual step around it
MIN_RESIDUAL = 11.0  # levels that the best motion leaves, in the median block
FLAT_VARIANCE = 25.0  # of gray levels: less contrast than this is noise
REACH = 4  # cells that a block may move between two frames
BLOCK = 8  # cells

# planes of Y, U, V that can be read as they are, and their bits
PLANAR = {
    f"yuv{sampling}p{suffix}": bits
    for sampling in ("420", "422", "444", "440", "411")
    for suffix, bits in (("", 8), ("10le", 10), ("12le", 12))
} | {f"yuvj{sampling}p": 8 for sampling in ("420", "422", "444")}


@dataclass(frozen=True, slots=True)
class Shown:
    """A frame on display, and whether a cut lies between it and the one before."""

    placed: Placed
    signature: Floats  # [SIGNATURE_LENGTH]
    starts_shot: bool


@dataclass(frozen=True, slots=True)
class _Seen:
    placed: Placed
    time_s: float  # of presentation, in the file's own clock
    signature: Floats
    step: float  # from the frame before


def mark(frames: Iterable[Placed]) -> Iterator[Shown]:
    """Say of each frame whether it is the first of a shot; the very first frame is not. Runs some frames behind."""
    past: deque[_Seen] = deque(maxlen=AROUND + 1)  # decided
    waiting: deque[_Seen] = deque()
    quiet = 0  # frames to go in which a cut is part of the one before
    gradual = GradualTransitions()
    turned_s = inf  # the middle of a transition that is known and not yet told
    for seen in _seen(frames):
        waiting.append(seen)
        turned_s = gradual.see(seen.signature[:N_CELLS], seen.time_s) or turned_s
        while _is_long_enough(waiting):
            shown, quiet, turned_s = _decide(past, waiting, quiet, turned_s)
            yield shown
    while waiting:
        shown, quiet, turned_s = _decide(past, waiting, quiet, turned_s)
        yield shown


def _is_long_enough(waiting: deque[_Seen]) -> bool:
    """Whether enough is known of what follows the first of those that wait."""
    n = len(waiting)
    return n > AROUND and (n > MOST_WAITING or waiting[-1].time_s - waiting[0].time_s > WAIT_S)


def _seen(frames: Iterable[Placed]) -> Iterator[_Seen]:
    before: Floats | None = None
    for placed in frames:
        look = signature(placed.frame)
        time_s = float(placed.pts * (placed.frame.time_base or 0))
        yield _Seen(placed, time_s, look, 0.0 if before is None else step(before, look))
        before = look


def _decide(past: deque[_Seen], waiting: deque[_Seen], quiet: int, turned_s: float) -> tuple[Shown, int, float]:
    """Take the first of those that wait, which may be the first of a shot; a cut makes a transition around it void."""
    now = waiting.popleft()
    coming = list(islice(waiting, AROUND))
    stands_out = bool(past) and not quiet and _stands_out(now, past, coming)
    starts_shot = stands_out and residual(past[-1].signature, now.signature) > MIN_RESIDUAL
    if starts_shot and coming and _is_undone(past[-1].signature, coming, now.step):
        starts_shot = False
    has_turned = bool(past) and now.time_s >= turned_s
    quiet = AROUND if stands_out or has_turned else max(0, quiet - 1)
    past.append(now)
    turned_s = inf if starts_shot or has_turned else turned_s
    return Shown(now.placed, now.signature, starts_shot or has_turned), quiet, turned_s


def _stands_out(now: _Seen, past: deque[_Seen], coming: Sequence[_Seen]) -> bool:
    if now.step < MIN_STEP:
        return False
    around = [seen.step for seen in list(past)[1:]] + [seen.step for seen in coming]
    return not around or now.step > OUTSTANDING * median(around)


def _is_undone(before: Floats, coming: Sequence[_Seen], size: float) -> bool:
    """Whether a later frame looks again like the one before the step: a flash."""
    return any(step(before, seen.signature) < min(MIN_STEP, size / OUTSTANDING) for seen in coming)


def signature(frame: VideoFrame) -> Floats:
    """The look of a frame: luma and color differences brought down by averaging; [SIGNATURE_LENGTH], 0-255."""
    if frame.format.name not in PLANAR:
        frame = frame.reformat(4 * GRID_WIDTH, 4 * GRID_HEIGHT, "yuv444p", threads=1)
    bits = PLANAR[frame.format.name]
    planes = zip(frame.planes[:3], POINTS_A_CELL, strict=True)
    return np.concatenate([_cells(plane, bits, points) for plane, points in planes]).astype(np.float32)


def _cells(plane: VideoPlane, bits: int, n_points: int) -> NDArray[np.uint8]:
    """Averages over a grid of a plane, [N_CELLS]."""
    every_row = max(1, plane.height // (GRID_HEIGHT * n_points))
    every_column = max(1, plane.width // (GRID_WIDTH * n_points))
    points = plane_rows(plane, 1 if bits == 8 else 2)[::every_row, : plane.width : every_column]
    points = np.ascontiguousarray(points) if bits == 8 else (points >> (bits - 8)).astype(np.uint8)
    return np.asarray(cv2.resize(points, (GRID_WIDTH, GRID_HEIGHT), interpolation=cv2.INTER_AREA), np.uint8).ravel()


def step(before: Floats, after: Floats) -> float:
    """How unlike the luma of two looks is: 0 the same, about 1 nothing in common; brightness alone does not count."""
    a, b = before[:N_CELLS], after[:N_CELLS]
    a, b = a - a.mean(), b - b.mean()
    difference = a - b
    return float(difference @ difference / (a @ a + b @ b + 2 * FLAT_VARIANCE * N_CELLS))


def residual(before: Floats, after: Floats) -> float:
    """What is left when every block is taken from where it fits best in the frame before: levels, the median."""
    shape = (3, GRID_HEIGHT, GRID_WIDTH)
    wide = np.pad(before.reshape(shape), ((0, 0), (REACH, REACH), (REACH, REACH)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(wide, shape)[0]  # [2 * REACH + 1, 2 * REACH + 1, *shape]
    misfit = np.abs(windows - after.reshape(shape)).sum(axis=2)
    blocks = misfit.reshape(*misfit.shape[:2], GRID_HEIGHT // BLOCK, BLOCK, GRID_WIDTH // BLOCK, BLOCK).mean(
        axis=(3, 5)
    )
    return float(np.median(blocks.min(axis=(0, 1))))
