"""Starting a run: planned outside of the web process, written in one transaction, rung for on commit."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.urls import reverse

from analysis.config import AnalysisConfig
from analysis.video.plan import plan_chunks
from faceapp.runs import services
from faceapp.runs.models import Assembly, Chunk, Proxy, Run
from faceapp.runs.services import RunRefused, start_run
from faceapp.urls import start_first_run

SAMPLE = Path(__file__).parents[3] / "static/sample/faceline-sample.mp4"


@pytest.fixture
def real_video(video):
    shutil.copy(SAMPLE, video.file.path)
    return video


def test_a_run_has_the_chunks_of_the_engines_plan(real_video, alice, rings, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        run = start_run(video=real_video, user=alice)
    planned = plan_chunks(real_video.file.path, AnalysisConfig())
    rows = run.chunks.values_list("index", "first_sample", "end_sample", "seek_pts")
    assert list(rows) == [(chunk.index, chunk.first_sample, chunk.end_sample, chunk.seek_pts) for chunk in planned]
    assert (run.state, Assembly.objects.count(), rings) == (Run.State.QUEUED, 1, [len(planned)])
    assert not Proxy.objects.exists()


def test_the_projects_switches_decide_what_is_computed(real_video, alice):
    real_video.project.computes_ethnicity = False
    run = start_run(video=real_video, user=alice)
    assert run.config["attributes"] == ["age_gender", "emotion", "attention"]
    with pytest.raises(RunRefused, match="does not compute ethnicity"):
        start_run(video=real_video, user=alice, config=AnalysisConfig())


def test_asking_twice_gives_the_run_that_is_under_way(real_video, alice):
    run = start_run(video=real_video, user=alice)
    assert start_run(video=real_video, user=alice) == run
    services.fail_run(run.pk, "…")
    assert start_run(video=real_video, user=alice) != run


def test_two_who_ask_at_once_start_one_run(real_video, alice, monkeypatch):
    first = []

    def plan_while_another_asks(video, config):
        if not first:
            first.append(None)
            first[0] = start_run(video=video, user=alice)
        return plan_chunks(video.file.path, config)

    monkeypatch.setattr(services, "plan_chunks", plan_while_another_asks)
    assert [start_run(video=real_video, user=alice)] == first
    assert Run.objects.count() == 1


def test_a_video_that_is_deleted_while_its_run_is_planned_is_refused(real_video, alice, monkeypatch):
    def plan_while_another_deletes(video, config):
        chunks = plan_chunks(video.file.path, config)
        type(video).objects.all().delete()
        return chunks

    monkeypatch.setattr(services, "plan_chunks", plan_while_another_deletes)
    with pytest.raises(RunRefused, match="deleted"):
        start_run(video=real_video, user=alice)


def test_a_video_that_has_come_in_is_started_once(real_video, alice):
    start_first_run(real_video, alice)
    services.fail_run(Run.objects.get().pk, "…")
    start_first_run(real_video, alice)  # its upload is asked for again
    assert Run.objects.count() == 1


def test_what_no_browser_plays_gets_a_proxy_once(real_video, alice):
    real_video.plays_in_browser = False
    for _ in range(2):
        services.fail_run(start_run(video=real_video, user=alice).pk, "…")
    assert Proxy.objects.count() == 1


def test_a_file_that_cannot_be_planned_is_refused_and_leaves_no_row(video, alice):
    with pytest.raises(RunRefused):
        start_run(video=video, user=alice)
    assert not Run.objects.exists()
    assert not Chunk.objects.exists()


def test_run_again_from_the_page(real_video, alice_client, charlie_client):
    address = reverse("runs:run_start", args=[real_video.pk])
    assert charlie_client.post(address).status_code == 404
    response = alice_client.post(address)
    assert response.headers["Location"] == reverse("results:video_detail", args=[real_video.pk])
    assert Run.objects.count() == 1
