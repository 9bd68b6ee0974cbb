"""The annotated video: asked for once, made by whoever holds the lease, made again after corrections."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from faceapp.audience.selectors import VideoAudience, audience_of_video
from faceapp.reports import annotating, making
from faceapp.reports.models import Annotated
from faceapp.results import services
from faceapp.runs.models import Run

SAMPLE = Path(__file__).resolve().parents[3] / "static/sample/faceline-sample.mp4"


@pytest.fixture(autouse=True)
def rings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    heard: list[str] = []
    monkeypatch.setattr(annotating, "ring", lambda: heard.append("ring") or True)
    return heard


def audience(run: Run) -> VideoAudience:
    found = audience_of_video(run.video)
    assert found is not None
    return found


@pytest.fixture
def filmed_run(finished_run: Run) -> Run:
    """The video's bytes are the sample's."""
    shutil.copyfile(SAMPLE, finished_run.video.file.path)
    return finished_run


def test_asking_twice_makes_one_row_and_rings_once(finished_run: Run, rings: list[str]) -> None:
    first = annotating.request_annotated(audience(finished_run))
    second = annotating.request_annotated(audience(finished_run))
    assert (first.pk, first.state) == (second.pk, Annotated.State.WAITING)
    assert rings == ["ring"]


@pytest.mark.slow
def test_it_is_made_shown_and_taken_away(filmed_run: Run, alice_client: Client, charlie_client: Client) -> None:
    pk = filmed_run.video.pk
    page = reverse("reports:annotated", args=[pk])
    assert "Make it" in alice_client.get(page).content.decode()
    alice_client.post(reverse("reports:annotated_make", args=[pk]))
    assert "being made" in alice_client.get(page).content.decode()
    assert alice_client.get(reverse("reports:annotated_progress", args=[pk])).status_code == 200
    work = annotating.claim()
    assert work is not None
    making.make(work)
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
    assert "corrected since" not in alice_client.get(page).content.decode()
    assert annotating.request_annotated(audience(finished_run)).state == Annotated.State.DONE
    services.rename_person(run=finished_run, person_id=1, name="Ann", user=alice)
    assert "corrected since" in alice_client.get(page).content.decode()
    assert annotating.request_annotated(audience(finished_run)).state == Annotated.State.WAITING


def test_the_names_are_those_of_the_corrected_people(finished_run: Run, alice: Any) -> None:
    services.rename_person(run=finished_run, person_id=1, name="Ann", user=alice)
    names = annotating.names_of(audience(finished_run))
    assert names["captions"] == {"1": "Ann · 30", "2": "Person 2 · 60"}


def test_a_lease_that_ran_out_is_given_back_and_the_late_worker_changes_nothing(
    finished_run: Run, rings: list[str], tmp_path: Path
) -> None:
    annotating.request_annotated(audience(finished_run))
    frozen = annotating.claim()
    assert frozen is not None
    assert annotating.claim() is None
    Annotated.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    annotating.reap()
    assert rings == ["ring", "ring"]
    second = annotating.claim()
    assert second is not None
    late, made = tmp_path / "late.mp4", tmp_path / "made.mp4"
    late.write_bytes(b"late")
    made.write_bytes(b"made")
    assert not annotating.finish(frozen, late, "tag")
    assert annotating.finish(second, made, "tag")
    assert Path(Annotated.objects.get().file.path).read_bytes() == b"made"


def test_a_file_that_cannot_be_read_fails_with_its_sentence(finished_run: Run) -> None:
    annotating.request_annotated(audience(finished_run))
    work = annotating.claim()
    assert work is not None
    making.make(work)  # the bytes of the fixture are no picture
    work.refresh_from_db()
    assert work.state == Annotated.State.FAILED
    assert work.error.endswith(".")


def test_deleting_the_video_deletes_it(
    finished_run: Run, tmp_path: Path, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    from faceapp.library.services import delete_video

    annotating.request_annotated(audience(finished_run))
    work = annotating.claim()
    assert work is not None
    made = tmp_path / "made.mp4"
    made.write_bytes(b"made")
    annotating.finish(work, made, "tag")
    with django_capture_on_commit_callbacks(execute=True):
        delete_video(video=finished_run.video)
    assert list(Path(settings.MEDIA_ROOT, "annotated").glob("*.mp4")) == []
