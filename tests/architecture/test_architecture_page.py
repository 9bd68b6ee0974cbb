"""Every file and folder that docs/architecture.md names exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("analysis", "models", "faceapp", "templates", "static", "tests", "scripts", "docs")
N_BEHAVIORS = 26


def page() -> str:
    return (ROOT / "docs/architecture.md").read_text(encoding="utf-8")


def paths_in(text: str) -> list[str]:
    """The paths from the root that the text names; patterns such as `models/<network>.py` are left out."""
    return re.findall(rf"`((?:{'|'.join(ROOMS)})/[\w./-]*)`", text)


def test_every_path_exists() -> None:
    named = paths_in(page())
    assert len(named) > N_BEHAVIORS
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_where_is_names_one_file_per_behavior() -> None:
    table = page().partition("## Where is …")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| [^|]+ \| `([^`]+)` \|$", table, re.MULTILINE)
    assert len(rows) == N_BEHAVIORS
    assert [path for path in rows if not (ROOT / path).is_file()] == []
