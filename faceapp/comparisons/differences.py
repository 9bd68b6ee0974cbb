"""Intervals of 95 % around a difference of two columns. Pure arithmetic, no data types of ours.

One construction serves all figures: each column's own interval is found first, and the interval of the difference is
made of the distances from the estimates to the ends of theirs (Newcombe 1998; Zou and Donner 2008 call it MOVER). It
keeps the asymmetry of shares near 0 and of skewed times. docs/statistics.md says how often the intervals hold.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from faceapp.audience.intervals import Interval, Z, wilson


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Pairs:
    """The same people on both sides of a share: how many are counted on both, on one alone, on neither."""

    both: int
    a_alone: int
    b_alone: int
    neither: int

    @property
    def n(self) -> int:
        return self.both + self.a_alone + self.b_alone + self.neither


def share_difference(count_a: int, n_a: int, count_b: int, n_b: int) -> Estimate | None:
    """B − A of two groups of different people (Newcombe 1998, Statistics in Medicine 17:873, method 10).

    None where a group is empty.

    Raises:
        ValueError: more people are counted than there are.
    """
    a, b = _share(count_a, n_a), _share(count_b, n_b)
    return hybrid(a, b) if a and b else None


def paired_share_difference(pairs: Pairs) -> Estimate | None:
    """B − A where each person is on both sides (Newcombe 1998, Statistics in Medicine 17:2635, method 10).

    None where there are no pairs.
    """
    a = _share(pairs.both + pairs.a_alone, pairs.n)
    b = _share(pairs.both + pairs.b_alone, pairs.n)
    return hybrid(a, b, correlation=_phi(pairs)) if a and b else None


def hybrid(a: Estimate, b: Estimate, correlation: float = 0.0) -> Estimate:
    """B − A from the intervals of both; `correlation` of the two estimates, -1 to 1, is 0 for different people."""
    value = b.value - a.value
    down_b, up_b, down_a, up_a = b.value - b.low, b.high - b.value, a.value - a.low, a.high - a.value
    low = down_b**2 + up_a**2 - 2 * correlation * down_b * up_a
    high = up_b**2 + down_a**2 - 2 * correlation * up_b * down_a
    # rounding may leave −1e-17 where both move as one
    return Estimate(value, value - math.sqrt(max(low, 0.0)), value + math.sqrt(max(high, 0.0)))


def chance(difference: Estimate) -> float:
    """How probable so large a difference is where there is none: the p-value that belongs to the interval, 0-1.

    From the end that lies toward zero (Altman and Bland 2011, BMJ 343:d2304), so that it is below 5 % exactly where the
    interval leaves zero out.
    """
    end = difference.low if difference.value > 0 else difference.high
    width = abs(difference.value - end)
    if not difference.value:
        return 1.0
    if not width:
        return 0.0
    return 2 * (1 - NormalDist().cdf(Z * abs(difference.value) / width))


def _share(count: int, n: int) -> Estimate | None:
    interval: Interval | None = wilson(count, n)
    return Estimate(count / n, *interval) if interval else None


def _phi(pairs: Pairs) -> float:
    """The correlation of being counted on both sides, moved toward 0 by Newcombe's correction for few pairs."""
    margins = (
        (pairs.both + pairs.a_alone)
        * (pairs.b_alone + pairs.neither)
        * (pairs.both + pairs.b_alone)
        * (pairs.a_alone + pairs.neither)
    )
    if not margins:
        return 0.0
    product = pairs.both * pairs.neither - pairs.a_alone * pairs.b_alone
    if product > 0:
        product = max(product - pairs.n / 2, 0)  # type: ignore[assignment]
    return product / math.sqrt(margins)
