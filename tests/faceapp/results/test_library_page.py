"""The library page: its rows, filters, and what is done with chosen videos."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from analysis.config import AnalysisConfig
from faceapp.library.models import Video
from faceapp.library.services import create_project
from faceapp.runs.models import Run


def names(client: Any, query: str = "") -> list[str]:
    return [row.video.name for row in client.get(f"/{query}").context["rows"]]


def copy_of(video: Any, name: str, **changes: Any) -> Any:
    values = {field.name: getattr(video, field.name) for field in Video._meta.concrete_fields if field.name != "id"}
    values["sha256"] = uuid4().hex * 2  # a project holds a file once
    return Video.objects.create(**{**values, "name": name, **changes})


def test_everyone_sees_their_own_teams_videos(bob_client: Any, charlie_client: Any, finished_run: Any) -> None:
    assert names(bob_client) == ["Advert.mp4"]
    assert names(charlie_client) == []


def test_a_row_says_who_was_found_and_what_they_show(alice_client: Any, finished_run: Any) -> None:
    (row,) = alice_client.get("/").context["rows"]
    assert len(row.people) == 2
    assert row.people[0].in_view_s >= row.people[1].in_view_s
    assert sum(row.shares.values()) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=advert", True),
        ("?q=spring", True),  # the project's name
        ("?q=other", False),
        ("?state=ready", True),
        ("?state=failed", False),
        ("?length=short", True),
        ("?length=long", False),
        ("?project=not-a-project&state=nonsense&sort=nonsense", True),
    ],
)
def test_filters(alice_client: Any, finished_run: Any, query: str, found: bool) -> None:
    assert names(alice_client, query) == (["Advert.mp4"] if found else [])


def test_sorting(alice_client: Any, finished_run: Any) -> None:
    copy_of(finished_run.video, "Zebra.mp4", duration_s=99.0)
    assert names(alice_client) == ["Zebra.mp4", "Advert.mp4"]
    assert names(alice_client, "?sort=name") == ["Advert.mp4", "Zebra.mp4"]
    assert names(alice_client, "?sort=longest") == ["Zebra.mp4", "Advert.mp4"]


def test_the_number_of_queries_does_not_grow_with_videos(
    alice_client: Any, finished_run: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        copy_of(finished_run.video, f"{number}.mp4")
    with django_assert_max_num_queries(20):
        assert len(names(alice_client)) == 21


def test_only_own_videos_are_deleted(charlie_client: Any, bob_client: Any, finished_run: Any) -> None:
    chosen = {"video": [str(finished_run.video_id), "nonsense"], "action": "delete"}
    charlie_client.post(reverse("library:act_on_selection"), chosen)
    assert Video.objects.count() == 1
    bob_client.post(reverse("library:act_on_selection"), chosen)
    assert Video.objects.count() == 0


def test_chosen_videos_are_queued_at_once(alice_client: Any, video: Any) -> None:
    chosen = [video.pk, *(copy_of(video, f"{n}.mp4").pk for n in range(199))]
    answer = alice_client.post(reverse("library:act_on_selection"), {"video": chosen, "action": "run"}, follow=True)
    assert "200 videos will be analyzed again." in answer.content.decode()
    assert set(Run.objects.values_list("video", "state")) == {(key, Run.State.QUEUED) for key in chosen}


def text_of(client: Any, query: str = "") -> str:
    return " ".join(client.get(f"/{query}").content.decode().split())


def test_the_header_counts_what_is_shown(alice_client: Any, finished_run: Any) -> None:
    copy_of(finished_run.video, "Zebra.mp4", duration_s=90.0)
    assert "2 videos, " in text_of(alice_client)
    assert "1 of 2 videos, 12 s" in text_of(alice_client, "?q=advert")
    found = alice_client.get("/?q=advert", headers={"HX-Request": "true", "HX-Target": "rows"}).content.decode()
    assert "1 of 2 videos, 12 s" in found


def test_an_empty_project_offers_upload_and_sample(alice_client: Any, finished_run: Any, team: Any) -> None:
    empty = create_project(team=team, name="Autumn")
    text = text_of(alice_client, f"?project={empty.pk}")
    assert "No videos in “Autumn” yet" in text
    assert "Upload videos" in text
    assert "Open the sample" in text
    assert "Nothing matches" not in text
    assert "Nothing matches" in text_of(alice_client, f"?project={empty.pk}&state=failed")


def test_an_empty_library_shows_the_product_whatever_project_is_chosen(alice_client: Any, project: Any) -> None:
    for query in ("", f"?project={project.pk}"):
        assert "See who is in a video" in text_of(alice_client, query)


def test_the_queue_is_asked_once_a_page_however_many_runs_wait(
    alice_client: Any, video: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr("faceapp.runs.dispatch.is_reachable", lambda: asked.append(1))
    for each in (video, copy_of(video, "Second.mp4"), copy_of(video, "Third.mp4")):
        Run.objects.create(video=each, config=AnalysisConfig().to_dict())
    rows = alice_client.get("/").context["rows"]
    assert [bool(row.progress.notice) for row in rows] == [True] * 3
    assert len(asked) == 1
