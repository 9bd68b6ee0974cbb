"""Times as cue lists write them, and as they are written into one. Pure."""

from __future__ import annotations

import re
from fractions import Fraction

CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:[.,]\d+)?)")
FRAMES = re.compile(r"(\d{1,2}):(\d{2}):(\d{2})([:;])(\d{2})")
SECONDS = re.compile(r"\d+(?:[.,]\d+)?")
HOUR_S = 3600.0


def seconds_of(text: str, frame_rate: float) -> float | None:
    """ "84.6", "1:24.6", "0:01:24,600" or "00:01:24:15", whose last part counts frames; None for what is no time.

    Frames after a semicolon are drop-frame: at 29.97, two numbers (at 59.94, four) are left out in each minute but
    every tenth (SMPTE ST 12-1).
    """
    text = text.strip()
    if SECONDS.fullmatch(text):
        return float(text.replace(",", "."))
    if match := FRAMES.fullmatch(text):
        hours, minutes, seconds, frames = (int(match[k]) for k in (1, 2, 3, 5))
        return _of_frames(hours, minutes, seconds, frames, frame_rate, is_drop=match[4] == ";")
    if match := CLOCK.fullmatch(text):
        hours, minutes, second = int(match[1] or 0), int(match[2]), float(match[3].replace(",", "."))
        is_time = second < 60 and (minutes < 60 or match[1] is None)
        return hours * HOUR_S + minutes * 60 + second if is_time else None
    return None


def _of_frames(
    hours: int, minutes: int, seconds: int, frames: int, frame_rate: float, *, is_drop: bool
) -> float | None:
    nominal = nominal_rate(frame_rate)
    if minutes > 59 or seconds > 59 or frames >= nominal:
        return None
    number = (hours * 3600 + minutes * 60 + seconds) * nominal + frames
    if is_drop:
        whole_minutes = hours * 60 + minutes
        number -= round(nominal / 15) * (whole_minutes - whole_minutes // 10)
    return float(number / exact_rate(frame_rate))


def smpte(seconds: float, frame_rate: float) -> str:
    """ "00:01:24:15": the frame on display at a time, not drop-frame."""
    nominal = nominal_rate(frame_rate)
    number = round(seconds * exact_rate(frame_rate))
    whole, frame = divmod(number, nominal)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}:{frame:02}"


def precise(seconds: float) -> str:
    """ "00:01:24.600", as WebVTT writes it."""
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}.{milliseconds:03}"


def nominal_rate(frame_rate: float) -> int:
    """What a timecode counts to in a second: 30 for 29.97."""
    return max(1, round(frame_rate))


def exact_rate(frame_rate: float) -> Fraction:
    """29.97 is 30000/1001: the difference is 3.6 s in an hour."""
    nominal = nominal_rate(frame_rate)
    of_ntsc = Fraction(nominal * 1000, 1001)
    return of_ntsc if abs(frame_rate - float(of_ntsc)) < 0.004 else Fraction(frame_rate).limit_denominator(1001)
