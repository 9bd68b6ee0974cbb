"""A worker cuts a run's video into chunks before anything else; what goes wrong there fails the run with a sentence."""

from __future__ import annotations

import hashlib
import shutil
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from analysis.child import RequestRefused
from analysis.config import AnalysisConfig
from analysis.types import ChunkSpec
from analysis.verbs import Planned
from analysis.video.plan import plan_chunks
from faceapp.runs import services
from faceapp.runs.models import Chunk, Plan, Run, Work
from faceapp.runs.starting import start_run
from faceapp.worker import claiming, failures, lease_renewal, performing, reaper
from faceapp.worker.kinds.plan import finish_plan
from faceapp.worker.kinds.step import Step
from faceapp.worker.source import CHANGED

SAMPLE = Path(__file__).parents[3] / "static/sample/faceline-sample.mp4"
CHUNKS = (ChunkSpec(0, 0, 100, 0), ChunkSpec(1, 100, 200, 5000))
S = Run.State


@pytest.fixture
def queued_run(video, alice) -> Run:
    video.size_bytes = Path(video.file.path).stat().st_size
    video.save()
    return start_run(video=video, user=alice)


@pytest.fixture
def plan(queued_run) -> Plan:
    """As a worker has claimed it."""
    claimed = claiming.claim_work("cpu")
    assert isinstance(claimed, Plan)
    return claimed


def engine_that(monkeypatch: pytest.MonkeyPatch, does: Any) -> None:
    monkeypatch.setattr(performing, "engine", lambda: SimpleNamespace(pid=None, do=does))


def found(sha256: str) -> Planned:
    return Planned(SimpleNamespace(sha256=sha256), CHUNKS)  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_run_gets_the_chunks_of_the_engines_plan(video, alice):
    shutil.copy(SAMPLE, video.file.path)
    video.size_bytes = SAMPLE.stat().st_size
    video.sha256 = hashlib.sha256(SAMPLE.read_bytes()).hexdigest()
    video.save()
    run = start_run(video=video, user=alice)
    try:
        performing.perform(claiming.claim_work("cpu"))
    finally:
        performing.engine().close()
    rows = run.chunks.values_list("index", "first_sample", "end_sample", "seek_pts")
    planned = plan_chunks(SAMPLE, AnalysisConfig())
    assert list(rows) == [(chunk.index, chunk.first_sample, chunk.end_sample, chunk.seek_pts) for chunk in planned]


def test_a_planned_run_waits_for_workers_who_are_notified(plan, notified, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert finish_plan(plan, CHUNKS)
    assert notified == [2]
    assert plan.run.state == S.QUEUED
    assert [claiming.claim_work("cpu").index for _ in CHUNKS] == [0, 1]


def test_a_late_plan_changes_nothing(plan):
    Plan.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    reaper.reap()
    second = claiming.claim_work("cpu")
    assert (second.pk, second.attempt) == (plan.pk, 2)
    assert finish_plan(second, CHUNKS)
    assert not finish_plan(plan, CHUNKS[:1])
    assert Chunk.objects.count() == 2


def test_three_workers_that_die_over_a_plan_fail_its_run(queued_run):
    for _ in range(3):
        claiming.claim_work("cpu")
        Plan.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        reaper.reap()
    queued_run.refresh_from_db()
    assert (queued_run.state, queued_run.error) == (S.FAILED, Step.lost)


def test_the_reaper_notifies_of_runs_that_wait_for_a_plan(queued_run, notified):
    reaper.reap()
    assert notified == [1]


def test_a_run_that_is_canceled_while_it_is_planned_ends_when_its_worker_stops(queued_run, plan):
    services.cancel_run(run=queued_run)
    queued_run.refresh_from_db()
    assert queued_run.state == S.CANCELING
    assert not lease_renewal.renew_lease(plan, 0.0)
    assert not finish_plan(plan, CHUNKS)
    failures.give_back(plan)
    queued_run.refresh_from_db()
    assert queued_run.state == S.CANCELED
    assert claiming.claim_work("cpu") is None


def test_the_first_run_of_many_is_not_held_up_by_the_plans_of_the_others(video, alice):
    for rate in (1.0, 2.0):
        start_run(video=video, user=alice, config=AnalysisConfig(sample_rate=rate))
    first = claiming.claim_work("cpu")
    finish_plan(first, CHUNKS)
    later = [claiming.claim_work("cpu") for _ in range(3)]
    assert [type(work) for work in later] == [Chunk, Chunk, Plan]
    assert {work.run_id for work in later[:2]} == {first.run_id}


def test_plans_of_one_user_take_turns_with_the_chunks_of_another(queued_run, make_run, charlie):
    start_run(video=queued_run.video, user=queued_run.started_by, config=AnalysisConfig(sample_rate=2.0))
    make_run(charlie, n_chunks=3)
    assert [type(claiming.claim_work("cpu")) for _ in range(4)] == [Plan, Chunk, Plan, Chunk]


def test_plans_wait_where_runs_do(queued_run, settings):
    settings.RUNS_QUEUE = "gpu"
    assert claiming.claim_work("cpu") is None
    assert isinstance(claiming.claim_work("gpu"), Plan)


@pytest.mark.django_db(transaction=True)
class TestTheWorker:
    def test_writes_the_chunks(self, queued_run, plan, monkeypatch):
        engine_that(monkeypatch, lambda verb: found(queued_run.video.sha256))
        performing.perform(plan)
        assert queued_run.chunks.count() == 2

    def test_fails_a_run_whose_video_cannot_be_planned(self, queued_run, plan, monkeypatch):
        def refuse(verb: Any) -> Planned:
            raise RequestRefused("no_picture", "The file has no readable picture.")

        engine_that(monkeypatch, refuse)
        performing.perform(plan)
        queued_run.refresh_from_db()
        assert (queued_run.state, queued_run.error) == (S.FAILED, "The file has no readable picture.")

    def test_fails_a_run_whose_file_is_another_one(self, queued_run, plan, monkeypatch):
        engine_that(monkeypatch, lambda verb: found("f" * 64))
        performing.perform(plan)
        queued_run.refresh_from_db()
        assert (queued_run.state, queued_run.error) == (S.FAILED, CHANGED)
        assert Plan.objects.get().state == Work.State.FAILED
