"""Lines of the log carry the request, who asks, and the run that is worked on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.test import Client
from structlog.testing import LogCapture

from faceapp.operations import middleware, presence
from faceapp.runs.models import Plan
from faceapp.runs.starting import start_run


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What is logged meanwhile, with what is bound to it."""
    # a logger that was used keeps the settings of then, which another test may have changed since
    monkeypatch.setattr(middleware, "log", structlog.get_logger(middleware.__name__))
    captured = LogCapture()
    before = structlog.get_config()["processors"]
    kept = list(before)
    before[:] = [structlog.contextvars.merge_contextvars, captured]  # loggers that were used keep this very list
    yield captured.entries
    before[:] = kept


def answered(lines: list[Any]) -> list[Any]:
    return [line for line in lines if line["event"] == "answered"]


def test_a_request_has_a_number_and_a_user(lines: list[Any], alice: Any, alice_client: Client) -> None:
    answer = alice_client.get("/settings/")
    line = answered(lines)[-1]
    assert line["request"] == answer["X-Request-ID"]
    assert (line["user"], line["view"], line["status"]) == (alice.pk, "accounts:settings", 200)


def test_the_next_request_of_a_thread_carries_nothing_of_the_one_before(lines: list[Any], alice_client: Client) -> None:
    alice_client.get("/settings/")
    Client().get("/sign-in/")
    first, second = answered(lines)[-2:]
    assert "user" not in second
    assert first["request"] != second["request"]


def test_a_number_is_taken_from_a_proxy_that_is_trusted_alone(settings: Any, db: None) -> None:
    given = {"X-Request-ID": "from-the-proxy-1"}
    assert Client().get("/health/", headers=given)["X-Request-ID"] != "from-the-proxy-1"
    settings.TRUSTS_PROXY = True
    assert Client().get("/health/", headers=given)["X-Request-ID"] == "from-the-proxy-1"
    assert len(Client().get("/health/", headers={"X-Request-ID": "a b\nc"})["X-Request-ID"]) == 32


def test_what_a_worker_logs_carries_its_run(lines: list[Any], video: Any, alice: Any) -> None:
    run = start_run(video=video, user=alice)
    plan = Plan.objects.get()
    with presence.doing("Plans", plan):
        structlog.get_logger("anything").info("something")
    structlog.get_logger("anything").info("afterwards")
    assert (lines[-2]["run"], lines[-2]["work"]) == (str(run.pk), f"runs.plan:{plan.pk}")
    assert "run" not in lines[-1]
