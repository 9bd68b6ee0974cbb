"""The fixtures of runs: what workers do is seen in their rows."""

from __future__ import annotations

from tests.faceapp.runs.conftest import make_run, notified, run

__all__ = ["make_run", "notified", "run"]
