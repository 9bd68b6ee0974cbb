"""Setting a PDF: typst in a folder of its own, with our templates, the content as JSON and the pictures beside them."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import typst
from django.core.files.storage import default_storage
from PIL import Image

from analysis.lettering.drawable import drawable
from analysis.lettering.fonts import FAMILIES, typst_fonts

TEMPLATES = Path(__file__).parent / "typst"
STANDARDS: list[Any] = ["a-2a", "ua-1"]


class Sheet:
    """A folder that is gone afterwards, in which one template is set."""

    def __init__(self, template: str) -> None:
        self._template = template
        self._place = tempfile.TemporaryDirectory(prefix="faceline-report-")
        self._folder = Path(self._place.name)

    def __enter__(self) -> Sheet:
        for template in TEMPLATES.glob("*.typ"):
            shutil.copyfile(template, self._folder / template.name)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._place.cleanup()

    def pictures(self, wanted: Mapping[str, str], *, within_px: tuple[int, int] | None = None) -> dict[str, str]:
        """Copies pictures of the media storage here, by their keys, as JPEG; gives their names for the template.

        What is missing or broken is left out: a report without one picture is better than no report.

        Args:
            within_px: width and height that they are made small enough for.
        """
        kept = {}
        for key, name in wanted.items():
            path = self._folder / f"{key}.jpg"
            if default_storage.exists(name) and _copy(name, path, within_px):
                kept[key] = path.name
        return kept

    def typeset(self, content: Mapping[str, Any], made_at: datetime) -> bytes:
        """PDF/A-2a and PDF/UA-1; a sign that no font holds is a box."""
        data = {"fonts": FAMILIES, **_drawable(content)}
        (self._folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        pdf = typst.compile(
            self._folder / self._template,
            root=self._folder,
            font_paths=typst_fonts(),
            ignore_system_fonts=True,
            package_path=self._folder,  # no packages from the network, ever
            package_cache_path=self._folder,
            pdf_standards=STANDARDS,
            timestamp=made_at.astimezone(UTC).replace(microsecond=0),
        )
        assert isinstance(pdf, bytes)
        return pdf


def _drawable(content: Any) -> Any:
    if isinstance(content, str):
        return drawable(content)
    if isinstance(content, Mapping):
        return {key: _drawable(each) for key, each in content.items()}
    return [_drawable(each) for each in content] if isinstance(content, list | tuple) else content


def day(moment: datetime) -> str:
    """ "3 March 2026"."""
    return f"{moment.day} {moment:%B %Y}"


def _copy(name: str, path: Path, within_px: tuple[int, int] | None) -> bool:
    """Whether it is there and can be drawn."""
    with default_storage.open(name) as source, path.open("wb") as target:
        shutil.copyfileobj(source, target)
    try:
        with Image.open(path) as image:
            if within_px:
                image.draft("RGB", within_px)
            image.load()
            if within_px:
                image.thumbnail(within_px)
                image.convert("RGB").save(path, "JPEG", quality=85)
    except (OSError, ValueError):
        return False
    return True
