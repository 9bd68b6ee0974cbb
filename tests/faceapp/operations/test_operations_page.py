"""The page Operations: for staff alone; what each worker does, what waits, what failed and what helps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from faceapp.operations import overview, pausing, presence, services
from faceapp.operations.models import Backup, Pause, Sign
from faceapp.runs.models import Chunk, Plan, Run
from faceapp.runs.starting import start_run
from faceapp.runs.transitions import fail_run
from faceapp.worker import claiming

PAGE = "/operations/"


@pytest.fixture
def operator(db: None, client_of: Any) -> Client:
    from faceapp.accounts.services import create_account

    return client_of(create_account(username="olga", is_staff=True).user)  # type: ignore[no-any-return]


def page(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_to_all_but_staff_it_is_not_there(alice_client: Client, operator: Client) -> None:
    for address in (PAGE, "/operations/board/"):
        assert alice_client.get(address).status_code == 404
        assert operator.get(address).status_code == 200
    for act in ("pause", "resume", "back-up"):
        assert alice_client.post(f"/operations/{act}/").status_code == 404
    assert PAGE not in page(alice_client, "/settings/")
    assert PAGE in page(operator, "/settings/")


@pytest.fixture
def chunk(video: Any, alice: Any) -> Chunk:
    """A minute of a run, claimed 10 s ago and half done."""
    run = start_run(video=video, user=alice)
    Plan.objects.all().delete()
    Run.objects.update(state=Run.State.OBSERVING)
    claimed = {"state": Chunk.State.LEASED, "attempt": 1, "leased_at": timezone.now() - timedelta(seconds=10)}
    return Chunk.objects.create(run=run, index=0, first_sample=0, end_sample=300, seek_pts=0, progress=0.5, **claimed)


def test_a_worker_tells_what_it_does_and_how_fast(operator: Client, chunk: Chunk) -> None:
    mine = presence.Presence("worker1@here", ["cpu"])
    mine.is_doing("Analyzes", chunk, timezone.now())
    row = overview.workers()[0]
    assert (row.doing, row.what, row.progress, row.is_silent) == ("Analyzes", "Advert.mp4", 0.5, False)
    assert row.speed == pytest.approx(3.0, rel=0.2)  # half of a minute in 10 s
    assert "Advert.mp4" in page(operator)
    Chunk.objects.update(state=Chunk.State.DONE)
    assert overview.workers()[0].doing == ""


def test_a_worker_that_is_silent_is_told(operator: Client) -> None:
    services.note_sign(name="cellar@there", queues=["cpu"])
    Sign.objects.update(seen_at=timezone.now() - timedelta(minutes=6))
    said = page(operator)
    assert "Silent" in said
    assert "1 silent" in said


def test_what_waits_is_listed_with_its_age(operator: Client, video: Any, alice: Any) -> None:
    start_run(video=video, user=alice)
    Run.objects.update(created_at=timezone.now() - timedelta(minutes=4))
    said = page(operator, PAGE + "?show=waiting")
    assert "Advert.mp4" in said
    assert "oldest for 4" in said


@pytest.mark.parametrize(("cause", "helps"), [("memory", True), ("lost", True), ("changed", False), ("codec", False)])
def test_a_failure_shows_its_cause_and_run_again_only_where_that_helps(
    operator: Client, video: Any, alice: Any, cause: str, helps: bool
) -> None:
    run = start_run(video=video, user=alice)
    fail_run(run.pk, "It ended.", cause)
    said = page(operator)
    assert "It ended." in said
    assert ("Run again" in said) == helps
    answer = operator.post(f"/operations/runs/{run.pk}/again/")
    assert answer.status_code == (302 if helps else 404)
    assert Run.objects.count() == (2 if helps else 1)
    if helps:
        assert overview.failed() == []
        assert set(Run.objects.values_list("started_by__username", flat=True)) == {"alice"}


def test_paused_workers_begin_nothing_new_but_a_backup(operator: Client, video: Any, alice: Any) -> None:
    start_run(video=video, user=alice)
    operator.post("/operations/pause/")
    operator.post("/operations/pause/")
    assert Pause.objects.get().begun_by.username == "olga"  # type: ignore[union-attr]
    assert "Work is paused" in page(operator)
    assert claiming.claim_work("cpu") is None
    operator.post("/operations/back-up/")
    assert isinstance(claiming.claim_work("cpu"), Backup)
    operator.post("/operations/resume/")
    assert not pausing.is_paused()
    assert isinstance(claiming.claim_work("cpu"), Plan)


def test_the_number_of_queries_does_not_grow_with_the_rows(
    operator: Client, video: Any, alice: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        services.note_sign(name=f"worker{number}@here", queues=["cpu"])
        Run.objects.create(video=video, started_by=alice, config={})
    with django_assert_max_num_queries(45):
        page(operator)
