"""Pages keep to the strict content security policy, and name only files that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

REPOSITORY = Path(__file__).parents[2]
TEMPLATES = sorted((REPOSITORY / "templates").rglob("*.html"))
NAMES = [str(path.relative_to(REPOSITORY)) for path in TEMPLATES]

INLINE_SCRIPT = re.compile(r"<script(?![^>]*\b(?:src=|type=\"application/json\"))[^>]*>", re.IGNORECASE)
INLINE_STYLE = re.compile(r"<style\b|<[^>{]*\sstyle\s*=", re.IGNORECASE)
EVENT_ATTRIBUTE = re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE)
OTHER_HOST = re.compile(
    r"<(?:script|link|img|iframe|video|source)\b[^>]*(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE
)
DOWNLOAD = re.compile(r"<a\b(?:[^>{]|{[{%].*?[%}]}|{)*\sdownload\b", re.IGNORECASE)
STATIC = re.compile(r"{%\s*static\s+['\"]([^'\"]+)['\"]")


@pytest.mark.parametrize("template", TEMPLATES, ids=NAMES)
def test_a_template_has_no_script_style_or_handler_of_its_own(template: Path) -> None:
    source = template.read_text()
    for forbidden in (INLINE_SCRIPT, INLINE_STYLE, EVENT_ATTRIBUTE, OTHER_HOST):
        found = forbidden.search(source)
        assert not found, f"{found[0]!r} is forbidden by the content security policy"


@pytest.mark.parametrize("template", TEMPLATES, ids=NAMES)
def test_fault_85_no_link_hides_that_its_download_failed(template: Path) -> None:
    found = DOWNLOAD.search(template.read_text())
    assert not found, f"{found[0]!r}: with `download` browsers do not show what the server says when it fails"


@pytest.mark.parametrize("template", TEMPLATES, ids=NAMES)
def test_every_static_file_that_a_template_names_is_there(template: Path) -> None:
    missing = [name for name in STATIC.findall(template.read_text()) if not finders.find(name)]
    assert missing == []
