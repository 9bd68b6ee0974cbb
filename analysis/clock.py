"""Moments and lengths as every page, report and warning writes them. static/js/video/time.js does the same."""

from __future__ import annotations

import math

NARROW = "\u202f"  # narrow no-break space, between a number and its unit


def half_up(value: float) -> int:
    """The nearest whole number, a half upwards, as JavaScript rounds; Python's own `round` takes the even one."""
    return math.floor(value + 0.5)


def clock(seconds: float) -> str:
    """`184.2` → "3:04", `3723` → "1:02:03"; rounded to a second."""
    minutes, second = divmod(max(0, half_up(seconds)), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def timecode(seconds: float) -> str:
    """`92.93` → "1:32.9", `3723.4` → "1:02:03.4"; rounded to a tenth."""
    whole, tenth = divmod(max(0, half_up(seconds * 10)), 10)
    return f"{clock(whole)}.{tenth}"


def duration(seconds: float) -> str:
    """`4.83` → "4.8 s", from a minute on as `timecode`: "1:02.9"."""
    tenths = max(0, half_up(seconds * 10))
    return f"{tenths // 10}.{tenths % 10}{NARROW}s" if tenths < 600 else timecode(seconds)
