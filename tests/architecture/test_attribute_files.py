"""The list of files that an attribute needs, in docs/architecture.md, is short and true."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = ("*.py", "*.html", "*.js", "*.typ", "*.css")
MOST_FILES, MOST_FILES_THAT_NAME_ONE = 8, 30
MODEL = "ethnicity"  # an attribute of which no more is said than of a new one
# what is said of this one besides: the law on it, its training and measuring, and the trunk that it shares
SAID_BESIDES = re.compile(
    r"faceapp/audience/limits.py|templates/about/|analysis/(evaluate/|testing.py|classify/trunk.py)"
    r"|faceapp/worker/management/commands/(train|evaluate)_|models/"
)


def listed() -> list[str]:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    table = page.partition("### An attribute")[2].partition("\n\nA plugin")[0]
    return re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)


def that_name(attribute: str) -> list[str]:
    command = ["git", "ls-files", *CODE]
    files = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    production = (name for name in files if not name.startswith("tests/") and "/migrations/" not in name)
    return [name for name in production if attribute in (ROOT / name).read_text(encoding="utf-8").lower()]


def test_an_attribute_needs_at_most_eight_files() -> None:
    assert 0 < len(listed()) <= MOST_FILES
    assert [name for name in listed() if "<" not in name and not (ROOT / name).exists()] == []


def test_no_other_file_knows_a_built_in_attribute() -> None:
    expected = {name.replace("<attribute>", MODEL) for name in listed()}
    assert [name for name in that_name(MODEL) if name not in expected and not SAID_BESIDES.match(name)] == []


def test_few_files_name_it_at_all() -> None:
    assert len(that_name(MODEL)) <= MOST_FILES_THAT_NAME_ONE
