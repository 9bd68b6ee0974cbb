"""How often the intervals of the page Compare hold what is true: the tables of docs/statistics.md.

    python scripts/simulate_intervals.py              # all tables, some minutes
    python scripts/simulate_intervals.py --quick      # a coarser grid, seconds
    python scripts/simulate_intervals.py shares       # one table: shares, paired_shares, times, paired_times, videos

Shares of different people are not simulated: every possible outcome is weighed by its probability. The rest is drawn
with a seed, so that two runs say the same.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faceapp.comparisons import resampling
from faceapp.comparisons.differences import (
    Estimate,
    Pairs,
    hybrid,
    paired_share_difference,
    share_difference,
)
from faceapp.comparisons.resampling import Draws

Floats = NDArray[np.float64]
SIZES = (8, 12, 20, 30, 50, 80, 120, 200, 300, 500)
SHARES = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
ALIKE = (0.0, 0.25, 0.5, 0.75)  # correlation of the two answers of one person
N_PAIRED = 4000
N_TIMES = 1000
GOOD = 0.93


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of one cell of a grid: what it is, and how often the interval held the truth."""

    words: str
    share: float


def shares(quick: bool = False) -> Iterator[Coverage]:
    """Newcombe's interval of different people, exactly."""
    sizes, of = (SIZES[::3], SHARES[::2]) if quick else (SIZES, SHARES)
    for n_a in sizes:
        for n_b in sizes:
            low, high = _share_ends(n_a, n_b)
            for a in of:
                for b in of:
                    holds = (low <= b - a + 1e-12) & (high >= b - a - 1e-12)
                    weights = np.outer(_binomial(n_a, a), _binomial(n_b, b))
                    yield Coverage(f"n = {n_a}, {n_b}; {a:g}, {b:g}", float((weights * holds).sum()))


def paired_shares(quick: bool = False) -> Iterator[Coverage]:
    """Newcombe's interval of the same people on both sides."""
    sizes, of, n_drawn = (SIZES[::3], SHARES[::2], 1000) if quick else (SIZES, SHARES, N_PAIRED)
    rng = np.random.default_rng(1)
    for n in sizes:
        kept: dict[tuple[int, ...], Estimate] = {}
        for a in of:
            for b in of:
                for correlation in ALIKE:
                    both = a * b + correlation * math.sqrt(a * (1 - a) * b * (1 - b))
                    if both > min(a, b):
                        continue
                    drawn = rng.multinomial(n, [both, a - both, b - both, 1 - a - b + both], size=n_drawn)
                    outcomes, counts = np.unique(drawn, axis=0, return_counts=True)
                    holds = [_holds(_paired(tuple(each), kept), b - a) for each in outcomes.tolist()]
                    yield Coverage(f"n = {n}; {a:g}, {b:g}; r = {correlation:g}", float(counts @ holds / n_drawn))


def times(quick: bool = False) -> Iterator[Coverage]:
    """Means, medians and ratios of skewed times, of different people."""
    rng = np.random.default_rng(2)
    n_drawn = 150 if quick else N_TIMES
    for name, draw, mean, median in _skewed(rng):
        for n_a, n_b in ((30, 30), (30, 100), (30, 500), (100, 100)):
            cells = {"mean": 0, "median": 0, "screen time": 0}
            draws_a, draws_b = Draws.of([0] * n_a), Draws.of([0] * n_b)
            for _ in range(n_drawn):
                a, b = draw(n_a), 2 * draw(n_b)
                (of_a,), (of_b,) = (_means(each, values) for each, values in ((draws_a, a), (draws_b, b)))
                cells["mean"] += _holds(_of(of_a, of_b), mean)
                cells["median"] += _holds(_of(resampling.median(draws_a, a), resampling.median(draws_b, b)), median)
                in_a, in_b = a * (rng.random(n_a) < 0.3), b * (rng.random(n_b) < 0.5)
                (of_a,), (of_b,) = _means(draws_a, in_a, a), _means(draws_b, in_b, b)
                cells["screen time"] += _holds(_of(of_a, of_b), 0.2)
            for what, n_held in cells.items():
                yield Coverage(f"{what}, {name}, n = {n_a}, {n_b}", n_held / n_drawn)


def paired_times(quick: bool = False) -> Iterator[Coverage]:
    """The same for people who are on both sides, B being A's time multiplied and shaken."""
    rng = np.random.default_rng(3)
    n_drawn = 150 if quick else N_TIMES
    for name, draw, mean, _ in _skewed(rng):
        for n in (30, 100, 300):
            cells = {"mean": 0, "screen time": 0}
            draws = Draws.of([0] * n)
            for _ in range(n_drawn):
                a = draw(n)
                b = a * rng.gamma(4, 0.5, n)  # twice A's on average
                (found,) = resampling.mean_differences(draws, _columns(a), _columns(b))
                cells["mean"] += _holds(found, mean)
                inside = rng.random(n) < 0.4
                both = rng.beta(2, 3, n)
                (found,) = resampling.mean_differences(
                    draws, _columns(a * inside * both, a), _columns(b * inside * both, b)
                )
                cells["screen time"] += _holds(found, 0.0)
            for what, n_held in cells.items():
                yield Coverage(f"{what}, {name}, n = {n} pairs", n_held / n_drawn)


def videos(quick: bool = False) -> Iterator[Coverage]:
    """Means of people from several videos, which differ by a fifth of the mean (standard deviation)."""
    rng = np.random.default_rng(4)
    n_drawn = 150 if quick else N_TIMES
    for n_videos in (2, 3, 5, 10, 20):
        n_held = 0
        numbers = np.repeat(np.arange(n_videos), 30)
        draws = Draws.of(numbers.tolist())
        for _ in range(n_drawn):
            found = []
            for mean in (1.0, 1.5):
                of_video = mean * (1 + rng.normal(0, 0.2, n_videos))
                found += _means(draws, of_video[numbers] * rng.gamma(2, 0.5, len(numbers)))
            n_held += _holds(_of(*found), 0.5)
        yield Coverage(f"mean, {n_videos} videos of 30 people in each column", n_held / n_drawn)


TABLES: dict[str, Callable[[bool], Iterator[Coverage]]] = {
    "shares": shares,
    "paired_shares": paired_shares,
    "times": times,
    "paired_times": paired_times,
    "videos": videos,
}


def summary(cells: Sequence[Coverage]) -> str:
    """One line of the table: cells, mean, part of cells of 93 % or more, worst cell."""
    held = [cell.share for cell in cells]
    worst = min(cells, key=lambda cell: cell.share)
    good = sum(share >= GOOD for share in held) / len(held)
    mean = sum(held) / len(held)
    return (
        f"{len(held):5} cells | mean {mean:.1%} | 93 % or more in {good:.1%} | worst {worst.share:.1%} ({worst.words})"
    )


def _skewed(rng: np.random.Generator) -> list[tuple[str, Callable[[int], Floats], float, float]]:
    """Shapes of times with the true difference of mean and of median where B is twice A."""
    return [
        ("log-normal", lambda n: rng.lognormal(0.0, 1.0, n), math.exp(0.5), 1.0),
        ("exponential", lambda n: rng.exponential(1.0, n), 1.0, math.log(2)),
        ("gamma ½", lambda n: rng.gamma(0.5, 1.0, n), 0.5, 0.22746821155978637),
    ]


def _columns(parts: Floats, wholes: Floats | None = None) -> tuple[Floats, Floats]:
    return parts[:, None], (np.ones(len(parts)) if wholes is None else wholes)[:, None]


def _means(draws: Draws, parts: Floats, wholes: Floats | None = None) -> list[Estimate | None]:
    return resampling.means(draws, *_columns(parts, wholes))


def _of(a: Estimate | None, b: Estimate | None) -> Estimate | None:
    return hybrid(a, b) if a and b else None


def _holds(found: Estimate | None, truth: float) -> bool:
    return found is not None and found.low - 1e-12 <= truth <= found.high + 1e-12


def _share_ends(n_a: int, n_b: int) -> tuple[Floats, Floats]:
    """Of every outcome: [n_a + 1, n_b + 1] each."""
    ends = np.empty((2, n_a + 1, n_b + 1))
    for a in range(n_a + 1):
        for b in range(n_b + 1):
            found = share_difference(a, n_a, b, n_b)
            assert found
            ends[:, a, b] = found.low, found.high
    return ends[0], ends[1]


def _paired(cells: tuple[int, ...], kept: dict[tuple[int, ...], Estimate]) -> Estimate:
    if cells not in kept:
        found = paired_share_difference(Pairs(*cells))
        assert found
        kept[cells] = found
    return kept[cells]


def _binomial(n: int, p: float) -> Floats:
    """The probability of each count from 0 to n."""
    counts = np.arange(n + 1)
    logs = [math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) for k in counts.tolist()]
    probabilities: Floats = np.exp(np.array(logs) + counts * math.log(p) + (n - counts) * math.log(1 - p))
    return probabilities


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", nargs="*", choices=[*TABLES, []], help="all without a name")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--cells", action="store_true", help="a line per cell as well")
    asked = parser.parse_args()
    for name in asked.table or TABLES:
        cells = list(TABLES[name](asked.quick))
        if asked.cells:
            for cell in sorted(cells, key=lambda cell: cell.share):
                print(f"    {cell.share:.1%}  {cell.words}")  # noqa: T201
        print(f"{name:14}{summary(cells)}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
