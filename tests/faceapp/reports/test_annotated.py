"""The annotated video: asked for once, made by whoever holds the lease, made again after corrections."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from analysis.child import ProcessDied, RequestRefused
from faceapp.audience.selectors import VideoAudience, audience_of_video
from faceapp.reports import annotating
from faceapp.results import services
from faceapp.runs import services as runs
from faceapp.runs.models import Annotated, Run
from faceapp.worker import claiming, lease_renewal, performing, reaper, tasks
from faceapp.worker.kinds.annotated import AnnotatedKind, finish_annotated

SAMPLE = Path(__file__).resolve().parents[3] / "static/sample/faceline-sample.mp4"


@pytest.fixture(autouse=True)
def notified(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    heard: list[str] = []
    monkeypatch.setattr("faceapp.runs.dispatch.notify_workers", lambda n=1: heard.append("notified") or True)
    return heard


@pytest.fixture
def work(finished_run: Run) -> Annotated:
    """Asked for, and claimed by this worker."""
    annotating.request_annotated(audience(finished_run))
    return claimed()


def claimed() -> Annotated:
    found = claiming.claim_work("cpu")
    assert isinstance(found, Annotated)
    return found


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., None]], None]:
    """What the engine's process does instead of drawing."""

    def stand(annotate: Callable[..., None]) -> None:
        monkeypatch.setattr(performing, "engine", lambda: SimpleNamespace(pid=None, do=annotate))

    return stand


def audience(run: Run) -> VideoAudience:
    found = audience_of_video(run.video)
    assert found is not None
    return found


@pytest.fixture
def filmed_run(finished_run: Run) -> Run:
    """The video's bytes are the sample's."""
    shutil.copyfile(SAMPLE, finished_run.video.file.path)
    finished_run.video.size_bytes = SAMPLE.stat().st_size
    finished_run.video.save()
    return finished_run


def test_asking_twice_makes_one_row_and_notifies_once(finished_run: Run, notified: list[str]) -> None:
    first = annotating.request_annotated(audience(finished_run))
    second = annotating.request_annotated(audience(finished_run))
    assert (first.pk, first.state) == (second.pk, Annotated.State.WAITING)
    assert notified == ["notified"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_it_is_made_shown_and_taken_away(filmed_run: Run, alice_client: Client, charlie_client: Client) -> None:
    pk = filmed_run.video.pk
    page = reverse("reports:annotated", args=[pk])
    assert "Create annotated video" in alice_client.get(page).content.decode()
    alice_client.post(reverse("reports:annotated_make", args=[pk]))
    assert "Creating the annotated video" in alice_client.get(page).content.decode()
    assert alice_client.get(reverse("reports:annotated_progress", args=[pk])).status_code == 200
    work = claimed()
    try:
        performing.perform(work)
    finally:
        performing.engine().close()
    work.refresh_from_db()
    assert (work.state, work.error) == (Annotated.State.DONE, "")
    assert alice_client.get(reverse("reports:annotated_progress", args=[pk])).status_code == 286
    file = reverse("reports:annotated_file", args=[pk])
    answer = alice_client.get(file, {"save": ""}, headers={"Range": "bytes=4-7"})
    assert (answer.status_code, b"".join(answer.streaming_content)) == (206, b"ftyp")  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == 'attachment; filename="Advert - annotated.mp4"'
    assert charlie_client.get(file).status_code == charlie_client.get(page).status_code == 404


def test_a_correction_makes_it_old_and_it_can_be_made_again(
    finished_run: Run, alice: Any, alice_client: Client
) -> None:
    work = annotating.request_annotated(audience(finished_run))
    Annotated.objects.filter(pk=work.pk).update(state=Annotated.State.DONE, file="annotated/x.mp4")
    page = reverse("reports:annotated", args=[finished_run.video.pk])
    assert "corrected after" not in alice_client.get(page).content.decode()
    assert annotating.request_annotated(audience(finished_run)).state == Annotated.State.DONE
    services.rename_person(run=finished_run, person_id=1, name="Ann", user=alice)
    assert "corrected after" in alice_client.get(page).content.decode()
    assert annotating.request_annotated(audience(finished_run)).state == Annotated.State.WAITING


def test_the_names_are_those_of_the_corrected_people(finished_run: Run, alice: Any) -> None:
    services.rename_person(run=finished_run, person_id=1, name="Ann", user=alice)
    names = annotating.names_of(audience(finished_run))
    assert names["captions"] == {"1": "Ann · 30", "2": "Person 2 · 60"}


def test_a_lease_that_ran_out_is_given_back_and_the_late_worker_changes_nothing(
    work: Annotated, notified: list[str], tmp_path: Path
) -> None:
    assert claiming.claim_work("cpu") is None
    Annotated.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    reaper.reap()
    assert notified == ["notified", "notified"]
    second = claimed()
    late, made = tmp_path / "late.mp4", tmp_path / "made.mp4"
    late.write_bytes(b"late")
    made.write_bytes(b"made")
    assert not lease_renewal.renew_lease(work, 0.5)
    assert not finish_annotated(work, late, "tag")
    assert lease_renewal.renew_lease(second, 0.5)
    assert finish_annotated(second, made, "tag")
    assert Path(Annotated.objects.get().file.path).read_bytes() == b"made"


def test_a_clock_that_is_put_back_does_not_hold_a_dead_workers_lease(work: Annotated, settings: Any) -> None:
    Annotated.objects.update(lease_until=timezone.now() + timedelta(hours=1))
    reaper.reap()
    latest = timezone.now() + timedelta(seconds=settings.RUNS_LEASE_S)
    assert Annotated.objects.get().lease_until <= latest


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_stopped_gives_it_back_and_no_failure_is_counted(
    work: Annotated, stand_in: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    stopping = threading.Event()
    monkeypatch.setattr(performing, "stopping", stopping)
    monkeypatch.setattr(tasks, "stopping", stopping)

    def stopped(*_: Any) -> None:
        tasks.stop()
        time.sleep(1)  # the keeper ends the child
        raise ProcessDied("memory", "It was ended from outside.")

    stand_in(stopped)
    performing.perform(work)
    work.refresh_from_db()
    assert work.state == Annotated.State.WAITING
    assert (work.child_failures, work.worker_failures) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_file_that_cannot_be_read_fails_with_its_sentence_and_may_be_asked_for_again(
    work: Annotated, stand_in: Callable[..., None], finished_run: Run
) -> None:
    def refuse(*_: Any) -> None:
        raise RequestRefused("undecodable", "No picture of this video can be decoded.")

    stand_in(refuse)
    performing.perform(work)
    work.refresh_from_db()
    assert (work.state, work.error) == (Annotated.State.FAILED, "No picture of this video can be decoded.")
    again = annotating.request_annotated(audience(finished_run))
    assert (again.state, again.error, again.child_failures) == (Annotated.State.WAITING, "", 0)


def test_three_dead_workers_fail_it_with_a_sentence(work: Annotated) -> None:
    for _ in range(3):
        Annotated.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        reaper.reap()
        claiming.claim_work("cpu")
    work.refresh_from_db()
    assert (work.state, work.error) == (Annotated.State.FAILED, AnnotatedKind.lost)


def test_one_that_is_made_again_takes_the_place_of_the_one_before(
    work: Annotated, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    for content in (b"first", b"second"):
        made = tmp_path / "made.mp4"
        made.write_bytes(content)
        with django_capture_on_commit_callbacks(execute=True):
            finish_annotated(work, made, content.decode())
        runs.request_annotated(run=work.run, tag="corrected")
        work = claiming.claim_work("cpu") or work
    files = list(Path(Annotated.objects.get().file.path).parent.iterdir())
    assert [file.read_bytes() for file in files] == [b"second"]


def test_deleting_the_video_deletes_it(
    work: Annotated, finished_run: Run, tmp_path: Path, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    from faceapp.library.services import delete_video

    made = tmp_path / "made.mp4"
    made.write_bytes(b"made")
    finish_annotated(work, made, "tag")
    with django_capture_on_commit_callbacks(execute=True):
        delete_video(video=finished_run.video)
    assert list(Path(settings.MEDIA_ROOT, "annotated").glob("*.mp4")) == []
