"""Four verdicts, in their order, and which of many differences are said."""

from __future__ import annotations

import pytest
from scipy import stats

from faceapp.comparisons.verdicts import Verdict, discoveries, verdict_of


@pytest.mark.parametrize(
    ("low", "high", "n", "holds", "verdict"),
    [
        (10, 30, 29, True, Verdict.TOO_FEW),
        (1, 4, 100, True, Verdict.NO_DIFFERENCE),  # zero is out, but the difference is none to speak of
        (-5, 5, 100, False, Verdict.NO_DIFFERENCE),
        (1, 12, 100, True, Verdict.HIGHER),
        (-12, -1, 100, True, Verdict.LOWER),
        (1, 12, 100, False, Verdict.NOT_SETTLED),  # one of so many figures may look like this by chance
        (-1, 12, 100, False, Verdict.NOT_SETTLED),
    ],
)
def test_the_first_verdict_that_fits_is_given(low: float, high: float, n: int, holds: bool, verdict: Verdict) -> None:
    assert verdict_of(low, high, n, margin=5, holds=holds) is verdict


def test_without_a_margin_every_difference_counts() -> None:
    assert verdict_of(1, 4, 100, margin=0, holds=True) is Verdict.HIGHER
    assert verdict_of(0, 0, 100, margin=0, holds=False) is Verdict.NOT_SETTLED


def test_discoveries_are_those_of_scipy() -> None:
    chances = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.9]
    adjusted = stats.false_discovery_control(chances)
    assert discoveries(chances) == [bool(each <= 0.05) for each in adjusted]


def test_a_weak_chance_is_kept_where_many_are_strong() -> None:
    assert discoveries([0.04]) == [True]
    assert discoveries([0.04, 0.9]) == [False, False]
    assert discoveries([0.04, 0.001]) == [True, True]
    assert discoveries([]) == []
