"""Moments and lengths as a player's clock shows them, in warnings of the engine and on every page."""

from __future__ import annotations


def clock(seconds: float) -> str:
    """`184.2` → "3:04", `3723` → "1:02:03"; what is left of a second is cut off."""
    minutes, second = divmod(max(0, int(seconds)), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def timecode(seconds: float) -> str:
    """`92.93` → "1:32.9", `3723.4` → "1:02:03.4"; rounded to a tenth."""
    whole, tenth = divmod(max(0, round(seconds * 10)), 10)
    return f"{clock(whole)}.{tenth}"
