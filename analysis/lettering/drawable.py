"""Text that the fonts can draw whole: a sign that none of them holds becomes a box.

Typst leaves out what no font holds, and refuses to write it into an archive copy (PDF/A).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from wcwidth import iter_graphemes

from analysis.lettering.fonts import FAMILIES, signs_of

BOX = "□"
FIRST_STRONG, END = "\u2068", "\u2069"  # what stands between them has a direction of its own
FROM_RIGHT = frozenset(("R", "AL", "AN"))
TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e")  # they would turn around what stands behind a name
MARK_OF_ORDER = "\ufeff"
SHAPELESS = frozenset(
    map(chr, (0xAD, 0x34F, 0x61C, *range(0x180B, 0x1810), *range(0x200B, 0x2010), *range(0x2060, 0x2065),
              *range(0x2066, 0x206A), *range(0xFE00, 0xFE10), *range(0xE0020, 0xE0080), *range(0xE0100, 0xE01F0)))
)  # fmt: skip
"""Joiners, variation selectors, tags: they change their neighbors, and need no glyph."""
FOREIGN = frozenset(("Co", "Cs"))  # of private use, halves of pairs: their glyphs, if any, mean nothing


def drawable(text: str) -> str:
    """The text as it can be drawn: composed, in one line, boxes for what no font holds."""
    seen = (letter for letter in unicodedata.normalize("NFC", text) if letter not in TURNS and letter != MARK_OF_ORDER)
    return "".join(map(_cluster, iter_graphemes("".join(map(_plain, seen)))))


def isolated(name: str) -> str:
    """A name that stands in a line with other text: one from right to left leaves the others in their order."""
    if not any(unicodedata.bidirectional(letter) in FROM_RIGHT for letter in name):
        return name
    return f"{FIRST_STRONG}{''.join(c for c in name if c not in (FIRST_STRONG, END))}{END}"


def _plain(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return BOX if category in FOREIGN else letter


def _cluster(cluster: str) -> str:
    """What one font must draw together: a letter with its marks, an emoji with all that it is joined of."""
    needed = [letter for letter in cluster if letter not in SHAPELESS]
    if _family(needed):
        return cluster
    family = _family(needed[:1])
    held = signs_of(family) if family else frozenset()
    return "".join(letter if letter in held or letter in SHAPELESS else BOX for letter in cluster)


def _family(letters: Sequence[str]) -> str | None:
    """The first that holds all of them."""
    return next((family for family in FAMILIES if signs_of(family).issuperset(letters)), None)
