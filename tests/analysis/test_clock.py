"""Moments and lengths as a player's clock shows them."""

from __future__ import annotations

import pytest

from analysis.clock import clock, duration, half_up, timecode


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (9.8, "0:10"), (66.4, "1:06"), (66.5, "1:07"), (59.6, "1:00"), (3723, "1:02:03"), (-1, "0:00")],
)
def test_a_length_has_no_tenths(seconds: float, text: str) -> None:
    assert clock(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "0:00.0"), (59.94, "0:59.9"), (59.96, "1:00.0"), (3599.96, "1:00:00.0"), (3723.4, "1:02:03.4")],
)
def test_a_moment_is_rounded_to_a_tenth_before_it_is_cut_into_minutes(seconds: float, text: str) -> None:
    assert timecode(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(9.8, "9.8\u202fs"), (0.25, "0.3\u202fs"), (59.94, "59.9\u202fs"), (59.96, "1:00.0")]
)
def test_a_time_in_view_has_a_unit_until_it_is_a_minute(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(("value", "whole"), [(0.5, 1), (1.5, 2), (2.5, 3), (-0.5, 0), (2.49, 2)])
def test_a_half_is_rounded_up(value: float, whole: int) -> None:
    assert half_up(value) == whole
