"""Intervals of means, ratios and medians by resampling people: the bootstrap, with a seed, so that it repeats.

A column's people are drawn again with replacement, as many as there are. Where they come from several videos, the
videos are drawn first and people within them, because people of one video are more alike than people of two. Means and
ratios take the bootstrap-t (Efron 1979; Hall 1988), which follows skewed times; medians take the percentiles of the
drawn medians. docs/statistics.md says why, and how often the intervals hold.

Arrays have one row per person of the column, in one order, and one column per figure. A mean is the sum of parts ÷ the
sum of wholes over the people it counts, with wholes of 1; a ratio has others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from faceapp.audience.intervals import LEVEL, student_t
from faceapp.comparisons.differences import Estimate, hybrid

SEED = 20_261
DRAWS = 1999
LEAST_DRAWS = 499
MOST_AT_ONCE = 4_000_000  # entries of a table of draws: fewer draws of very many people
LEAST_FOR_A_MEDIAN = 6  # people, as on the page Audience
TAILS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
TINY = 1e-12

Floats = NDArray[np.float64]
Side = tuple[Floats, Floats]  # parts and wholes, [n, figures] each


@dataclass(frozen=True, slots=True)
class Draws:
    """How often each person is drawn, [draws, n], and from how many videos they come."""

    weights: Floats
    n_videos: int

    @classmethod
    def of(cls, videos: Sequence[int]) -> Draws:
        """From the video of each person, any numbers; the same people give the same draws."""
        numbers = np.unique(np.asarray(videos, int), return_inverse=True)[1]
        n, n_videos = len(numbers), int(numbers.max()) + 1 if len(numbers) else 0
        rng = np.random.default_rng([SEED, n, n_videos])
        n_draws = min(DRAWS, max(MOST_AT_ONCE // max(n, 1), LEAST_DRAWS))
        if n_videos < 2:
            people = rng.integers(max(n, 1), size=n_draws * n)
            return cls(_counted(people, np.repeat(np.arange(n_draws), n), n_draws, n), n_videos)
        sizes = np.bincount(numbers)
        chosen = rng.integers(n_videos, size=(n_draws, n_videos))
        n_each = sizes[chosen].ravel()  # as many people of each drawn video as it has
        video = np.repeat(chosen.ravel(), n_each)
        inside = (rng.random(len(video)) * sizes[video]).astype(np.intp)
        firsts = np.cumsum(sizes) - sizes
        people = np.argsort(numbers, kind="stable")[firsts[video] + inside]
        draw = np.repeat(np.repeat(np.arange(n_draws), n_videos), n_each)
        return cls(_counted(people, draw, n_draws, n), n_videos)


def means(draws: Draws, parts: Floats, wholes: Floats) -> list[Estimate | None]:
    """Of each figure, [n, figures]; NaN for people whom it does not count.

    None where fewer than 2 people count, or where nothing spreads.
    """
    drawn = _Ratios.of(parts, wholes, draws.weights)
    whole = _Ratios.of(parts, wholes, np.ones((1, len(parts))))
    n = (~np.isnan(parts)).sum(axis=0)
    return [
        _interval(
            whole.values[0, k], whole.errors[0, k], drawn.values[:, k], drawn.errors[:, k], int(n[k]), draws.n_videos
        )
        for k in range(parts.shape[1])
    ]


def mean_differences(draws: Draws, a: Side, b: Side) -> list[Estimate | None]:
    """B − A of the same people in one order: each person is drawn on both sides at once.

    Of a ratio the bootstrap-t alone is too short where few people carry it: the hybrid of both sides' intervals is
    taken in. People whom one side does not count are on neither.
    """
    missing = np.isnan(a[0]) | np.isnan(b[0])
    a, b = ((np.where(missing, np.nan, parts), wholes) for parts, wholes in (a, b))
    values, errors = _differences(a, b, np.ones((1, len(missing))))
    drawn, drawn_errors = _differences(a, b, draws.weights)
    n = (~missing).sum(axis=0)
    direct = [
        _interval(values[0, k], errors[0, k], drawn[:, k], drawn_errors[:, k], int(n[k]), draws.n_videos)
        for k in range(values.shape[1])
    ]
    sides = zip(means(draws, *a), means(draws, *b), strict=True)
    return [
        _hull(found, hybrid(of_a, of_b, _correlation(a, b, k))) if of_a and of_b and _is_ratio(a, b, k) else found
        for k, (found, (of_a, of_b)) in enumerate(zip(direct, sides, strict=True))
    ]


def median(draws: Draws, values: Floats) -> Estimate | None:
    """Of one figure, [n], NaN for people whom it does not count; None under 6 of them, or where all are equal."""
    counted = values[~np.isnan(values)]
    if len(counted) < LEAST_FOR_A_MEDIAN or np.ptp(counted) <= 0:
        return None
    return _by_percentiles(float(np.median(counted)), _medians(values, draws.weights), draws.n_videos)


def median_difference(draws: Draws, a: Floats, b: Floats) -> Estimate | None:
    """Median of B − median of A of the same people, each drawn on both sides at once; NaN as in `median`."""
    known = ~(np.isnan(a) | np.isnan(b))
    if known.sum() < LEAST_FOR_A_MEDIAN:
        return None
    drawn = _medians(np.where(known, b, np.nan), draws.weights) - _medians(np.where(known, a, np.nan), draws.weights)
    value = float(np.median(b[known]) - np.median(a[known]))
    return _by_percentiles(value, drawn, draws.n_videos) if np.nanmax(drawn) - np.nanmin(drawn) > TINY else None


@dataclass(frozen=True, slots=True)
class _Ratios:
    """Of each draw and figure: sums of parts ÷ sums of wholes, and the standard error (Cochran 1977, 6.4)."""

    values: Floats
    errors: Floats
    sums: Floats  # of wholes

    @classmethod
    def of(cls, parts: Floats, wholes: Floats, weights: Floats) -> _Ratios:
        n = weights @ (~np.isnan(parts)).astype(float)
        parts, wholes = np.nan_to_num(parts), np.where(np.isnan(parts), 0.0, wholes)
        sums = np.maximum(weights @ wholes, TINY)
        values = (weights @ parts) / sums
        rest = weights @ parts**2 - 2 * values * (weights @ (parts * wholes)) + values**2 * (weights @ wholes**2)
        return cls(values, np.sqrt(np.maximum(rest, 0) * n / np.maximum(n - 1, 1)) / sums, sums)


def _hull(one: Estimate | None, other: Estimate) -> Estimate | None:
    """From the lower of both ends to the higher."""
    if one is None:
        return None
    return Estimate(one.value, min(one.low, other.low), max(one.high, other.high))


def _is_ratio(a: Side, b: Side, k: int) -> bool:
    """Whether people weigh differently in it."""
    known = ~np.isnan(a[0][:, k])
    return bool(np.ptp(a[1][known, k]) > 0 or np.ptp(b[1][known, k]) > 0)


def _correlation(a: Side, b: Side, k: int) -> float:
    """Of both sides' ratios: of what each person adds to them."""
    known = ~np.isnan(a[0][:, k])
    adds = []
    for parts, wholes in ((a[0][known, k], a[1][known, k]), (b[0][known, k], b[1][known, k])):
        adds.append(parts - parts.sum() / wholes.sum() * wholes)
    size = float(np.sqrt((adds[0] @ adds[0]) * (adds[1] @ adds[1])))
    return float(np.clip(adds[0] @ adds[1] / size, -1, 1)) if size > TINY else 0.0


def _differences(a: Side, b: Side, weights: Floats) -> tuple[Floats, Floats]:
    """Of each draw: B − A, and its standard error; NaN on both sides or on none."""
    missing = np.isnan(a[0])
    of_a, of_b = _Ratios.of(*a, weights), _Ratios.of(*b, weights)
    n = weights @ (~missing).astype(float)
    pa, wa, pb, wb = (np.where(missing, 0.0, each) for each in (a[0], a[1], b[0], b[1]))
    together = (
        weights @ (pa * pb)
        - of_a.values * (weights @ (wa * pb))
        - of_b.values * (weights @ (pa * wb))
        + of_a.values * of_b.values * (weights @ (wa * wb))
    )
    shared = together * n / np.maximum(n - 1, 1) / (of_a.sums * of_b.sums)
    errors = np.sqrt(np.maximum(of_a.errors**2 + of_b.errors**2 - 2 * shared, 0))
    return of_b.values - of_a.values, errors


def _interval(value: float, error: float, drawn: Floats, errors: Floats, n: int, n_videos: int) -> Estimate | None:
    """The bootstrap-t, with tails widened for few people as Student's t is (Hesterberg 2015, 3.1).

    People of several videos hang together, which a standard error over people does not know: percentiles then.
    """
    if n < 2 or not error > TINY:
        return None
    if n_videos > 1:
        return _by_percentiles(float(value), drawn, n_videos)
    tail = NormalDist().cdf(-math.sqrt(n / (n - 1)) * student_t(n - 1))
    usable = errors > TINY
    low, high = np.quantile((drawn[usable] - value) / errors[usable], (tail, 1 - tail))
    return _around(float(value), value - high * error, value - low * error)


def _by_percentiles(value: float, drawn: Floats, n_videos: int) -> Estimate:
    """Percentiles of what was drawn. From k videos they are too narrow by √(k ÷ (k − 1)), which is put back."""
    wide = (n_videos / (n_videos - 1)) ** 0.5 if n_videos > 1 else 1.0
    low, high = np.nanquantile(drawn, TAILS)
    return _around(value, value + wide * (low - value), value + wide * (high - value))


def _around(value: float, low: float, high: float) -> Estimate:
    """An interval never leaves out its own value."""
    return Estimate(value, float(min(low, value)), float(max(high, value)))


def _medians(values: Floats, weights: Floats) -> Floats:
    """The median of each draw, from how often each person was drawn; NaN where nobody who counts was."""
    counted = np.flatnonzero(~np.isnan(values))
    order = counted[np.argsort(values[counted], kind="stable")]
    ordered = values[order]
    reached = np.cumsum(weights[:, order], axis=1)
    half = reached[:, -1:] / 2
    lower, upper = (reached >= half).argmax(axis=1), (reached > half).argmax(axis=1)
    medians: Floats = np.where(half[:, 0] > 0, (ordered[lower] + ordered[upper]) / 2, np.nan)
    return medians


def _counted(people: NDArray[np.intp], draw: NDArray[np.intp], n_draws: int, n: int) -> Floats:
    return np.bincount(draw * n + people, minlength=n_draws * n).reshape(n_draws, n).astype(float)
