"""Spells of a track: runs of samples with one value, from its columns of docs/result-format.md. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

Spell = tuple[Any, float, float]  # value, start_s, end_s


def emotion_spells(samples: Mapping[str, Any], end_s: float, sample_rate: float) -> list[Spell]:
    """Spells of one label, from a track's sample columns; "unknown" among them. Empty when emotion is off."""
    return list(spells_of(samples["time_s"], samples.get("emotion", ()), end_s, sample_rate))


def looking_spells(
    samples: Mapping[str, Any], end_s: float, sample_rate: float, least_s: float
) -> list[tuple[float, float]]:
    """Spells of looking that last at least `least_s`, from a track's sample columns."""
    return long_enough(spells_of(samples["time_s"], samples.get("looking", ()), end_s, sample_rate), least_s)


def long_enough(spells: Iterable[Spell], least_s: float) -> list[tuple[float, float]]:
    """From when to when the spells last whose value is true and that last at least `least_s`."""
    return [(start, end) for is_so, start, end in spells if is_so and end - start >= least_s - 1e-6]


def spells_of(times_s: Sequence[float], values: Sequence[Any], end_s: float, rate: float) -> Iterator[Spell]:
    """Runs of one value; a spell ends where the value changes, where samples are missing, or with the track."""
    if not values:
        return
    start = 0
    for i, (before_s, after_s) in enumerate(pairwise(times_s), start=1):
        has_gap = after_s - before_s > 1.5 / rate
        if has_gap or values[i] != values[start]:
            yield values[start], times_s[start], round(before_s + 1 / rate, 3) if has_gap else after_s
            start = i
    yield values[start], times_s[start], round(min(times_s[-1] + 1 / rate, max(end_s, times_s[-1])), 3)
