"""A video moves between the projects of its team, with all that belongs to it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from faceapp.library.models import Project, Video
from faceapp.library.services import create_project


@pytest.fixture
def other(team: Any) -> Project:
    return create_project(team=team, name="Autumn")


def move(client: Client, video: Any, project: Any, **fields: str) -> Any:
    return client.post(reverse("library:video_move", args=[video.pk]), {"project": str(project.pk), **fields})


def project_of(video: Any) -> Project:
    return Video.objects.get(pk=video.pk).project


def test_a_video_moves_with_its_results(finished_run: Any, other: Project, bob_client: Client) -> None:
    answer = move(bob_client, finished_run.video, other, next="/?sort=name")
    assert answer.url == "/?sort=name"
    assert project_of(finished_run.video) == other
    assert finished_run.video.runs.get() == finished_run


def test_it_never_moves_to_another_team(video: Any, charlie: Any, alice: Any, alice_client: Client) -> None:
    from faceapp.accounts.services import add_member

    elsewhere = Project.objects.get(name="Elsewhere")
    assert move(alice_client, video, elsewhere).status_code == 404
    add_member(team=elsewhere.team, user=alice)
    answer = move(alice_client, video, elsewhere, next="/")
    assert "only between projects of one team" in alice_client.get(answer.url).content.decode()
    assert project_of(video) != elsewhere


def test_a_project_that_holds_the_file_keeps_its_own(video: Any, other: Project, alice_client: Client) -> None:
    values = {field.name: getattr(video, field.name) for field in Video._meta.concrete_fields if field.name != "id"}
    Video.objects.create(**{**values, "project": other, "name": "Copy.mp4"})
    answer = move(alice_client, video, other, next="/")
    assert "already contains this file as “Copy.mp4”" in alice_client.get(answer.url).content.decode()
    assert project_of(video) != other


def test_the_sample_stays_and_nothing_joins_it(video: Any, other: Project, alice_client: Client) -> None:
    Project.objects.filter(pk=other.pk).update(is_sample=True)
    move(alice_client, video, other)
    assert project_of(video) != other
    Video.objects.filter(pk=video.pk).update(project=other)
    move(alice_client, video, Project.objects.get(name="Spring campaign"))
    assert project_of(video) == other


def test_a_form_leads_back_to_this_site_alone(video: Any, other: Project, alice_client: Client) -> None:
    assert move(alice_client, video, other, next="https://elsewhere.example/").url == "/"
    answer = alice_client.post(
        reverse("library:video_rename", args=[video.pk]), {"name": "A", "next": "//elsewhere.example"}
    )
    assert answer.url == reverse("results:video_detail", args=[video.pk])
