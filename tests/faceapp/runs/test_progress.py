"""What a page is told while it waits, computed from rows alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from faceapp.runs import selectors, transitions
from faceapp.runs.models import Chunk, Run
from faceapp.runs.selectors import progress_of
from faceapp.worker import claiming, lease_renewal
from faceapp.worker.kinds.chunk import finish_chunk

S = Run.State


def test_a_queued_run_tells_its_place_in_the_line(make_run, alice):
    first, second = make_run(alice), make_run(alice)
    assert (progress_of(first).label, progress_of(first).queue_position) == ("Queued", 1)
    assert progress_of(second).queue_position == 2
    assert progress_of(second).percent == 0


def test_percent_counts_samples_done_and_under_way(run):
    chunk = claiming.claim_work("cpu")
    lease_renewal.renew_lease(chunk, 0.5)
    run.refresh_from_db()
    progress = progress_of(run)
    assert (progress.label, progress.percent, progress.stage) == ("Finding people", 23.8, "part 1 of 2")
    finish_chunk(chunk, "x.npz")
    assert progress_of(run).percent == 47.5


def test_the_forecast_comes_from_this_runs_own_speed(make_run, alice):
    run = make_run(alice, n_chunks=4)
    now = timezone.now()
    finish_chunk(claiming.claim_work("cpu"), "x.npz")
    Chunk.objects.filter(index=0).update(leased_at=now - timedelta(seconds=30), finished_at=now - timedelta(seconds=20))
    run.refresh_from_db()
    assert progress_of(run).eta_s == pytest.approx(30.0)  # 10 s a chunk, three left, one worker
    claiming.claim_work("cpu")
    claiming.claim_work("cpu")
    assert progress_of(run).eta_s == pytest.approx(15.0, rel=0.1)


def test_nothing_is_forecast_from_nothing(run):
    claiming.claim_work("cpu")
    run.refresh_from_db()
    assert progress_of(run).eta_s is None


def test_nothing_is_forecast_from_the_first_slow_samples(make_run, alice):
    run = make_run(alice, n_chunks=4)
    chunk = claiming.claim_work("cpu")
    run.refresh_from_db()
    assert (progress_of(run).stage, progress_of(run).eta_s) == ("loading the networks", None)
    lease_renewal.renew_lease(chunk, 0.1)
    Chunk.objects.filter(pk=chunk.pk).update(leased_at=timezone.now() - timedelta(seconds=15))
    assert (progress_of(run).stage, progress_of(run).eta_s) == ("part 1 of 4", None)


def test_the_words_are_those_of_the_architecture(run):
    words = {}
    for state in S:
        Run.objects.update(state=state)
        run.refresh_from_db()
        words[state.value] = progress_of(run).label
    assert words == {
        "queued": "Queued",
        "observing": "Finding people",
        "assembling": "Combining results",
        "succeeded": "Ready",
        "failed": "Failed",
        "canceling": "Canceling",
        "canceled": "Canceled",
    }


def test_a_warning_makes_it_partly_ready(run):
    Run.objects.update(state=S.SUCCEEDED, warnings=[{"code": "truncated", "text": "…", "from_s": 3.0}])
    run.refresh_from_db()
    assert (progress_of(run).label, progress_of(run).is_partial, progress_of(run).percent) == (
        "Partly ready",
        True,
        100,
    )


def test_a_queue_that_is_not_reachable_is_said_while_nobody_works(run, monkeypatch):
    monkeypatch.setattr("faceapp.runs.dispatch.is_reachable", lambda: False)
    assert progress_of(run).notice == selectors.UNREACHABLE
    claiming.claim_work("cpu")
    run.refresh_from_db()
    assert progress_of(run).notice == ""


def test_the_number_of_queries_does_not_grow_with_the_chunks(make_run, alice):
    run = make_run(alice, n_chunks=50)
    with CaptureQueriesContext(connection) as queries:
        progress_of(run)
    assert len(queries) <= 3


def test_the_fragment_is_sent_again_only_when_something_changed(run, alice_client):
    address = reverse("runs:run_progress", args=[run.pk])
    first = alice_client.get(address)
    assert first.status_code == 200
    assert b"Queued" in first.content
    tag = first.headers["ETag"]
    assert alice_client.get(address, headers={"If-None-Match": tag}).status_code == 304
    claiming.claim_work("cpu")
    assert alice_client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_polling_stops_when_the_run_has_ended(run, alice_client):
    transitions.fail_run(run.pk, "The file is damaged.")
    address = reverse("runs:run_progress", args=[run.pk])
    response = alice_client.get(address)
    assert (response.status_code, response.headers["HX-Trigger"]) == (286, "run-ended")
    again = alice_client.get(address, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 286


@pytest.mark.parametrize("name", ["run_progress", "run_cancel"])
def test_a_run_is_not_there_for_strangers(run, charlie_client, bob_client, name):
    address = reverse(f"runs:{name}", args=[run.pk])
    ask = charlie_client.get if name == "run_progress" else charlie_client.post
    assert ask(address).status_code == 404
    ask = bob_client.get if name == "run_progress" else bob_client.post
    assert ask(address).status_code in (200, 302)


def test_cancelling_leads_back_to_the_video(run, alice_client):
    response = alice_client.post(reverse("runs:run_cancel", args=[run.pk]))
    assert response.headers["Location"] == reverse("results:video_detail", args=[run.video_id])
    run.refresh_from_db()
    assert run.state == S.CANCELED
    assert alice_client.get(reverse("runs:run_cancel", args=[run.pk])).status_code == 405
