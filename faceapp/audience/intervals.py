"""Intervals of 95 % around what was counted or measured. Pure arithmetic, no data types of ours.

Every function gives ``(low, high)``, or None where the data are too few for an interval to mean anything.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

Interval = tuple[float, float]

LEVEL = 0.95
Z = NormalDist().inv_cdf(0.5 + LEVEL / 2)  # 1.95996…

# Student's t at 97.5 % for 1 to 9 degrees of freedom; above, the expansion in `student_t` holds to 0.001
T_975 = (12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622)


def wilson(successes: int, n: int) -> Interval | None:
    """The interval of a share (Wilson 1927): stays inside 0-1 and holds for small n.

    Raises:
        ValueError: more successes than n, or either below 0.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} successes of {n}")
    if n == 0:
        return None
    share, z2 = successes / n, Z * Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    # the ends are exact at 0 and 1; floating point would leave 1e-17
    low = 0.0 if successes == 0 else middle - half
    high = 1.0 if successes == n else middle + half
    return low, high


def median_interval(values: Sequence[float]) -> Interval | None:
    """The interval of a median by order statistics (binomial, no assumption of a shape): None under 6 values."""
    n = len(values)
    rank = _lower_rank(n)
    if rank is None:
        return None
    ordered = sorted(values)
    return ordered[rank - 1], ordered[n - rank]


def mean_interval(values: Sequence[float]) -> Interval | None:
    """The interval of a mean by Student's t: None under 2 values, or where all are equal and say nothing of spread."""
    n = len(values)
    if n < 2:
        return None
    mean = math.fsum(values) / n
    variance = math.fsum((value - mean) ** 2 for value in values) / (n - 1)
    if variance <= 0:
        return None
    half = student_t(n - 1) * math.sqrt(variance / n)
    return mean - half, mean + half


def ratio_interval(parts: Sequence[float], wholes: Sequence[float]) -> Interval | None:
    """The interval of sum(parts) ÷ sum(wholes), drawn together person by person (Cochran 1977, 6.4), or None."""
    n = len(parts)
    whole = math.fsum(wholes)
    if n < 2 or whole <= 0:
        return None
    ratio = math.fsum(parts) / whole
    rest = math.fsum((part - ratio * unit) ** 2 for part, unit in zip(parts, wholes, strict=True))
    if rest <= 1e-12 * whole * whole:
        return None  # all ratios are equal: nothing is said of their spread
    half = student_t(n - 1) * math.sqrt(rest / (n - 1) / n) / (whole / n)
    return ratio - half, ratio + half


def student_t(degrees: int) -> float:
    """Student's t at 97.5 % (Abramowitz and Stegun 26.7.5 above 9 degrees of freedom)."""
    if degrees <= len(T_975):
        return T_975[degrees - 1]
    return (
        Z
        + (Z**3 + Z) / (4 * degrees)
        + (5 * Z**5 + 16 * Z**3 + 3 * Z) / (96 * degrees**2)
        + (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / (384 * degrees**3)
    )


def _lower_rank(n: int) -> int | None:
    """The largest rank r with P(Binomial(n, 1/2) < r) ≤ 2.5 %, or None where even r = 1 says too much."""
    tail, rank = 0.5**n, 0
    term = tail
    while tail <= (1 - LEVEL) / 2 and rank < n:
        rank += 1
        term *= (n - rank + 1) / rank
        tail += term
    return rank or None
