"""A short real clip, its undisturbed result, and installations that may be broken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.installation import Installation

SAMPLE = Path(__file__).parents[2] / "static/sample/faceline-sample.mp4"


@pytest.fixture
def clip() -> Path:
    """Two chunks of people who talk and walk."""
    return SAMPLE


@pytest.fixture
def installation(tmp_path_factory) -> Iterator[Installation]:
    """Its database is there; no process runs yet."""
    made = Installation(tmp_path_factory.mktemp("home"))
    made.manage("migrate", "-v0")
    yield made
    made.close()


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory) -> bytes:
    """The result of a run to which nothing happened, by one worker."""
    made = Installation(tmp_path_factory.mktemp("undisturbed"))
    try:
        made.manage("migrate", "-v0")
        made.start_broker()
        made.start_worker()
        run = made.start_run(SAMPLE)
        assert made.await_end(run) == "succeeded", made.rows("SELECT error FROM runs_run")
        return made.result(run)
    finally:
        made.close()
