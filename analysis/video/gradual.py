"""Dissolves and fades: pictures that turn into others step by step.

In a dissolve every frame between is a mixture of the two pictures, in shares that grow evenly; nothing that moves does
that: what moves leaves its place and is somewhere else. A fade ends in a picture without contrast.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import inf, sqrt

from analysis.video.thumbnail import Thumbnail

# Of the part of a transition that is looked for, and how far back its middle lies: a short part is apparent before the
# whole of a longer transition has gone by.
LENGTHS_S = {0.3: 0.1, 0.5: 0.1, 0.75: 0.2, 1.1: 0.55}
LONGEST_S = max(LENGTHS_S)
QUIET_S = 1.2  # after one, the same is not found again
UNLIKE = 0.5  # correlation of the two pictures, at most
MIXED = 0.33  # what a mixture does not explain of a frame between, against the difference of the two, at most
PALE = 1.15  # times the variance of an even mixture, at most
UNEVEN = 0.2  # how far the shares may be from growing evenly
FLAT = 5.0  # levels, standard deviation: a picture without contrast
LEAST_CONTRAST = 10.0  # levels, of a picture that something can be said of


@dataclass(frozen=True, slots=True)
class _TimedThumbnail:
    time_s: float
    thumbnail: Thumbnail
    contrast: float  # standard deviation of the luma


class GradualTransitions:
    """Takes the thumbnails of all frames in order, and says when one picture has turned into another."""

    def __init__(self) -> None:
        self._past: deque[_TimedThumbnail] = deque()
        self._quiet_until_s = -inf

    def see(self, thumbnail: Thumbnail, time_s: float) -> float | None:
        """The next frame, and when it comes on display: the middle of a transition that has become apparent with it,
        in seconds."""
        now = _TimedThumbnail(time_s, thumbnail, sqrt(thumbnail.variance))
        self._past.append(now)
        while time_s - self._past[0].time_s > LONGEST_S + 0.05:
            self._past.popleft()
        if time_s < self._quiet_until_s:
            return None
        found = [middle for length_s in LENGTHS_S if (middle := self._middle(now, length_s)) is not None]
        if not found:
            return None
        self._quiet_until_s = time_s + QUIET_S
        return found[-1]

    def _middle(self, now: _TimedThumbnail, length_s: float) -> float | None:
        """The middle of a transition of this length that ends with `now`."""
        first = self._at(now.time_s - length_s)
        if first is None or first.contrast < LEAST_CONTRAST:
            return None
        is_fade = now.contrast < FLAT
        if not is_fade and (now.contrast < LEAST_CONTRAST or _correlation(first, now) > UNLIKE):
            return None
        for share in (0.25, 0.5, 0.75):
            between = self._at(now.time_s - (1 - share) * length_s)
            if between is None or not _is_mixture(first, now, between, share):
                return None
        if not is_fade and not _is_pale(first, now, self._at(now.time_s - length_s / 2)):
            return None
        return now.time_s if is_fade else now.time_s - LENGTHS_S[length_s]

    def _at(self, time_s: float) -> _TimedThumbnail | None:
        """The frame on display, None before the first."""
        if not self._past or self._past[0].time_s > time_s + 1e-6:
            return None
        return next(seen for seen in reversed(self._past) if seen.time_s <= time_s + 1e-6)


def _correlation(a: _TimedThumbnail, b: _TimedThumbnail) -> float:
    return float(a.thumbnail.luma @ b.thumbnail.luma) / (len(a.thumbnail.luma) * a.contrast * b.contrast)


def _is_pale(first: _TimedThumbnail, last: _TimedThumbnail, between: _TimedThumbnail | None) -> bool:
    """Whether the picture between has lost contrast, as a mixture of unlike pictures does and a moving one does not."""
    if between is None:
        return False
    both = first.contrast**2 + last.contrast**2
    mixed = both / 4 + _correlation(first, last) * first.contrast * last.contrast / 2
    return between.contrast**2 <= PALE * mixed


def _is_mixture(first: _TimedThumbnail, last: _TimedThumbnail, between: _TimedThumbnail, share: float) -> bool:
    """Whether a frame is made of the two others in about these shares."""
    difference = last.thumbnail.luma - first.thumbnail.luma
    gone = between.thumbnail.luma - first.thumbnail.luma
    size = float(difference @ difference)
    found = float(gone @ difference) / size
    rest = gone - found * difference
    return abs(found - share) <= UNEVEN and float(rest @ rest) <= MIXED**2 * size
