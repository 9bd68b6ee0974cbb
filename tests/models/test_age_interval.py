"""One age with an interval that holds the truth nine times in ten."""

from __future__ import annotations

import numpy as np
import pytest

from models.age_interval import ages
from models.labels import AGE_GROUPS, age_group_of
from models.training.calibrate import coverage_of_groups, interval_mass

YEARS = np.arange(101)


def bells(middles: np.ndarray, spread: float) -> np.ndarray:
    heights = np.exp(-0.5 * ((YEARS - middles[:, None]) / spread) ** 2)
    return (heights / heights.sum(1, keepdims=True)).astype(np.float32)


def test_the_middle_of_a_flat_distribution() -> None:
    years, low, high = ages(np.full((1, 101), 1 / 101, np.float32), mass=0.9)
    assert (years[0], low[0], high[0]) == (50, 5, 95)


def test_an_interval_always_holds_its_age() -> None:
    lopsided = np.zeros((1, 101))
    lopsided[0, [20, 90]] = 0.94, 0.06
    years, low, high = ages(lopsided, mass=0.5)
    assert low[0] <= years[0] <= high[0]


def test_more_mass_is_a_wider_interval() -> None:
    widths = [int(np.subtract(*ages(bells(np.array([40.0]), 8.0), mass)[:0:-1])[0]) for mass in (0.5, 0.9, 0.98)]
    assert widths == sorted(set(widths))


@pytest.mark.parametrize("told", [6.0, 8.0, 10.0])
def test_the_mass_makes_intervals_hold_nine_in_ten_also_of_a_network_that_is_too_sure_or_in_doubt(told: float) -> None:
    generator = np.random.default_rng(0)
    truth = generator.uniform(10, 80, 3000)
    answers = bells(truth + generator.normal(0, 8, len(truth)), told)
    groups = np.array([age_group_of(int(years)) for years in truth])
    mass = interval_mass(answers, groups)
    _, low, high = ages(answers, mass)
    held = ((low <= np.floor(truth)) & (np.floor(truth) <= high)).mean()
    assert held == pytest.approx(0.9, abs=0.04)


def test_a_rare_old_group_counts_as_much_as_a_common_young_one() -> None:
    """Twenty people of 75 whom the network takes for 50: with every face alike they would not be heard."""
    young, old = bells(np.full(2000, 25.0), 4.0), bells(np.full(20, 50.0), 12.0)
    groups = np.array([AGE_GROUPS.index("20-29")] * 2000 + [AGE_GROUPS.index("70+")] * 20)
    alone = interval_mass(young, groups[:2000])
    together = interval_mass(np.concatenate([young, old]), groups)
    assert together > alone
    held = coverage_of_groups(np.concatenate([young, old]), groups, together)
    assert set(held) == {3, 8}
