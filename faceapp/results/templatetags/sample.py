"""The sample as the first page shows it: made by scripts/make_sample_preview.py, drawn like the pages of a video."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django import template
from django.templatetags.static import static

from analysis.types import AgeEstimate
from faceapp.results.sample import SAMPLE

register = template.Library()


@register.simple_tag
def sample_facts() -> dict[str, Any]:
    """`duration_s` and `n_people` of the sample, as its analysis found them."""
    return _preview()


@register.inclusion_tag("library/partials/_preview.html")
def sample_preview() -> dict[str, Any]:
    """One moment of the sample with its faces, its people, and its lanes."""
    preview = _preview()
    width, height = preview["width_px"], preview["height_px"]
    people = [
        {
            **person,
            "age": AgeEstimate(*person["age"]) if person["age"] else None,
            "picture": static(f"sample/face-{person['person_id']}.jpg"),
        }
        for person in preview["people"]
    ]
    faces = [{**face, **_placed(face, width, height)} for face in preview["faces"]]
    return {**preview, "people": people, "faces": faces}


@cache
def _preview() -> dict[str, Any]:
    preview: dict[str, Any] = json.loads((SAMPLE.parent / "preview.json").read_text())
    return preview


def _placed(face: dict[str, Any], width: int, height: int) -> dict[str, float]:
    """Box and name in pixels of the picture; the name stands above its box."""
    x, y, wide, high = (
        part * size / 100 for part, size in zip(face["box"], (width, height, width, height), strict=True)
    )
    tag_width = 15 * len(face["name"]) + 44
    return {
        "x": round(x),
        "y": round(y),
        "width": round(wide),
        "height": round(high),
        "tag_x": round(x + wide / 2 - tag_width / 2),
        "tag_y": round(y - 44),
        "tag_width": tag_width,
    }
