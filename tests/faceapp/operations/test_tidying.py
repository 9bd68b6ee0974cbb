"""Rows that nobody reads any more are removed by the clock; all others stay."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from faceapp.accounts.models import ApiToken
from faceapp.accounts.services import create_token, revoke_token
from faceapp.operations import tasks, tidying
from faceapp.runs.models import Assembly, Chunk, Plan, Run
from faceapp.runs.starting import start_run


def test_the_steps_of_a_run_go_a_day_after_its_end(finished_run: Any, alice: Any) -> None:
    Chunk.objects.create(run=finished_run, index=0, first_sample=0, end_sample=1, seek_pts=0)
    assert tidying.tidy() == {}
    Run.objects.update(finished_at=timezone.now() - timedelta(days=2))
    assert tidying.tidy() == {"chunks": 1, "assemblies": 1}
    assert not Chunk.objects.exists()
    assert finished_run.people.exists()


def test_those_of_a_run_under_way_stay_however_old_it_is(video: Any, alice: Any) -> None:
    start_run(video=video, user=alice)
    Run.objects.update(created_at=timezone.now() - timedelta(days=30))
    tasks.tidy()
    assert (Plan.objects.count(), Assembly.objects.count()) == (1, 1)


def test_a_page_of_a_run_without_steps_is_as_before(finished_run: Any, alice_client: Any) -> None:
    Run.objects.update(finished_at=timezone.now() - timedelta(days=2))
    tidying.tidy()
    for address in ("/", f"/videos/{finished_run.video_id}/", f"/api/v1/videos/{finished_run.video_id}/status/"):
        assert alice_client.get(address).status_code == 200
    Run.objects.update(state=Run.State.FAILED, error="It ended.")
    for address in ("/", f"/videos/{finished_run.video_id}/"):
        assert alice_client.get(address).status_code == 200


def test_a_token_goes_a_month_after_it_was_revoked(alice: Any) -> None:
    kept, _ = create_token(user=alice, name="kept")
    gone, _ = create_token(user=alice, name="gone")
    revoke_token(token=gone)
    ApiToken.objects.filter(pk=gone.pk).update(revoked_at=timezone.now() - timedelta(days=31))
    assert tidying.tidy() == {"tokens": 1}
    assert list(ApiToken.objects.all()) == [kept]
