"""The fonts that ship, in the order in which they are asked for a sign, and the signs that each of them holds."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import typst
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parent / "fonts"
FAMILIES = (
    "Inter",
    "Noto Emoji",
    "Noto Sans",
    *(f"Noto Sans {script}" for script in (
        "Arabic", "Armenian", "Bengali", "CanAborig", "Cherokee", "Devanagari", "Ethiopic", "Georgian", "Gujarati",
        "Gurmukhi", "Hebrew", "Kannada", "Khmer", "Lao", "Malayalam", "Mongolian", "Myanmar", "NKo", "Oriya",
        "Sinhala", "Syriac", "Tamil", "Telugu", "Thaana", "Thai", "Tifinagh",
    )),
    "Droid Sans Fallback",  # Chinese, Japanese, Korean
    "Noto Sans Symbols",
    "Noto Sans Symbols2",
    "Noto Sans Math",
)  # fmt: skip


@cache
def typst_fonts() -> typst.Fonts:
    """For typst: these fonts, and neither the machine's nor typst's own."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FOLDER])


@cache
def signs_of(family: str) -> frozenset[str]:
    """The characters that a family has a glyph for. Its weights have the same ones."""
    path = next(font.path for font in typst_fonts().fonts() if font.family == family)
    with TTFont(path, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))
