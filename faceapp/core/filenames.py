"""What files are called on the disk of whoever saves them: without what file systems refuse, and not too long."""

from __future__ import annotations

import unicodedata
from pathlib import PurePath

from wcwidth import iter_graphemes

FORBIDDEN = frozenset('"*/:<>?\\|')
JOINERS = "\u200c\u200d"  # shape letters and emoji
MOST_BYTES = 200  # of 255 that file systems take
LONGEST_ENDING = 12


def saved_name(name: str) -> str:
    """A video's name as the name of a file, its ending kept."""
    path = PurePath(name.replace("\\", " "))
    ending = allowed(path.suffix) if len(path.suffix) <= LONGEST_ENDING else ""
    stem = allowed(path.stem if ending else path.name) or "Video"
    return f"{stem}.{ending}" if ending else stem


def allowed(name: str) -> str:
    """At most `MOST_BYTES` in UTF-8 of a name; may be empty."""
    signs = "".join(filter(None, map(_sign, name)))
    return _cut(" ".join(signs.split()).strip(" .")).strip(" .")


def _sign(letter: str) -> str:
    """A space for what file systems refuse, nothing for what nobody sees."""
    category = unicodedata.category(letter)
    if category in ("Cf", "Co", "Cs", "Cn") and letter not in JOINERS and not "\U000e0020" <= letter <= "\U000e007f":
        return ""
    return " " if letter in FORBIDDEN or category in ("Cc", "Zl", "Zp") else letter


def _cut(name: str) -> str:
    """At most `MOST_BYTES` in UTF-8, whole signs."""
    kept, size = "", 0
    for sign in iter_graphemes(name):
        size += len(sign.encode())
        if size > MOST_BYTES:
            break
        kept += sign
    return kept
