"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real faces and videos that `FACELINE_DATA` names; tests that need it are skipped without."""
    folder = os.environ.get("FACELINE_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("needs the data folder: set FACELINE_DATA (see CONTRIBUTING.md)")
    return Path(folder)
