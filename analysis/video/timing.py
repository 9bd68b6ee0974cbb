"""Time, in whole units of a stream's time base: from a file's timestamps to seconds of presentation and to samples.

All arithmetic is exact (integers and fractions), so that every process finds the same sample for the same frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from analysis.video.source import VideoSource

BACKWARD_JUMP_S = 1.0  # timestamps that fall back further than this begin a new count
FORWARD_JUMP_S = 10.0  # in broadcast streams, a gap longer than this is a jump of the clock, not a still picture
BROADCAST = ("mpeg", "mpegts")


def exact(rate: float) -> Fraction:
    """A sample rate as the fraction its user meant."""
    return Fraction(rate).limit_denominator(10_000)


@dataclass(frozen=True, slots=True)
class Clock:
    """Seconds of presentation and sample numbers of a stream's timestamps."""

    time_base: Fraction
    start_s: Fraction

    @classmethod
    def of(cls, source: VideoSource) -> Clock:
        return cls(source.time_base, source.start_s)

    def exact_s(self, pts: int) -> Fraction:
        return pts * self.time_base - self.start_s

    def seconds(self, pts: int) -> float:
        return float(self.exact_s(pts))

    def last_pts(self, seconds: Fraction) -> int:
        """The last timestamp that is not after this time."""
        return floor((seconds + self.start_s) / self.time_base)

    def units(self, seconds: Fraction) -> int:
        """A length in time base units, at least 1."""
        return max(1, round(seconds / self.time_base))

    def first_sample(self, pts: int, rate: Fraction) -> int:
        """The first sample k at which a frame of this timestamp may be on display: k / rate >= its time."""
        return max(0, ceil(self.exact_s(pts) * rate))


class Continuity:
    """Makes timestamps go forwards: small steps back are held, jumps are taken out.

    Jumps backwards by more than a second happen where recordings were glued together; jumps forwards count as such
    only in broadcast streams, elsewhere they are a picture that stays.
    """

    def __init__(self, source: VideoSource) -> None:
        clock = Clock.of(source)
        self._frame = clock.units(source.frame_s)
        self._back = clock.units(Fraction(BACKWARD_JUMP_S))
        is_broadcast = source.container.format.name in BROADCAST
        self._forward = clock.units(Fraction(FORWARD_JUMP_S)) if is_broadcast else None
        self._offset = 0
        self._last: int | None = None
        self._last_duration = self._frame
        self.n_jumps = 0

    def place(self, pts: int | None, duration: int | None) -> int:
        """The timestamp to use for the next frame or packet of the stream, never less than the one before."""
        expected = None if self._last is None else self._last + self._last_duration
        if pts is None:
            placed = expected if expected is not None else 0
        else:
            placed = pts + self._offset
            if self._last is not None and expected is not None and self._is_jump(placed - self._last):
                self._offset += expected - placed
                placed = expected
                self.n_jumps += 1
        if self._last is not None:
            placed = max(placed, self._last)
        self._last = placed
        self._last_duration = duration or self._frame
        return placed

    @property
    def last_duration(self) -> int:
        """How long what was placed last stays, in time base units."""
        return self._last_duration

    @property
    def offset(self) -> int:
        """What jumps so far have added to the file's timestamps."""
        return self._offset

    def _is_jump(self, step: int) -> bool:
        return step < -self._back or (self._forward is not None and step > self._forward)
