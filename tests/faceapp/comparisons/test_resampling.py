"""Bootstrap intervals of means, medians and ratios: repeatable, near their asymptotes, honest about skew and videos."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from faceapp.comparisons import resampling
from faceapp.comparisons.resampling import Draws
from scripts.simulate_intervals import paired_times, times, videos

ONE = np.ones((400, 1))


def test_the_same_people_give_the_same_interval() -> None:
    values = np.random.default_rng(1).lognormal(size=(60, 1))
    first, second = (resampling.means(Draws.of([0] * 60), values, ONE[:60]) for _ in range(2))
    assert first == second


def test_a_mean_of_many_ordinary_values_has_the_interval_of_the_t_test() -> None:
    values = np.random.default_rng(2).normal(5, 2, (400, 1))
    (found,) = resampling.means(Draws.of([0] * 400), values, ONE)
    low, high = stats.t.interval(0.95, 399, values.mean(), stats.sem(values[:, 0]))
    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.03)


def test_the_interval_of_a_skewed_mean_reaches_further_up_than_down() -> None:
    values = np.random.default_rng(3).lognormal(size=(50, 1))
    (found,) = resampling.means(Draws.of([0] * 50), values, ONE[:50])
    assert found is not None
    assert found.high - found.value > 1.2 * (found.value - found.low)


def test_people_whom_a_figure_does_not_count_change_nothing() -> None:
    rng = np.random.default_rng(4)
    values = rng.gamma(2, 1, (80, 1))
    values[50:] = np.nan
    (found,) = resampling.means(Draws.of([0] * 80), values, ONE[:80])
    (alone,) = resampling.means(Draws.of([0] * 50), values[:50], ONE[:50])
    assert found is not None
    assert alone is not None
    assert found.value == pytest.approx(alone.value)
    assert (found.low, found.high) == pytest.approx((alone.low, alone.high), abs=0.06)


def test_a_ratio_is_of_sums_and_not_of_people() -> None:
    parts, wholes = np.array([[1.0], [9.0], [2.0]]), np.array([[1.0], [10.0], [9.0]])
    (found,) = resampling.means(Draws.of([0] * 3), parts, wholes)
    assert found is not None
    assert found.value == pytest.approx(0.6)


def test_what_does_not_spread_has_no_interval() -> None:
    assert resampling.means(Draws.of([0] * 40), np.zeros((40, 1)), ONE[:40]) == [None]
    assert resampling.median(Draws.of([0] * 40), np.ones(40)) is None
    assert resampling.median(Draws.of([0] * 5), np.arange(5.0)) is None


def test_a_median_has_about_the_interval_of_order_statistics() -> None:
    from faceapp.audience.intervals import median_interval

    values = np.random.default_rng(5).exponential(size=200)
    found, ranks = resampling.median(Draws.of([0] * 200), values), median_interval(values.tolist())
    assert found is not None
    assert ranks is not None
    assert (found.low, found.high) == pytest.approx(ranks, abs=0.06)


def test_videos_that_differ_widen_the_interval() -> None:
    rng = np.random.default_rng(6)
    numbers = np.repeat(np.arange(8), 30)
    values = (rng.normal(0, 1, 8)[numbers] + rng.normal(0, 1, 240))[:, None]
    (over_people,) = resampling.means(Draws.of([0] * 240), values, ONE[:240])
    (over_videos,) = resampling.means(Draws.of(numbers.tolist()), values, ONE[:240])
    assert over_people is not None
    assert over_videos is not None
    assert over_videos.high - over_videos.low > 2 * (over_people.high - over_people.low)


def test_the_same_people_twice_differ_by_little() -> None:
    rng = np.random.default_rng(7)
    before = rng.lognormal(1, 1, (60, 1))
    after = before + rng.normal(0.5, 0.2, (60, 1))
    (paired,) = resampling.mean_differences(Draws.of([0] * 60), (before, ONE[:60]), (after, ONE[:60]))
    assert paired is not None
    assert paired.value == pytest.approx(0.5, abs=0.1)
    assert paired.high - paired.low < 0.5  # of two groups it would be about 4


def test_people_who_are_on_one_side_alone_are_left_out() -> None:
    before, after = np.array([[1.0], [2.0], [np.nan], [4.0]]), np.array([[2.0], [4.0], [9.0], [np.nan]])
    (paired,) = resampling.mean_differences(Draws.of([0] * 4), (before, ONE[:4]), (after, ONE[:4]))
    assert paired is not None
    assert paired.value == pytest.approx(1.5)


def test_medians_of_pairs() -> None:
    rng = np.random.default_rng(8)
    before = rng.exponential(5, 80)
    found = resampling.median_difference(Draws.of([0] * 80), before, before + 1)
    assert found is None  # each by the same: nothing spreads
    found = resampling.median_difference(Draws.of([0] * 80), before, before + rng.normal(2, 0.5, 80))
    assert found is not None
    assert found.low < 2 < found.high


@pytest.mark.slow
@pytest.mark.parametrize("table", [times, paired_times, videos])
def test_skewed_times_are_held_as_often_as_promised(table: object) -> None:
    """92 % is promised of each; 150 draws of a cell are sure to 4 points, so that a cell may look worse than it is."""
    held = [cell.share for cell in table(True)]  # type: ignore[operator]
    assert sum(held) / len(held) >= 0.94
    assert min(held) >= 0.88
