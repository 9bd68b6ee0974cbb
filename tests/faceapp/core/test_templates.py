"""What holds for all templates: icons that exist, no inline style or script, files that fit in the head."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SPRITE = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static" / "img" / "icons.svg").read_text()))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_is_short_and_strict(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= 80
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"\son[a-z]+=\"", text)
    assert not re.search(r"<script(?![^>]*\b(src|type=\"application/json\")\b)", text)


def test_every_icon_is_in_the_sprite() -> None:
    used = {name for path in TEMPLATES for name in re.findall(r'{% icon "([^"]+)"', path.read_text())}
    scripts = (ROOT / "static" / "js").rglob("*.js")
    used |= {name for path in scripts for name in re.findall(r'\bicon\("([^"]+)"\)', path.read_text())}
    assert used <= SPRITE


def test_colors_stand_in_the_tokens_alone() -> None:
    """Those of the player, which is dark in both themes, are the exception."""
    for path in (ROOT / "static" / "css").glob("*.css"):
        if path.name in ("tokens.css", "video.css", "library.css", "first-run.css"):
            continue
        assert not re.findall(r"#[0-9a-f]{3,6}\b", path.read_text()), path.name
