"""Intervals of differences: published examples, an independent implementation, and how often they hold the truth."""

from __future__ import annotations

import pytest
from scipy import stats

from faceapp.audience.intervals import wilson
from faceapp.comparisons.differences import Estimate, Pairs, chance, hybrid, paired_share_difference, share_difference
from scripts.simulate_intervals import Coverage, paired_shares, shares


@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    [
        ((48, 80), (56, 70), 0.0524, 0.3339),
        ((3, 10), (9, 10), 0.1705, 0.8090),
        ((2, 7), (6, 7), 0.0582, 0.8062),
        ((0, 29), (5, 56), -0.0381, 0.1926),
        ((0, 20), (0, 10), -0.1611, 0.2775),
        ((0, 10), (10, 10), 0.6075, 1.0),
    ],
)
def test_newcombes_examples_of_two_groups(a: tuple[int, int], b: tuple[int, int], low: float, high: float) -> None:
    """Newcombe 1998, Statistics in Medicine 17:873, table II, method 10."""
    found = share_difference(*a, *b)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=6e-5)


def test_a_group_of_nobody_has_no_difference() -> None:
    assert share_difference(0, 0, 3, 10) is None
    assert paired_share_difference(Pairs(0, 0, 0, 0)) is None


def test_swapped_columns_give_the_mirrored_interval() -> None:
    there, back = share_difference(3, 40, 20, 55), share_difference(20, 55, 3, 40)
    assert there is not None
    assert back is not None
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low))


def test_answers_that_do_not_go_together_have_the_interval_of_two_groups() -> None:
    """20 of 40 and 10 of 40, with as many in both as chance gives: φ is 0."""
    pairs = paired_share_difference(Pairs(both=5, a_alone=15, b_alone=5, neither=15))
    groups = share_difference(20, 40, 10, 40)
    assert pairs is not None
    assert groups is not None
    assert (pairs.value, pairs.low, pairs.high) == pytest.approx((groups.value, groups.low, groups.high))


def test_the_correction_for_few_pairs_is_half_a_pair_per_pair() -> None:
    """φ of Newcombe's method 10 is (ad − bc − n ÷ 2) ÷ √(products of margins) where ad > bc."""
    _, high_a = wilson(12, 20) or (0.0, 0.0)
    low_b, _ = wilson(8, 20) or (0.0, 0.0)
    phi = (7 * 7 - 5 * 1 - 10) / (12 * 8 * 8 * 12) ** 0.5
    down, up = 0.4 - low_b, high_a - 0.6
    found = paired_share_difference(Pairs(both=7, a_alone=5, b_alone=1, neither=7))
    assert found is not None
    assert found.low == pytest.approx(-0.2 - (down**2 - 2 * phi * down * up + up**2) ** 0.5)


def test_people_who_answer_alike_twice_narrow_the_interval() -> None:
    alike = paired_share_difference(Pairs(both=40, a_alone=0, b_alone=10, neither=50))
    apart = share_difference(40, 100, 50, 100)
    assert alike is not None
    assert apart is not None
    assert alike.value == pytest.approx(apart.value)
    assert alike.high - alike.low < apart.high - apart.low


def test_sides_that_move_as_one_differ_by_no_more_than_their_widths() -> None:
    same = hybrid(Estimate(1.0, 0.5, 1.5), Estimate(2.0, 1.5, 2.5), correlation=1.0)
    assert (same.low, same.high) == (1.0, 1.0)


def test_the_chance_is_below_five_percent_exactly_where_the_interval_leaves_zero_out() -> None:
    assert chance(Estimate(0.2, 0.0, 0.5)) == pytest.approx(0.05)
    assert chance(Estimate(0.2, 0.01, 0.5)) < 0.05 < chance(Estimate(-0.2, -0.5, 0.01))
    assert chance(Estimate(0.0, -0.1, 0.1)) == 1.0
    assert chance(Estimate(0.2, 0.2, 0.2)) == 0.0


def test_the_chance_of_normal_means_is_that_of_the_z_test() -> None:
    error = 0.13
    found = chance(Estimate(0.3, 0.3 - 1.959964 * error, 0.3 + 1.959964 * error))
    assert found == pytest.approx(2 * stats.norm.sf(0.3 / error), rel=1e-5)


def test_shares_of_two_groups_are_held_as_often_as_promised() -> None:
    hold(list(shares(quick=True)))


def test_shares_of_pairs_are_held_as_often_as_promised() -> None:
    hold(list(paired_shares(quick=True)))


def hold(cells: list[Coverage]) -> None:
    """95 % on average, 93 % in nearly all cells, 90 % in each; whole grids: docs/statistics.md."""
    held = [cell.share for cell in cells]
    assert len(held) > 100
    assert sum(held) / len(held) >= 0.95
    assert sum(share >= 0.93 for share in held) >= 0.97 * len(held)
    assert min(held) >= 0.9
