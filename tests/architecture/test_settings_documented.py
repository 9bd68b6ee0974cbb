"""A setting without documentation, or documentation without a setting, fails here."""

from __future__ import annotations

import re
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
PAGE = REPOSITORY / "docs/how-to/configure.md"
CODE = ("faceapp", "analysis", "models", "scripts", "tests")
VARIABLE = re.compile(r"\bFACELINE_[A-Z]+(?:_[A-Z]+)*\b")


def variables_in_code() -> set[str]:
    files = (file for folder in CODE for file in (REPOSITORY / folder).rglob("*.py"))
    return {name for file in files for name in VARIABLE.findall(file.read_text())}


def test_every_variable_that_code_reads_is_in_the_table_and_no_other() -> None:
    documented = set(VARIABLE.findall(PAGE.read_text()))
    assert variables_in_code() == documented


def test_every_default_in_the_table_is_the_one_in_the_settings() -> None:
    settings = (REPOSITORY / "faceapp/settings.py").read_text() + (REPOSITORY / "faceapp/core/embedded.py").read_text()
    rows = re.findall(r"^\| `(FACELINE_\w+)` \| `(\d+)` \|", PAGE.read_text(), re.MULTILINE)
    for name, default in rows:
        read = re.search(rf'env\.\w+\(["\']{name}["\'], (\w+)', settings)
        assert read, f"{name} is not read by the settings"
        assert read[1] in (default, {"0": "False", "1": "True"}.get(default)), name
