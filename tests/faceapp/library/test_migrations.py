"""What older versions let in, brought to the newest state of a real database: nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor

from faceapp.library.models import Project, Video
from faceapp.runs.models import Run

FIRST = ("library", "0001_initial")
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
PROJECT = {"mode": "audience", "purpose": "A shop window"}
OFF = {"computes_ethnicity": False, "computes_attention": False}
NUMBERS = {"size_bytes": 7, "width_px": 64, "height_px": 48, "frame_rate": 25.0, "duration_s": 3.0}


@pytest.fixture
def old_apps(transactional_db: None) -> Iterator[Any]:
    """The models of the library's first version, on tables of that version."""
    executor = MigrationExecutor(connection)
    executor.migrate([FIRST])
    yield executor.loader.project_state([FIRST]).apps
    migrate_to_newest()


def migrate_to_newest() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def rows_of(videos: Any) -> dict[Any, dict[str, Any]]:
    """All columns but the project, by key."""
    return {row["id"]: {**row, "project_id": None} for row in videos.objects.values()}


@pytest.fixture
def old_projects(old_apps: Any) -> dict[str, Any]:
    team = old_apps.get_model("accounts", "Team").objects.create(name="Alice's team")
    projects = old_apps.get_model("library", "Project").objects
    return {name: projects.create(team=team, name=name, **PROJECT, **OFF) for name in ("Spring", "Summer")}


@pytest.fixture
def add(old_apps: Any, old_projects: dict[str, Any]) -> Any:
    """`add("Spring", "first", "a")`: a video with the content "a", a minute after the one before."""
    videos = old_apps.get_model("library", "Video").objects

    def add_one(project: str, name: str, content: str) -> Any:
        values = {"name": name, "file": f"videos/{name}", "sha256": content, **NUMBERS}
        video = videos.create(project=old_projects[project], **values)
        videos.filter(pk=video.pk).update(created_at=BEGAN + timedelta(minutes=videos.count()))
        return video

    return add_one


def test_copies_of_one_file_move_apart_and_nothing_is_lost(old_apps: Any, old_projects: Any, add: Any) -> None:
    for name, content in [("first", "a"), ("second", "a"), ("another", "b"), ("third", "a"), ("its copy", "b")]:
        add("Spring", name, content)
    add("Summer", "elsewhere", "a")
    before = rows_of(old_apps.get_model("library", "Video"))
    migrate_to_newest()
    assert rows_of(Video) == before
    assert dict(Video.objects.values_list("name", "project__name")) == {
        "first": "Spring",
        "another": "Spring",
        "second": "Spring (copies 1)",
        "its copy": "Spring (copies 1)",
        "third": "Spring (copies 2)",
        "elsewhere": "Summer",
    }


def test_copies_stay_in_their_team_with_what_their_project_may_compute(old_projects: Any, add: Any) -> None:
    add("Spring", "first", "a"), add("Spring", "second", "a")
    migrate_to_newest()
    room = Project.objects.get(name="Spring (copies 1)")
    assert room.team_id == old_projects["Spring"].team_id
    assert {name: getattr(room, name) for name in PROJECT} == PROJECT
    assert room.attributes == ("age_gender", "emotion")


def test_runs_go_with_their_video(add: Any) -> None:
    add("Spring", "first", "a")
    copy = add("Spring", "second", "a")
    run = Run.objects.create(video_id=copy.pk, config={})
    migrate_to_newest()
    assert Run.objects.get() == run
    assert Run.objects.get().video.project.name == "Spring (copies 1)"


def test_from_then_on_a_project_holds_a_file_once(add: Any) -> None:
    video = add("Spring", "first", "a")
    migrate_to_newest()
    assert Project.objects.count() == 2
    again = {"project_id": video.project_id, "name": "again", "file": "videos/again", "sha256": "a", **NUMBERS}
    with pytest.raises(IntegrityError):
        Video.objects.create(**again)
