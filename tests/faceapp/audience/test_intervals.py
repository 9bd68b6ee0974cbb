"""Intervals against published numbers and against SciPy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from faceapp.audience.intervals import mean_interval, median_interval, ratio_interval, student_t, wilson


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0),
    ],
)
def test_wilson_agrees_with_newcombes_table(successes: int, n: int, low: float, high: float) -> None:
    assert wilson(successes, n) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_and_stays_inside_one(counts: tuple[int, int]) -> None:
    successes, n = counts
    interval = wilson(successes, n)
    assert interval is not None
    assert 0 <= interval[0] <= successes / n <= interval[1] <= 1


def test_a_share_of_nobody_has_no_interval() -> None:
    assert wilson(0, 0) is None


def test_more_successes_than_people_are_refused() -> None:
    with pytest.raises(ValueError, match="3 successes of 2"):
        wilson(3, 2)


@pytest.mark.parametrize("degrees", [1, 2, 5, 9, 10, 11, 20, 50, 1000])
def test_students_t_agrees_with_scipy(degrees: int) -> None:
    assert student_t(degrees) == pytest.approx(stats.t.ppf(0.975, degrees), abs=1e-3)


def test_the_interval_of_a_mean_agrees_with_scipy() -> None:
    values = [3.1, 4.7, 2.2, 9.0, 5.5, 6.1]
    expected = stats.t.interval(0.95, len(values) - 1, loc=sum(values) / len(values), scale=stats.sem(values))
    assert mean_interval(values) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(("n", "rank"), [(6, 1), (8, 1), (9, 2), (10, 2), (20, 6), (50, 18), (100, 40)])
def test_ranks_of_a_medians_interval_are_those_of_the_sign_test(n: int, rank: int) -> None:
    values = [float(k) for k in range(1, n + 1)]
    assert median_interval(values) == (rank, n + 1 - rank)


def test_five_values_are_too_few_for_a_medians_interval() -> None:
    assert median_interval([1, 2, 3, 4, 5]) is None


def test_equal_values_say_nothing_of_their_spread() -> None:
    assert ratio_interval([1, 2, 3], [2, 4, 6]) is None
    assert mean_interval([0.0, 0.0, 0.0]) is None


def test_the_interval_of_a_ratio_covers_the_truth_about_as_often_as_it_says() -> None:
    generator = stats.norm(loc=0.4, scale=0.1)
    draws = generator.rvs(size=(400, 30), random_state=7)
    wholes = stats.uniform(2, 10).rvs(size=(400, 30), random_state=8)
    held = 0
    for shares, whole in zip(draws, wholes, strict=True):
        interval = ratio_interval(list(shares * whole), list(whole))
        assert interval is not None
        held += interval[0] <= 0.4 <= interval[1]
    assert 0.92 <= held / 400 <= 0.98
