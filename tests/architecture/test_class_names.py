"""A class's name says which one is meant: no two modules of the program have classes of one name."""

from __future__ import annotations

import ast
import subprocess
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
OF_DJANGO = {"Command"}  # the framework finds it by this name


def test_no_two_classes_share_a_name() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "analysis/*.py", "models/*.py", "faceapp/*.py"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    modules = defaultdict(list)
    for file in (file for file in listed.stdout.split() if "/migrations/" not in file):
        for node in ast.parse((ROOT / file).read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.name not in OF_DJANGO:
                modules[node.name].append(file)
    assert len(modules) > 300
    assert {name: files for name, files in modules.items() if len(files) > 1} == {}
