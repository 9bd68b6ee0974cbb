"""A name as a picture: letters of any script on a dark plate."""

from __future__ import annotations

import json
from functools import cache

import cv2
import numpy as np
import typst
from numpy.typing import NDArray
from wcwidth import iter_graphemes

from analysis.lettering.drawable import END, FIRST_STRONG, drawable
from analysis.lettering.fonts import FAMILIES, typst_fonts

MOST_SIGNS = 48
PPI = 72  # a point is a pixel
TEMPLATE = b"""
#let asked = json(bytes(sys.inputs.asked))
#let em = asked.size * 1pt
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#set text(font: asked.fonts, size: em, weight: 500, fill: white, lang: "en", top-edge: 0.97em, bottom-edge: -0.24em)
#box(fill: rgb(11, 14, 15, 224), radius: 0.4em, inset: (x: 0.56em, y: 0.16em), {
  if asked.square != none { box(width: 0.64em, height: 0.64em, radius: 0.16em, fill: rgb(asked.square)); h(0.4em) }
  asked.words
})
"""


def tag(text: str, square: str | None, size_px: float) -> NDArray[np.uint8]:
    """A plate with one line of text, [height, width, 4] RGBA.

    Args:
        text: cut after 48 signs.
        square: color of a square before the text, such as "#f5c12e"; None: no square.
        size_px: of the letters.
    """
    asked = {"fonts": FAMILIES, "words": shortened(drawable(text)), "square": square, "size": round(size_px, 2)}
    drawn = _compiler().compile(input=TEMPLATE, format="png", ppi=PPI, sys_inputs={"asked": json.dumps(asked)})
    assert isinstance(drawn, bytes)
    picture = cv2.imdecode(np.frombuffer(drawn, np.uint8), cv2.IMREAD_UNCHANGED)
    assert picture is not None
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGRA2RGBA), np.uint8)


def shortened(text: str) -> str:
    """At most 48 signs, a letter with its marks being one; a stretch that is set apart stays closed."""
    signs = list(iter_graphemes(text))
    if len(signs) <= MOST_SIGNS:
        return text
    kept = "".join(signs[: MOST_SIGNS - 1])
    return kept + END * (kept.count(FIRST_STRONG) - kept.count(END)) + "…"


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(font_paths=typst_fonts(), ignore_system_fonts=True)
