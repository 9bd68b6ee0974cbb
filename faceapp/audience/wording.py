"""Figures as text: the same words on pages, in PDFs and in the tables that tests compare."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.text import get_text_list

from analysis.clock import NARROW, duration, half_up, timecode
from faceapp.audience.figures import Figure, Share, Unit
from faceapp.core.percent import percent, span

NOTHING = "–"
MINUS = "−"


def name_of(key: str) -> str:
    """A group's key as people read it: "female" → "Female", "25-34" → "25–34"."""
    return f"{key[:1].upper()}{key[1:]}".replace("-", "–")


def value_text(figure: Figure) -> str:
    """ "61 %", "4.8 s", "+14", "412"; a dash where there is No data."""
    return NOTHING if figure.value is None else _with_unit(figure.value, figure.unit)


def interval_text(figure: Figure) -> str:
    """ "± 5" where both sides are equal after rounding, else "30–95"; empty where n is too small for an interval."""
    if figure.value is None or figure.low is None or figure.high is None:
        return ""
    return _interval(figure.value, figure.low, figure.high, figure.unit)


def counted(n: int, one: str, many: str) -> str:
    """ "1 person", "2 people"."""
    return f"{n} {one if n == 1 else many}"


def listed(names: Sequence[str], word: str = "and") -> str:
    """ "Ann", "Ann and Ben", "Ann, Ben and Cleo"; with another word, "Ann, Ben or Cleo"."""
    return get_text_list(list(names), word)


def in_sentence(value: str, interval: str) -> str:
    """Value and interval as running text: "46 % ± 8", "38 % (18–64)"."""
    if not interval:
        return value
    return f"{value} {interval}" if interval.startswith("±") else f"{value} ({interval})"


def share_text(share: Share) -> str:
    """ "42 % ± 9", "38 % (18–64)"."""
    return in_sentence(percent(share.value), share_interval(share))


def share_interval(share: Share) -> str:
    return _interval(share.value, share.low, share.high, "share")


def _with_unit(value: float, unit: Unit) -> str:
    if unit == "share":
        return percent(value)
    if unit == "s":
        return duration(value)
    if unit == "points":
        return f"{'+' if half_up(value) > 0 else MINUS if half_up(value) < 0 else ''}{abs(half_up(value))}"
    return f"{value:,.0f}".replace(",", NARROW)


def _interval(value: float, low: float, high: float, unit: Unit) -> str:
    if unit == "s":
        return span(_plain(low, unit), _plain(high, unit)) if high < 59.95 else span(timecode(low), timecode(high))
    scale = 100 if unit == "share" else 1
    down, up = half_up(scale * value) - half_up(scale * low), half_up(scale * high) - half_up(scale * value)
    if down == up:
        return f"± {up}"
    low_text, high_text = _plain(low, unit), _plain(high, unit)
    return f"{low_text} to {high_text}" if unit == "points" else span(low_text, high_text)


def _plain(value: float, unit: Unit) -> str:
    """A number without its unit, for the ends of an interval."""
    if unit == "s":
        return f"{value:.1f}"
    return f"{half_up(100 * value)}" if unit == "share" else _with_unit(value, unit)
