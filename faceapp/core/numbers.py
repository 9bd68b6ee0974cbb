"""Whole numbers out of addresses, headers and forms."""

from __future__ import annotations

MOST_DIGITS = 18  # what every database's integers hold; int() of thousands of digits is slow, or raises


def whole(text: str, *, least: int = 0, most: int = 10**MOST_DIGITS) -> int | None:
    """The number that these plain digits say; None when they say none, or one outside of `least` to `most`."""
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        return None
    number = int(text)
    return number if least <= number <= most else None
