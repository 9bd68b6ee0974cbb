"""What a name must be, of whatever it is: something that can be seen."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError

INVISIBLE = "A name needs at least one visible character."
UNSEEN = frozenset("CZ")  # control and format characters, spaces
BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")  # letters and marks that draw nothing
SELECTORS = (("\u180b", "\u180f"), ("\ufe00", "\ufe0f"), ("\U000e0100", "\U000e01ef"))


def is_visible(name: str) -> bool:
    """Whether any sign of it can be seen: not spaces, zero-width or control characters alone."""
    return any(map(_is_seen, name))


def validate_visible(name: str) -> None:
    """For forms and the API.

    Raises:
        ValidationError: nothing of the name can be seen.
    """
    if not is_visible(name):
        raise ValidationError(INVISIBLE, code="invisible")


def _is_seen(letter: str) -> bool:
    if letter in BLANKS or any(first <= letter <= last for first, last in SELECTORS):
        return False
    category = unicodedata.category(letter)
    return category[0] not in UNSEEN or category in ("Co", "Cn")  # of private use, or newer than this Python
