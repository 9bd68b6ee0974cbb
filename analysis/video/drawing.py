"""Boxes and tags on pictures, in the product's look: white lines with a dark outline, the expression as a square."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.attributes import all_labels
from analysis.types import Image
from analysis.video.tag import tag

INK = "#ffffff"
OUTLINE = (11, 14, 15)
LINE = (255, 255, 255)
DESIGN_HEIGHT_PX = 540  # the height at which lengths below are as written
SHIFT = 4  # OpenCV's fixed point: sixteenths of a pixel


@dataclass(frozen=True, slots=True)
class TaggedBox:
    """One face to be drawn."""

    box: tuple[float, float, float, float]  # x, y, width, height as fractions of the picture
    text: str
    expression: str | None  # None: no square


def draw(image: Image, marks: list[TaggedBox]) -> None:
    """Draw in place: all boxes, then all tags, which flip below at the top edge and never leave the picture."""
    scale = max(image.shape[0], image.shape[1] * 9 / 16) / DESIGN_HEIGHT_PX
    for mark in marks:
        _draw_box(image, mark, scale)
    for mark in marks:
        _draw_tag(image, mark, scale)


def _draw_box(image: Image, mark: TaggedBox, scale: float) -> None:
    height, width = image.shape[:2]
    x, y, w, h = mark.box
    outline = _rounded(x * width, y * height, (x + w) * width, (y + h) * height, 7 * scale)
    points = [np.round(outline * (1 << SHIFT)).astype(np.int32)]
    line = max(1, round(1.5 * scale))
    for color, thickness in ((OUTLINE, line + 2 * max(1, round(scale))), (LINE, line)):
        cv2.polylines(image, points, True, color, thickness, cv2.LINE_AA, SHIFT)


def _rounded(left: float, top: float, right: float, bottom: float, radius: float) -> NDArray[np.float64]:
    """Corner points of a rectangle with rounded corners, [n, 2], clockwise from the upper left."""
    radius = max(0.0, min(radius, (right - left) / 2, (bottom - top) / 2))
    turn = np.linspace(0, np.pi / 2, 6)
    arcs = [
        (left + radius, top + radius, np.pi),
        (right - radius, top + radius, 1.5 * np.pi),
        (right - radius, bottom - radius, 0.0),
        (left + radius, bottom - radius, 0.5 * np.pi),
    ]
    return np.concatenate(
        [np.stack([x + radius * np.cos(a + turn), y + radius * np.sin(a + turn)], axis=1) for x, y, a in arcs]
    )


def _draw_tag(image: Image, mark: TaggedBox, scale: float) -> None:
    height, width = image.shape[:2]
    plate = _tag(mark.text, mark.expression, round(scale, 2))[:height, :width]
    x, y, w, h = mark.box
    gap = round(4 * scale)
    top = round(y * height) - plate.shape[0] - gap
    if top < 0:
        top = round((y + h) * height) + gap
    top = int(np.clip(top, 0, height - plate.shape[0]))
    left = int(np.clip(round((x + w / 2) * width - plate.shape[1] / 2), 0, width - plate.shape[1]))
    under = image[top : top + plate.shape[0], left : left + plate.shape[1]]
    alpha = plate[..., 3:].astype(np.uint16)
    under[:] = (plate[..., :3] * alpha + under * (255 - alpha) + 127) // 255


@lru_cache(maxsize=512)
def _tag(text: str, expression: str | None, scale: float) -> NDArray[np.uint8]:
    """A plate with a text and the square of an expression, [height, width, 4] RGBA."""
    label = all_labels().get(expression) if expression else None
    square = label.dark if label else INK if expression else None
    return tag(text, square, max(8.0, 12.5 * scale))
