"""A sheet of photos, each twice: what one detector found on the left, what the other found on the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from analysis.evaluate.detectors import MarkedPhoto
from analysis.lettering.fonts import FOLDER
from analysis.types import Floats

FONT = FOLDER / "Inter-Medium.ttf"
WIDTH_PX, GAP_PX, MOST_PHOTOS = 420, 12, 24
MARKED, FOUND = (255, 255, 255), (255, 176, 0)


def draw_sheet(pairs: Sequence[tuple[MarkedPhoto, Mapping[str, Floats]]], path: Path) -> None:
    """Writes the sheet; of many photos, evenly spread ones. Marked faces are white, finds amber."""
    chosen = [pairs[i] for i in np.unique(np.linspace(0, len(pairs) - 1, MOST_PHOTOS).astype(int))]
    rows = [_row(photo, found) for photo, found in chosen]
    height = sum(row.height + GAP_PX for row in rows) + GAP_PX
    sheet = Pillow.new("RGB", (max(row.width for row in rows) + 2 * GAP_PX, height), (24, 24, 27))
    top = GAP_PX
    for row in rows:
        sheet.paste(row, (GAP_PX, top))
        top += row.height + GAP_PX
    sheet.save(path, quality=85)


def _row(photo: MarkedPhoto, found: Mapping[str, Floats]) -> Pillow.Image:
    height, width = photo.image.shape[:2]
    scale = WIDTH_PX / width
    size = (WIDTH_PX, round(height * scale))
    small = Pillow.fromarray(photo.image).resize(size, Pillow.Resampling.BOX if scale < 0.5 else None)
    row = Pillow.new("RGB", (len(found) * (WIDTH_PX + GAP_PX) - GAP_PX, size[1]))
    for i, (detector, boxes) in enumerate(sorted(found.items())):
        half = small.copy()
        pen = ImageDraw.Draw(half)
        if photo.faces is not None:
            for box in photo.faces * scale:
                pen.rectangle(tuple(box.tolist()), outline=MARKED)
        for box in boxes * scale:
            pen.rectangle(tuple(box.tolist()), outline=FOUND, width=2)
        words = f"{detector}: {len(boxes)}"
        font = ImageFont.truetype(str(FONT), 14)
        pen.rectangle((0, 0, pen.textlength(words, font) + 12, 22), fill=(24, 24, 27))
        pen.text((6, 3), words, fill=FOUND, font=font)
        row.paste(half, (i * (WIDTH_PX + GAP_PX), 0))
    return row
