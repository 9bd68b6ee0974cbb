"""A run with a real result: a scene of known truth, put together by the engine's own assembly."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage

from analysis.testing import Actor, Scene, walk
from analysis.types import VideoResult
from faceapp.accounts.models import Team, User
from faceapp.library.models import Project, Video
from faceapp.results.services import store_result
from faceapp.runs.models import Assembly, Run

JPEG = b"\xff\xd8\xff\xd9"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    default_storage.__dict__.pop("base_location", None)
    default_storage.__dict__.pop("location", None)


@pytest.fixture(scope="session")
def scene_result() -> VideoResult:
    """Ann (30, happy from 5 s) is in view before and after a cut; Ben (60) walks in at 4 s and goes at 8 s."""
    ann = Actor(
        1,
        walk((300, 300), (20, 0)),
        emotion=lambda time_s: "Happy" if time_s >= 5 else "Neutral",
        yaw_deg=lambda time_s: 0.0 if time_s < 3 else 60.0,
        age=30,
    )
    ben = Actor(2, walk((900, 300), (-5, 0), during=(4, 8)), age=60, gender="male", ethnicity="Black")
    return Scene([ann, ben], duration_s=12.0, cuts_s=(6.0,)).result()


@pytest.fixture
def assembling_run(db, scene_result) -> Run:
    user = User.objects.create_user("ann")
    project = Project.objects.create(team=Team.objects.create(name="Team"), name="Project")
    video = Video.objects.create(
        project=project, uploaded_by=user, name="scene.mp4", file="videos/scene", size_bytes=1, sha256="0" * 64,
        container="mp4", codec="h264", width_px=1280, height_px=720, frame_rate=25.0, duration_s=12.0,
    )  # fmt: skip
    run = Run.objects.create(
        video=video, started_by=user, state=Run.State.ASSEMBLING, config=scene_result.config.to_dict()
    )
    Assembly.objects.create(run=run, state=Assembly.State.LEASED, attempt=1)
    return run


@pytest.fixture
def portraits(scene_result) -> dict[tuple[int, int], bytes]:
    return {(track.track_id, n): JPEG for track in scene_result.tracks for n in range(2)}


@pytest.fixture
def finished_run(assembling_run, scene_result, portraits) -> Run:
    assert store_result(run=assembling_run, result=scene_result, portraits=portraits)
    return assembling_run
