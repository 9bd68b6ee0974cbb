"""Where shots begin, found on every decoded frame from its thumbnail (`thumbnail.py`).

A cut is a step that stands out from the steps around it (so that a shaking hand is none), that neither motion nor light
explains in most of the picture (so that a pan is none, and one tile of a video call), and that is not undone a few
frames later (so that a flash is none). A step that is explained says nothing of the steps beside it: a cut is found
right after a jerk or a flash. Dissolves and fades: see `gradual.py`; they are told a few frames late, so their shot
begins at the first frame that still waits, at most `WAIT_S` before it is known.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import inf

from analysis.video.alike import is_moved, is_relit, light_misfit
from analysis.video.decoder import TimedFrame
from analysis.video.gradual import GradualTransitions
from analysis.video.thumbnail import Thumbnail, step

AROUND = 3  # frames before and after that a step is compared with
REMEMBERED = 2 * AROUND  # frames, of which every other may be a copy of the one before
WAIT_S = 0.3  # how long frames wait for a transition that becomes apparent after its middle
MOST_WAITING = 16  # frames in memory, at any frame rate
MIN_STEP = 0.12
OUTSTANDING = 4.0  # times the step of a calm frame
COPIED = 0.01  # of a step: what is less is a copy of the frame before
FEW_CALM = 2  # frames around a step that stands out
PEAK_STEP, PEAK = 0.5, 1.25  # a step that stands out of fast motion, and times the largest around it
MANY_LARGE = 3  # frames around a step with steps as large: it does not stand out
FLASH_S = 0.2  # the longest that a picture is gone and comes back
NEARER = 0.7  # times the misfit: a frame belongs to the shot that light brings it nearer to


@dataclass(frozen=True, slots=True)
class Shown:
    """A frame on display, and whether a cut lies between it and the one before."""

    placed: TimedFrame
    starts_shot: bool


@dataclass(slots=True)
class _ComparedFrame:
    placed: TimedFrame
    time_s: float  # of presentation, in the file's own clock
    thumbnail: Thumbnail
    step: float  # from the frame before
    is_explained: bool | None = None  # whether motion or light explain the step; None: nobody has asked yet


def mark(frames: Iterable[TimedFrame]) -> Iterator[Shown]:
    """Say of each frame whether it is the first of a shot; the very first frame is not. Runs some frames behind."""
    past: deque[_ComparedFrame] = deque(maxlen=REMEMBERED)  # decided
    waiting: deque[_ComparedFrame] = deque()
    quiet = 0  # frames to go in which a cut is part of the one before
    gradual = GradualTransitions()
    turned_s = inf  # the middle of a transition that is known and not yet told
    for seen in _seen(frames):
        waiting.append(seen)
        turned_s = gradual.see(seen.thumbnail, seen.time_s) or turned_s
        while _is_long_enough(waiting):
            shown, quiet, turned_s = _decide(past, waiting, quiet, turned_s)
            yield shown
    while waiting:
        shown, quiet, turned_s = _decide(past, waiting, quiet, turned_s)
        yield shown


def _is_long_enough(waiting: deque[_ComparedFrame]) -> bool:
    """Whether enough is known of what follows the first of those that wait."""
    n = len(waiting)
    return n > AROUND and (n > MOST_WAITING or waiting[-1].time_s - waiting[0].time_s > WAIT_S)


def _seen(frames: Iterable[TimedFrame]) -> Iterator[_ComparedFrame]:
    before: Thumbnail | None = None
    for placed in frames:
        thumbnail = Thumbnail.of(placed.frame)
        time_s = float(placed.pts * (placed.frame.time_base or 0))
        yield _ComparedFrame(placed, time_s, thumbnail, 0.0 if before is None else step(before, thumbnail))
        before = thumbnail


def _decide(
    past: deque[_ComparedFrame], waiting: deque[_ComparedFrame], quiet: int, turned_s: float
) -> tuple[Shown, int, float]:
    """Take the first of those that wait, which may be the first of a shot; a cut makes a transition around it void."""
    now = waiting.popleft()
    is_cut = bool(past) and not quiet and now.step >= MIN_STEP and _is_cut(past, now, waiting)
    has_turned = bool(past) and now.time_s >= turned_s
    starts_shot = is_cut or has_turned
    past.append(now)
    return (
        Shown(now.placed, starts_shot),
        AROUND if starts_shot else max(0, quiet - 1),
        inf if starts_shot else turned_s,
    )


def _is_cut(past: Sequence[_ComparedFrame], now: _ComparedFrame, waiting: Sequence[_ComparedFrame]) -> bool:
    frames = [*past, now, *waiting]
    at = len(past)
    if any(_shows_again(seen, now, now.step) for seen in list(past)[:-1]) or not _may_stand_out(frames, at):
        return False
    if _is_explained(frames, at):
        return False
    flash = _flash(frames, at)
    for seen in flash:
        seen.is_explained = True
    return not flash and not _is_one_of_many(frames, at)


def _shows_again(before: _ComparedFrame, later: _ComparedFrame, size: float) -> bool:
    """Whether a frame looks as one before a step of this size did."""
    return step(before.thumbnail, later.thumbnail) < min(MIN_STEP, size / OUTSTANDING)


def _may_stand_out(frames: Sequence[_ComparedFrame], at: int) -> bool:
    """Whether some frames around are calm, or there are few, or none comes near it: asked first, since it costs
    nothing."""
    around = [*frames[max(1, at - AROUND) : at], *frames[at + 1 : at + 1 + AROUND]]
    n_large = sum(_is_as_large(seen, frames[at]) for seen in around)
    is_peak = frames[at].step > max(PEAK_STEP, PEAK * max((seen.step for seen in around), default=0.0))
    return n_large < MANY_LARGE or len(around) - n_large >= FEW_CALM or is_peak


def _is_as_large(seen: _ComparedFrame, now: _ComparedFrame) -> bool:
    return seen.step * OUTSTANDING >= now.step


def _is_explained(frames: Sequence[_ComparedFrame], at: int) -> bool:
    now = frames[at]
    if now.is_explained is None:
        if at == 0:
            return False
        before, after = frames[at - 1].placed.frame, now.placed.frame
        now.is_explained = is_moved(before, after) or is_relit(before, after)
    return now.is_explained


def _is_one_of_many(frames: Sequence[_ComparedFrame], at: int) -> bool:
    """Whether steps around it are as large, and nothing explains them either; copies of a frame do not count."""
    least = COPIED * frames[at].step
    before = [i for i in range(at - 1, -1, -1) if frames[i].step > least][:AROUND]
    after = [i for i in range(at + 1, len(frames)) if frames[i].step > least][:AROUND]
    large = (i for i in (*before, *after) if _is_as_large(frames[i], frames[at]) and not _is_explained(frames, i))
    return len(list(islice(large, MANY_LARGE))) == MANY_LARGE


def _flash(frames: Sequence[_ComparedFrame], at: int) -> Sequence[_ComparedFrame]:
    """The frames of a flash that begins here: up to the one that shows again what was shown before, or that is nearer
    to what was shown before than to the shot that follows; empty when it is none."""
    before, now = frames[at - 1], frames[at]
    for end in range(at + 1, len(frames)):
        seen = frames[end]
        if end > at + AROUND and seen.time_s - now.time_s > FLASH_S:
            break
        if _shows_again(before, seen, now.step):
            return frames[at : end + 1]
        if seen.step < MIN_STEP:
            continue
        if is_moved(before.placed.frame, seen.placed.frame):
            return frames[at : end + 1]
        if end <= at + AROUND and not _is_explained(frames, end) and _belongs_to(before, frames[end - 1], seen):
            return frames[at:end]
    return ()


def _belongs_to(before: _ComparedFrame, between: _ComparedFrame, after: _ComparedFrame) -> bool:
    """Whether a frame is the one before under another light, rather than the one after."""
    misfit = light_misfit(before.placed.frame, between.placed.frame)
    return misfit < NEARER * light_misfit(between.placed.frame, after.placed.frame)
