"""Dates inside of a sentence."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from faceapp.core.dates import dates_in_words


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
    assert dates_in_words(datetime(*first, 9, tzinfo=UTC), datetime(*last, 17, tzinfo=UTC)) == words
