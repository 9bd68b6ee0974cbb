"""Shares and ranges as every page, table and report writes them."""

from __future__ import annotations

import pytest

from faceapp.core.percent import certainty, percent, span


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0\u202f%"),
        (0.423, "42\u202f%"),
        (0.994, "99\u202f%"),
        (0.996, ">\u00a099\u202f%"),
        (0.9999, ">\u00a099\u202f%"),
        (1 - 1e-12, "100\u202f%"),  # all of it, but for the last digits of a mean
        (1.0, "100\u202f%"),
    ],
)
def test_only_the_whole_is_a_hundred_percent(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(
    ("confidence", "text"), [(0.42, "42\u202f%"), (0.996, ">\u00a099\u202f%"), (1.0, ">\u00a099\u202f%")]
)
def test_an_estimate_is_never_certain(confidence: float, text: str) -> None:
    assert certainty(confidence) == text


def test_a_range_has_no_spaces() -> None:
    assert span(24, 31) == "24–31"
