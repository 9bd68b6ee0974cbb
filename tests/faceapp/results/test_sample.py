"""The sample: one press away, in a project of its own, and in no total."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from analysis.builtin_attributes import EMOTION
from faceapp.audience.selection import Selection
from faceapp.audience.selectors import chosen_audience
from faceapp.library.models import Project, Video
from faceapp.results.sample import SAMPLE


@pytest.fixture
def sample_video(finished_run: Any) -> Any:
    """Alice's only video, as if it were the sample."""
    Project.objects.filter(pk=finished_run.video.project_id).update(is_sample=True, name="Sample")
    return Video.objects.get()


def test_one_press_opens_it_without_any_project_before(team: Any, alice_client: Client) -> None:
    answer = alice_client.post(reverse("library:open_sample"))
    video = Video.objects.get()
    assert answer.url == reverse("results:video_detail", args=[video.pk])
    assert (video.project.name, video.project.is_sample, video.project.team) == ("Sample", True, team)
    assert video.runs.count() == 1


def test_it_is_there_once_however_often_it_is_opened(team: Any, alice_client: Client, bob_client: Client) -> None:
    addresses = {client.post(reverse("library:open_sample")).url for client in (alice_client, bob_client, alice_client)}
    assert len(addresses) == 1
    assert Project.objects.filter(is_sample=True).count() == Video.objects.count() == 1


def test_each_team_has_its_own(team: Any, alice_client: Client, charlie_client: Client) -> None:
    address = alice_client.post(reverse("library:open_sample")).url
    assert charlie_client.post(reverse("library:open_sample")).url != address
    assert charlie_client.get(address).status_code == 404


def test_the_library_goes_on_as_if_it_were_empty(sample_video: Video, alice_client: Client) -> None:
    answer = alice_client.get("/")
    assert answer.context["is_first_run"]
    assert answer.context["rows"] == []
    assert "no videos yet" in answer.content.decode()
    assert alice_client.get("/?q=advert").context["rows"] == []


def test_its_own_project_lists_it(sample_video: Video, alice_client: Client) -> None:
    answer = alice_client.get(f"/?project={sample_video.project_id}")
    assert [row.video for row in answer.context["rows"]] == [sample_video]
    assert "1 video, 12 s" in answer.content.decode()


def test_no_figure_of_everything_counts_it(sample_video: Video, alice: Any, alice_client: Client) -> None:
    everything = chosen_audience(alice, Selection())
    assert (everything.audiences, everything.n_videos, everything.n_without_result) == ((), 0, 0)
    own = chosen_audience(alice, Selection(videos=(sample_video.pk,)))
    assert len(own.audiences) == 1
    assert alice_client.get("/api/v1/videos/").json()["count"] == 0
    named = alice_client.get("/api/v1/videos/", {"project": str(sample_video.project_id)})
    assert named.json()["count"] == 1


def test_it_takes_no_other_files(sample_video: Video, alice_client: Client, alice: Any) -> None:
    from tests.faceapp.library.test_tus import create

    refused = create(alice_client, sample_video.project)
    assert refused.status_code == 409
    assert refused.json()["error"].startswith("The sample project accepts no other files.")
    assert alice_client.get(f"/?project={sample_video.project_id}").context["upload_project"] is None


def test_its_page_says_what_it_is_until_that_is_closed(sample_video: Video, alice_client: Client) -> None:
    address = reverse("results:video_detail", args=[sample_video.pk])
    assert "This is the sample." in alice_client.get(address).content.decode()
    alice_client.cookies["sample_notice"] = "closed"
    assert "This is the sample." not in alice_client.get(address).content.decode()


def test_other_videos_pages_say_nothing_of_it(finished_run: Any, alice_client: Client) -> None:
    address = reverse("results:video_detail", args=[finished_run.video_id])
    assert "This is the sample." not in alice_client.get(address).content.decode()


def test_the_first_page_shows_what_was_found_in_the_file_that_ships() -> None:
    """Made anew by `make sample`, as the file is."""
    preview = json.loads((SAMPLE.parent / "preview.json").read_text())
    timeline = json.loads((SAMPLE.parent / "timeline.json").read_text())
    assert preview["sha256"] == hashlib.sha256(SAMPLE.read_bytes()).hexdigest()
    shown = {person["person_id"] for person in preview["people"]}
    assert {person["person_id"] for person in timeline["people"]} == shown
    assert all((SAMPLE.parent / f"face-{person_id}.jpg").exists() for person_id in shown)
    assert timeline["expressions"] == {"shown": list(EMOTION.shown_answers), "stored": list(EMOTION.label_keys)}
