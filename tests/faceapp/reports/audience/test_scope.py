"""An audience report says which videos and which people it is of."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from faceapp.audience.selection import Selection
from faceapp.reports.audience.scope import filters_of, listed, span


def test_every_filter_is_said() -> None:
    selection = Selection(
        ages=("25-34", "65+"),
        labels={"gender": ("female", "unknown"), "ethnicity": ("Asian",)},
        least_s=2.0,
        watchers=True,
    )
    assert filters_of(selection) == (
        "Only people of apparent age 25–34 or 65+, of perceived gender female or unknown, "
        "of perceived ethnicity Asian, in view for 2.0\u202fs or longer, who looked at the camera."
    )
    assert filters_of(Selection()) == ""
    assert filters_of(Selection(with_static=True)) == "Faces that never move, such as posters, are included."


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ((2026, 3, 3), (2026, 3, 3), "on 3 March 2026"),
        ((2026, 3, 3), (2026, 3, 14), "from 3 to 14 March 2026"),
        ((2026, 2, 28), (2026, 3, 3), "from 28 February to 3 March 2026"),
        ((2025, 12, 31), (2026, 1, 1), "from 31 December 2025 to 1 January 2026"),
    ],
)
def test_a_span_of_days_says_no_more_than_it_must(
    first: tuple[int, int, int], last: tuple[int, int, int], words: str
) -> None:
    assert span(datetime(*first, 9, tzinfo=UTC), datetime(*last, 17, tzinfo=UTC)) == words


def test_many_names_are_counted() -> None:
    assert listed(["Spring", "Autumn"], "projects") == "Spring, Autumn"
    assert listed(["A", "B", "C", "D"], "projects") == "4 projects"
