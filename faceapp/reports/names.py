"""What downloads are called: after the video or the choice of videos, without what file systems refuse."""

from __future__ import annotations

import unicodedata
from pathlib import PurePath

from wcwidth import iter_graphemes

FORBIDDEN = frozenset('"*/:<>?\\|')
JOINERS = "\u200c\u200d"  # shape letters and emoji
MOST_BYTES = 200  # of 255 that file systems take


def download_name(video_name: str, what: str) -> str:
    """ "Advert.mp4", "report.pdf" → "Advert - report.pdf"."""
    stem = PurePath(video_name.replace("\\", " ")).stem
    return f"{_allowed(stem) or 'Video'} - {what}"


def titled_name(title: str, what: str) -> str:
    """ "2 videos of Spring v. 2", "audience.pdf" → "2 videos of Spring v. 2 - audience.pdf"."""
    return f"{_allowed(title) or 'Audience'} - {what}"


def _allowed(name: str) -> str:
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
