"""Shares and ranges as every page, table and report writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from analysis.clock import NARROW, half_up

SPACE = "\u00a0"
WHOLE = 1 - 1e-6  # means of many shares miss 1 by the last digits
SUREST = 0.999


def percent(share: float) -> str:
    """`0.423` → "42 %"; "> 99 %" for a part that rounding would make the whole."""
    rounded = half_up(100 * share)
    return f">{SPACE}99{NARROW}%" if rounded == 100 and share < WHOLE else f"{rounded}{NARROW}%"


def certainty(confidence: float) -> str:
    """How sure an estimate is: as a share, but never the whole."""
    return percent(min(confidence, SUREST))


def span(low: object, high: object) -> str:
    """A range: "24–31"."""
    return f"{low}–{high}"


def leaders(values: Mapping[str, float], text: Callable[[float], str] = percent) -> list[str]:
    """The names with the highest value, in their order; several where they read alike, none where nothing is over 0."""
    highest = max(values.values(), default=0.0)
    if highest <= 0 or text(highest) == text(0.0):
        return []
    return [name for name, value in values.items() if text(value) == text(highest)]
