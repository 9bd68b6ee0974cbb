"""The clock of upkeep goes on when the machine's is put back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from celery.beat import PersistentScheduler

from faceapp.celery import app
from faceapp.core.beat import SteadyScheduler

NAMES = {"worker.reap", "library.sweep", "accounts.tidy"} | {
    f"operations.{name}" for name in ("look", "truncate_log", "tidy", "back_up")
}


def run_within(
    seconds: float, kind: type[PersistentScheduler], file: Path, monkeypatch: pytest.MonkeyPatch
) -> set[str]:
    """What is sent in so many seconds after the clock was put back by an hour."""
    scheduler = kind(app, schedule_filename=str(file), lazy=True)
    scheduler.setup_schedule()
    now, sent = app.now(), set()
    monkeypatch.setattr(kind, "apply_async", lambda self, entry, **_: sent.add(entry.task))
    monkeypatch.setattr(app, "now", lambda: now)
    for entry in scheduler.schedule.values():
        entry.last_run_at = now + timedelta(hours=1)
    for second in range(int(seconds)):
        monkeypatch.setattr(app, "now", lambda second=second: now + timedelta(seconds=second))
        while scheduler.tick() == 0:
            pass
    scheduler.close()
    return sent


def test_reaping_goes_on_when_the_clock_is_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert {"worker.reap"} <= run_within(30, SteadyScheduler, tmp_path / "ours", monkeypatch)


def test_celerys_own_would_wait_for_an_hour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When this fails, the scheduler of ours can go."""
    assert run_within(30, PersistentScheduler, tmp_path / "theirs", monkeypatch) == set()


def test_the_settings_name_it() -> None:
    assert app.conf.beat_scheduler == "faceapp.core.beat:SteadyScheduler"
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} == NAMES
