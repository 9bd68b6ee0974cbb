"""Moments and lengths as a player's clock shows them."""

from __future__ import annotations

import pytest

from analysis.clock import clock, timecode


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (66.9, "1:06"), (3723, "1:02:03"), (-1, "0:00")])
def test_a_length_has_no_tenths(seconds: float, text: str) -> None:
    assert clock(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "0:00.0"), (59.94, "0:59.9"), (59.96, "1:00.0"), (3599.96, "1:00:00.0"), (3723.4, "1:02:03.4")],
)
def test_a_moment_is_rounded_to_a_tenth_before_it_is_cut_into_minutes(seconds: float, text: str) -> None:
    assert timecode(seconds) == text
