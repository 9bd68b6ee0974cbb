"""Times, shares and intervals as pages write them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from analysis.types import AgeEstimate
from faceapp.core.templatetags import faceline


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00.0"), (92.93, "1:32.9"), (59.96, "1:00.0"), (3723.4, "1:02:03.4"), (-1, "0:00.0"), (None, "–")],
)
def test_timecode(seconds: float | None, text: str) -> None:
    assert faceline.timecode(seconds) == text


@pytest.mark.parametrize(("fraction", "text"), [(0.423, "42\u202f%"), (0, "0\u202f%"), (None, "–")])
def test_share(fraction: float | None, text: str) -> None:
    assert faceline.share(fraction) == text


@pytest.mark.parametrize(
    ("fraction", "text"),
    [(0.42, "42\u202f%"), (0.994, "99\u202f%"), (0.996, ">\u00a099\u202f%"), (1.0, ">\u00a099\u202f%")],
)
def test_nobody_is_one_person_for_certain(fraction: float, text: str) -> None:
    assert faceline.certainty(fraction) == text


def test_the_doubt_of_an_age_is_its_range() -> None:
    assert faceline.interval(AgeEstimate(30, 27, 33)) == "27–33"
    assert faceline.interval(None) == ""


def test_added_is_short() -> None:
    now = timezone.now()
    assert faceline.added(now) == "now"
    assert faceline.added(now - timedelta(minutes=6)) == "6\u00a0min"
    assert faceline.added(now - timedelta(days=1, hours=1)) in (
        "Yesterday",
        f"{(now - timedelta(days=1, hours=1)).day} {now - timedelta(days=1, hours=1):%b}",
    )


def test_shown_leaves_neutral_and_unknown_out() -> None:
    assert faceline.shown({"Neutral": 0.9, "Sad": 0.06, "Happy": 0.04, "unknown": 0.0}) == ("Sad", 0.06)
    assert faceline.shown({"Neutral": 0.8, "unknown": 0.2}) is None


def test_a_share_bar_fills_its_width_and_says_what_it_shows() -> None:
    drawn = faceline.share_bar({"Happy": 0.5, "Neutral": 0.5}, 100)
    assert 'aria-label="Happy 50\u202f%, Neutral 50\u202f%"' in drawn
    assert drawn.count("<rect") == 2


def test_fault_87_equal_expressions_stand_together() -> None:
    assert faceline.shown({"Sad": 0.2, "Happy": 0.2, "Neutral": 0.6}) == ("Happy, Sad", 0.2)
