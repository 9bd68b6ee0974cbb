"""Results of a database of version 0.1.0 keep every estimate in the column of readings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from faceapp.results.models import Person, Track
from faceapp.results.summaries import estimates_of

BEFORE = [("results", "0002_timeline_lane"), ("library", "0003_one_video_a_file"), ("runs", "0004_plan")]
SWITCHES = ("age_gender", "ethnicity", "emotion", "attention")
GROUPS = {"White": 0.05, "Black": 0.01, "Asian": 0.81, "Indian": 0.03, "Hispanic": 0.1}
SHARES = {"Angry": 0.0, "Happy": 0.7, "Neutral": 0.25, "Sad": 0.0, "Surprised": 0.0, "Other": 0.0, "unknown": 0.05}
EVERYTHING = {
    **{"age_years": 34, "age_low": 29, "age_high": 40, "attention_s": 2.6},
    **{"gender": "female", "gender_confidence": 0.97, "gender_distribution": {"female": 0.97, "male": 0.03}},
    **{"ethnicity": "Asian", "ethnicity_confidence": 0.81, "ethnicity_distribution": GROUPS},
    **{"emotion": "Happy", "emotion_shares": SHARES},
}
VIDEO = {"size_bytes": 7, "width_px": 64, "height_px": 48, "frame_rate": 25.0, "duration_s": 3.0, "sha256": "a"}


def migrate(targets: list[Any]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps


def newest() -> list[Any]:
    return list(MigrationExecutor(connection).loader.graph.leaf_nodes())


@pytest.fixture
def old_run(transactional_db: None) -> Iterator[tuple[Any, Any]]:
    """The models of then, and a run of a project in which ethnicity was off."""
    apps = migrate(BEFORE)
    team = apps.get_model("accounts", "Team").objects.create(name="Alice's team")
    projects = apps.get_model("library", "Project").objects
    project = projects.create(team=team, name="Spring", computes_ethnicity=False)
    video = apps.get_model("library", "Video").objects.create(project=project, name="a", file="videos/a", **VIDEO)
    yield apps, apps.get_model("runs", "Run").objects.create(video_id=video.pk, config={})
    migrate(newest())


def add(apps: Any, run: Any, person_id: int, **said: Any) -> None:
    """A person with one track of whom this was said."""
    when = {"start_s": 0.0, "end_s": 4.0, "in_view_s": 4.0}
    person = apps.get_model("results", "Person").objects.create(
        run=run, person_id=person_id, certainty=1.0, **when, **said
    )
    apps.get_model("results", "Track").objects.create(
        run=run, person=person, track_id=person_id, quality=0.5, **when, **said
    )


def test_every_estimate_is_kept_and_what_was_off_stays_off(old_run: tuple[Any, Any]) -> None:
    apps, run = old_run
    add(apps, run, 1, **EVERYTHING)
    add(apps, run, 2, age_years=61, age_low=50, age_high=70)
    add(apps, run, 3)
    migrate(newest())
    for model in (Person, Track):
        first, second, third = (estimates_of(row) for row in model.objects.all())
        assert first.age is not None
        assert (first.age.years, first.age.low, first.age.high, first.attention_s) == (34, 29, 40, 2.6)
        assert first.gender is not None
        assert (first.gender.label, first.gender.confidence) == ("female", 0.97)
        assert first.readings["ethnicity"].distribution == GROUPS  # type: ignore[union-attr]
        assert first.emotion is not None
        assert (first.emotion.label, first.emotion.shares) == ("Happy", SHARES)
        assert list(second.readings) == ["age"]
        assert third.readings == {}


def test_a_project_s_switches_become_a_list(old_run: tuple[Any, Any]) -> None:
    from faceapp.library.models import Project

    migrate(newest())
    assert Project.objects.get().switches == ["age_gender", "emotion", "attention"]


def test_the_way_back_gives_the_same_columns(old_run: tuple[Any, Any]) -> None:
    apps, run = old_run
    add(apps, run, 1, **EVERYTHING)
    add(apps, run, 2)
    migrate(newest())
    back = migrate(BEFORE)
    first, second = back.get_model("results", "Person").objects.order_by("person_id")
    assert {key: getattr(first, key) for key in EVERYTHING} == EVERYTHING
    assert (second.age_years, second.gender, second.emotion_shares, second.attention_s) == (None, "", None, None)
    assert not back.get_model("library", "Project").objects.get().computes_ethnicity
