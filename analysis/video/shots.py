"""Where shots begin, found on every decoded frame from its look (`look.py`).

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

from analysis.video.decoder import Placed
from analysis.video.gradual import GradualTransitions
from analysis.video.look import Look, residual, step

AROUND = 3  # frames before and after that a step is compared with
WAIT_S = 0.3  # how long frames wait for a transition that becomes apparent after its middle
MOST_WAITING = 16  # frames in memory, at any frame rate
MIN_STEP = 0.12
OUTSTANDING = 4.0  # times the usual step around it
MIN_RESIDUAL = 11.0  # levels that the best motion leaves, in the median block


@dataclass(frozen=True, slots=True)
class Shown:
    """A frame on display, and whether a cut lies between it and the one before."""

    placed: Placed
    starts_shot: bool


@dataclass(frozen=True, slots=True)
class _Seen:
    placed: Placed
    time_s: float  # of presentation, in the file's own clock
    look: Look
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
        turned_s = gradual.see(seen.look, seen.time_s) or turned_s
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
    before: Look | None = None
    for placed in frames:
        look = Look.of(placed.frame)
        time_s = float(placed.pts * (placed.frame.time_base or 0))
        yield _Seen(placed, time_s, look, 0.0 if before is None else step(before, look))
        before = look


def _decide(past: deque[_Seen], waiting: deque[_Seen], quiet: int, turned_s: float) -> tuple[Shown, int, float]:
    """Take the first of those that wait, which may be the first of a shot; a cut makes a transition around it void."""
    now = waiting.popleft()
    coming = list(islice(waiting, AROUND))
    stands_out = bool(past) and not quiet and _stands_out(now, past, coming)
    starts_shot = stands_out and residual(past[-1].placed.frame, now.placed.frame) > MIN_RESIDUAL
    if starts_shot and coming and _is_undone(past[-1].look, coming, now.step):
        starts_shot = False
    has_turned = bool(past) and now.time_s >= turned_s
    quiet = AROUND if stands_out or has_turned else max(0, quiet - 1)
    past.append(now)
    turned_s = inf if starts_shot or has_turned else turned_s
    return Shown(now.placed, starts_shot or has_turned), quiet, turned_s


def _stands_out(now: _Seen, past: deque[_Seen], coming: Sequence[_Seen]) -> bool:
    if now.step < MIN_STEP:
        return False
    around = [seen.step for seen in list(past)[1:]] + [seen.step for seen in coming]
    return not around or now.step > OUTSTANDING * median(around)


def _is_undone(before: Look, coming: Sequence[_Seen], size: float) -> bool:
    """Whether a later frame looks again like the one before the step: a flash."""
    return any(step(before, seen.look) < min(MIN_STEP, size / OUTSTANDING) for seen in coming)
