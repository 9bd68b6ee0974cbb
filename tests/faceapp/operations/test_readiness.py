"""`/health/` says that the web is alive; `/ready/` whether everything is there that the work needs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from faceapp.operations import readiness, services, tasks
from faceapp.operations.models import Sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything runs. How the broker is asked, `tests/faceapp/runs/test_dispatch.py` tries."""
    monkeypatch.setattr("faceapp.runs.dispatch.is_reachable", lambda: True)
    services.note_sign(name="worker1@here", queues=["cpu"])
    tasks.look()
    settings.KEEP_FREE_BYTES = 0


def ready() -> tuple[int, dict[str, Any]]:
    answer = Client().get("/ready/")
    return answer.status_code, answer.json()


def failing(facts: dict[str, Any]) -> set[str]:
    return {name for name, check in facts["checks"].items() if check["status"] == "failing"}


def test_it_is_ready_when_everything_runs(running: None) -> None:
    status, facts = ready()
    assert (status, facts["status"], failing(facts)) == (200, "ok", set())
    assert set(facts["checks"]) == {"database", "broker", "upkeep", "workers", "disk", "weights"}
    assert all(check["took_ms"] >= 0 for check in facts["checks"].values())
    assert facts["version"] == services.program_version()


SILENT = timedelta(minutes=1)


def test_beat_or_upkeep_that_stopped_is_told(running: None) -> None:
    Sign.objects.filter(name=services.UPKEEP).update(seen_at=timezone.now() - SILENT)
    status, facts = ready()
    assert (status, failing(facts)) == (503, {"upkeep"})
    assert "Start beat" in facts["checks"]["upkeep"]["said"]


def test_workers_that_stopped_are_told(running: None) -> None:
    Sign.objects.filter(name="worker1@here").update(seen_at=timezone.now() - SILENT)
    assert failing(ready()[1]) == {"workers"}


def test_a_worker_of_another_queue_may_claim_no_run(running: None, settings: Any) -> None:
    settings.RUNS_QUEUE = "gpu"
    status, facts = ready()
    assert (status, failing(facts)) == (503, {"workers"})
    assert "queue gpu" in facts["checks"]["workers"]["said"]


def test_a_worker_of_another_version_is_told(running: None) -> None:
    Sign.objects.filter(name="worker1@here").update(version="0.0.1")
    assert "another version" in ready()[1]["checks"]["workers"]["said"]


def test_a_full_disk_is_told(running: None, settings: Any) -> None:
    settings.KEEP_FREE_BYTES = 10**18
    assert failing(ready()[1]) == {"disk"}


def test_a_broker_that_is_away_is_told(running: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("faceapp.runs.dispatch.is_reachable", lambda: False)
    assert failing(ready()[1]) == {"broker"}


def test_weights_that_are_missing_are_named(running: None, settings: Any, tmp_path: Path) -> None:
    manifest = tmp_path / "models/weights/manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text('{"weights": {"trunk": {"file": "trunk.safetensors"}}}')
    settings.BASE_DIR = tmp_path
    assert "trunk.safetensors is missing" in ready()[1]["checks"]["weights"]["said"]


def test_a_database_that_is_away_is_told_and_the_web_is_alive_all_the_same(
    running: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> str:
        raise DatabaseError("server closed the connection")

    monkeypatch.setitem(readiness.CHECKS, "database", away)
    status, facts = ready()
    assert (status, facts["checks"]["database"]["said"]) == (503, "The database does not answer.")
    assert Client().get("/health/").json()["status"] == "ok"


def test_who_left_long_ago_is_forgotten(running: None) -> None:
    Sign.objects.filter(name="worker1@here").update(seen_at=timezone.now() - timedelta(days=2))
    tasks.look()
    assert list(Sign.objects.values_list("name", flat=True)) == [services.UPKEEP]


def test_monitors_ask_without_https_and_without_signing_in(running: None, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    for address in ("/health/", "/ready/"):
        answer = Client().get(address)
        assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
