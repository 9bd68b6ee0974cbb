"""Starting a run: rows in one transaction, workers notified on commit. `test_planning` tests what workers do then."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from analysis.config import AnalysisConfig
from faceapp.library.models import Video
from faceapp.runs import transitions
from faceapp.runs.intake import start_first_run
from faceapp.runs.models import Assembly, Chunk, Plan, Proxy, Run
from faceapp.runs.starting import RunRefused, start_run, start_runs


def copy_of(video: Any, name: str, **changes: Any) -> Video:
    values = {field.name: getattr(video, field.name) for field in Video._meta.concrete_fields if field.name != "id"}
    values["sha256"] = uuid4().hex * 2  # a project holds a file once
    return Video.objects.create(**{**values, "name": name, **changes})


def test_starting_a_run_writes_rows_and_opens_no_file(video, alice, notified, django_capture_on_commit_callbacks):
    Path(video.file.path).unlink()
    with django_capture_on_commit_callbacks(execute=True):
        run = start_run(video=video, user=alice)
    assert (run.state, Plan.objects.count(), Assembly.objects.count()) == (Run.State.QUEUED, 1, 1)
    assert not Chunk.objects.exists()
    assert not Proxy.objects.exists()
    assert notified == [1]


def test_two_hundred_runs_take_a_handful_of_queries_and_one_bell(
    video, alice, notified, django_assert_max_num_queries, django_capture_on_commit_callbacks
):
    videos = [video, *(copy_of(video, f"{i}.mp4", plays_in_browser=False) for i in range(199))]
    videos = list(Video.objects.select_related("project").filter(pk__in=[each.pk for each in videos]))
    with django_capture_on_commit_callbacks(execute=True), django_assert_max_num_queries(16):
        runs = start_runs(videos=videos, user=alice)  # SQLite takes rows in portions
    assert [run.video_id for run in runs] == [each.pk for each in videos]
    assert (Run.objects.count(), Plan.objects.count(), Assembly.objects.count(), Proxy.objects.count()) == (
        *(200, 200, 200),
        199,
    )
    assert notified == [200]


def test_of_many_those_under_way_are_kept_and_those_deleted_left_out(video, alice):
    under_way, gone = start_run(video=video, user=alice), copy_of(video, "Gone.mp4")
    videos = [gone, video, copy_of(video, "New.mp4")]
    Video.objects.filter(pk=gone.pk).delete()
    runs = start_runs(videos=videos, user=alice)
    assert [run.video.name for run in runs] == ["Advert.mp4", "New.mp4"]
    assert runs[0] == under_way


def test_the_projects_switches_decide_what_is_computed(video, alice):
    video.project.switches.remove("ethnicity")
    run = start_run(video=video, user=alice)
    assert run.config["attributes"] == ["age_gender", "emotion", "attention"]
    with pytest.raises(RunRefused, match="does not analyze ethnicity"):
        start_run(video=video, user=alice, config=AnalysisConfig())


def test_asking_twice_gives_the_run_that_is_under_way(video, alice):
    run = start_run(video=video, user=alice)
    assert start_run(video=video, user=alice) == run
    transitions.fail_run(run.pk, "…")
    assert start_run(video=video, user=alice) != run


def test_a_run_with_another_config_is_no_run_that_is_under_way(video, alice):
    run = start_run(video=video, user=alice)
    assert start_run(video=video, user=alice, config=AnalysisConfig(sample_rate=2.0)) != run


def test_a_video_that_is_deleted_meanwhile_is_refused(video, alice):
    Video.objects.all().delete()
    with pytest.raises(RunRefused, match="deleted"):
        start_run(video=video, user=alice)


def test_a_video_that_has_come_in_is_started_once(video, alice):
    start_first_run(video, alice)
    transitions.fail_run(Run.objects.get().pk, "…")
    start_first_run(video, alice)  # its upload is asked for again
    assert Run.objects.count() == 1


def test_what_no_browser_plays_gets_a_proxy_once(video, alice):
    Video.objects.update(plays_in_browser=False)
    for _ in range(2):
        transitions.fail_run(start_run(video=video, user=alice).pk, "…")
    assert Proxy.objects.count() == 1


def test_run_again_from_the_page(video, alice_client, charlie_client):
    address = reverse("runs:run_start", args=[video.pk])
    assert charlie_client.post(address).status_code == 404
    response = alice_client.post(address)
    assert response.headers["Location"] == reverse("results:video_detail", args=[video.pk])
    assert Run.objects.count() == 1
