"""Dates as sentences write them."""

from __future__ import annotations

from datetime import datetime


def dates_in_words(first: datetime, last: datetime) -> str:
    """ "on 3 March 2026", "from 3 to 14 March 2026", "from 28 February to 3 March 2026"."""
    end = f"{last.day} {last:%B %Y}"
    if first.date() == last.date():
        return f"on {end}"
    start = f"{first.day}"
    if (first.year, first.month) != (last.year, last.month):
        start += f" {first:%B}"
    if first.year != last.year:
        start += f" {first.year}"
    return f"from {start} to {end}"
