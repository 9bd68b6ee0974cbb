"""Static files get names that change with their content, and our modules find each other under these names."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]
IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.[^"']+)["']""")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    environment = {**os.environ, "FACELINE_HOME": str(home), "FACELINE_PRODUCTION": "0"}
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"]
    done = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return home / "static"


@pytest.mark.slow
def test_modules_import_each_other_by_hashed_names(collected: Path) -> None:
    names: dict[str, str] = json.loads((collected / "staticfiles.json").read_text())["paths"]
    modules = [name for name in names if name.startswith("js/") and name.endswith(".js")]
    assert modules
    for module in modules:
        hashed = collected / names[module]
        for imported in IMPORT.findall(hashed.read_text()):
            target = (hashed.parent / imported).resolve()
            assert target.is_file(), f"{module} imports {imported}, which is not there"
            assert str(target.relative_to(collected.resolve())) in names.values(), f"{module}: {imported} has no hash"
