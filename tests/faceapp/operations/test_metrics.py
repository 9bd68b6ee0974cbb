"""`/metrics` for Prometheus: with a token of staff; what rows say, and how long requests took."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from faceapp.accounts.services import create_account, create_token
from faceapp.operations import services
from faceapp.runs.models import Chunk, Run
from faceapp.runs.starting import start_run
from faceapp.runs.transitions import fail_run


@pytest.fixture
def scrape(db: None) -> Any:
    """All samples as `{(name, labels as a text): value}`."""
    _, token = create_token(user=create_account(username="olga", is_staff=True).user, name="Prometheus")

    def asked() -> dict[tuple[str, str], float]:
        answer = Client().get("/metrics", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
        return {
            (sample.name, ",".join(sample.labels.values())): sample.value
            for family in text_string_to_metric_families(answer.content.decode())
            for sample in family.samples
        }

    return asked


def test_nobody_but_staff_may_read_them(alice: Any, alice_client: Client) -> None:
    _, token = create_token(user=alice, name="script")
    assert Client().get("/metrics").status_code == 302
    assert alice_client.get("/metrics").status_code == 404
    assert Client().get("/metrics", headers={"Authorization": f"Bearer {token}"}).status_code == 404


def test_the_queue_and_its_age(scrape: Any, video: Any, alice: Any) -> None:
    start_run(video=video, user=alice)
    Run.objects.update(created_at=timezone.now() - timedelta(minutes=4))
    found = scrape()
    assert found["faceline_queue_runs", ""] == 1
    assert found["faceline_queue_age_seconds", ""] == pytest.approx(240, abs=10)
    assert found["faceline_runs", "queued"] == 1


def test_failures_by_cause(scrape: Any, video: Any, alice: Any) -> None:
    fail_run(start_run(video=video, user=alice).pk, "It ended.", "memory")
    assert scrape()["faceline_failed_runs_day", "memory"] == 1


def test_seconds_of_video_per_second(scrape: Any, finished_run: Any) -> None:
    rate = finished_run.config["sample_rate"]
    done = {"state": Chunk.State.DONE, "finished_at": timezone.now(), "leased_at": timezone.now()}
    Chunk.objects.create(run=finished_run, index=0, first_sample=0, end_sample=int(600 * rate), seek_pts=0, **done)
    assert scrape()["faceline_video_seconds_per_second", ""] == pytest.approx(2.0)


def test_sizes_and_workers(scrape: Any, video: Any) -> None:
    services.note_sign(name="worker1@here", queues=["cpu"])
    found = scrape()
    assert found["faceline_videos_bytes", ""] == 1000
    assert found["faceline_workers", "waiting"] == 1
    assert found["faceline_disk_bytes", "free"] > 0
    assert found["faceline_ready", "database"] == 1


def test_times_of_requests_by_page(scrape: Any, alice_client: Client) -> None:
    before = scrape().get(("faceline_request_seconds_count", "GET,200,library:video_list"), 0)
    alice_client.get("/")
    assert scrape()["faceline_request_seconds_count", "GET,200,library:video_list"] == before + 1
