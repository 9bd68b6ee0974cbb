"""What every test may ask for: real data, and the cast. Alice owns, Bob is in her team, Charlie is a stranger."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache as django_cache
from django.test import Client

PASSWORD = "a password for tests 42"
POSTGRES = os.environ.get("FACELINE_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432")
OWN_INSTALLATION = {"installation", "undisturbed"}  # fixtures that start processes


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What starts an installation of its own needs the machine to itself."""
    for item in items:
        if OWN_INSTALLATION.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.alone)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leaves out what this machine cannot do, and says how it could."""
    if item.get_closest_marker("browser") and not chromium():
        pytest.skip("needs Chromium: apt-get install chromium, or name it in FACELINE_CHROMIUM")
    if item.get_closest_marker("postgres") and not postgres_answers():
        pytest.skip(f"needs PostgreSQL at {POSTGRES}: apt-get install postgresql, or set FACELINE_TEST_POSTGRES")


def chromium() -> str | None:
    """Where the browser is."""
    return shutil.which(os.environ.get("FACELINE_CHROMIUM", "chromium"))


@cache
def postgres_answers() -> bool:
    import psycopg

    try:
        psycopg.connect(f"{POSTGRES}/postgres", connect_timeout=2).close()
    except psycopg.Error:
        return False
    return True


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real faces and videos that `FACELINE_DATA` names; tests that need it are skipped without."""
    folder = os.environ.get("FACELINE_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("needs the data folder: set FACELINE_DATA (see CONTRIBUTING.md)")
    return Path(folder)


@pytest.fixture(autouse=True)
def _own_places(settings: Any, tmp_path: Path) -> Iterator[None]:
    """No test writes into the installation, none needs `collectstatic`."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.UPLOAD_DIR = tmp_path / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR = settings.UPLOAD_DIR
    settings.MEDIA_ROOT.mkdir()
    settings.UPLOAD_DIR.mkdir()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick; nothing is kept
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.CELERY_BROKER_URL = "memory://"
    django_cache.clear()  # of how often the API was asked


# --- the cast ---


@pytest.fixture
def alice(db: None) -> Any:
    return _account("alice")


@pytest.fixture
def team(alice: Any) -> Any:
    from faceapp.accounts.services import create_team

    return create_team(name="Alice's team", owner=alice)


@pytest.fixture
def bob(team: Any) -> Any:
    from faceapp.accounts.services import add_member

    user = _account("bob")
    add_member(team=team, user=user)
    return user


@pytest.fixture
def charlie(db: None) -> Any:
    """A stranger, with a team and a project of his own."""
    from faceapp.accounts.services import create_team
    from faceapp.library.services import create_project

    user = _account("charlie")
    create_project(team=create_team(name="Charlie's team", owner=user), name="Elsewhere")
    return user


@pytest.fixture
def project(team: Any) -> Any:
    from analysis.config import DEFAULT_SWITCHES
    from faceapp.library.services import create_project

    return create_project(team=team, name="Spring campaign", switches=list(DEFAULT_SWITCHES))


@pytest.fixture
def video(project: Any, alice: Any, settings: Any) -> Any:
    """A row and its bytes as `accept_file` leaves them; the bytes are no picture, for tests that do not decode."""
    from faceapp.library.models import Video

    made = Video(
        project=project,
        uploaded_by=alice,
        name="Advert.mp4",
        size_bytes=1000,
        sha256="0" * 64,
        container="mov,mp4,m4a,3gp,3g2,mj2",
        codec="h264",
        width_px=1280,
        height_px=720,
        frame_rate=25.0,
        duration_s=12.0,
        has_sound=True,
    )
    made.file.name = f"videos/{made.pk}"
    path = settings.MEDIA_ROOT / "videos" / str(made.pk)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(range(250)) * 4)
    made.save()
    return made


@pytest.fixture
def client_of() -> Any:
    """`client_of(alice)`: a browser in which Alice has signed in."""

    def signed_in(user: Any) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def alice_client(alice: Any, client_of: Any) -> Client:
    return client_of(alice)  # type: ignore[no-any-return]


@pytest.fixture
def bob_client(bob: Any, client_of: Any) -> Client:
    return client_of(bob)  # type: ignore[no-any-return]


@pytest.fixture
def charlie_client(charlie: Any, client_of: Any) -> Client:
    return client_of(charlie)  # type: ignore[no-any-return]


def _account(username: str) -> Any:
    from faceapp.accounts.models import User

    return User.objects.create_user(username, password=PASSWORD)


# --- a result: a scene of known truth, put together by the engine's own assembly ---


@pytest.fixture(scope="session")
def scene_result() -> Any:
    """Ann (30, happy from 5 s) is in view before and after a cut at 6 s; Ben (60) walks in at 4 s and goes at 8 s."""
    from analysis.testing import Actor, Scene, walk

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
def assembling_run(video: Any, alice: Any, scene_result: Any) -> Any:
    """A run of Alice's video whose assembly a worker has claimed."""
    from faceapp.runs.models import Assembly, Run

    config = scene_result.config.to_dict()
    run = Run.objects.create(video=video, started_by=alice, state=Run.State.ASSEMBLING, config=config)
    Assembly.objects.create(run=run, state=Assembly.State.LEASED, attempt=1)
    return run


@pytest.fixture
def scene_portraits(scene_result: Any) -> dict[tuple[int, int], bytes]:
    """Two pictures of each track."""
    jpeg = b"\xff\xd8\xff\xd9"
    return {(track.track_id, n): jpeg for track in scene_result.tracks for n in range(2)}


@pytest.fixture
def assembled(tmp_path: Path) -> Any:
    """`assembled(result, portraits)`: what the engine's process would leave in a folder."""
    from analysis.serialize import save_crop_predictions, to_json
    from faceapp.results.assembled import read_assembled

    def left(result: Any, portraits: Any = None) -> Any:
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        (folder / "result.json").write_bytes(to_json(result))
        save_crop_predictions(result.tracks, folder / "crops.npz")
        (folder / "portraits").mkdir()
        for (track_id, n), jpeg in (portraits or {}).items():
            (folder / "portraits" / f"{track_id}-{n}.jpg").write_bytes(jpeg)
        return read_assembled(folder)

    return left


@pytest.fixture
def finished_run(assembling_run: Any, scene_result: Any, scene_portraits: Any, assembled: Any) -> Any:
    """A run of Alice's video with its result stored."""
    from faceapp.results.services import store_result

    assert store_result(run=assembling_run, assembled=assembled(scene_result, scene_portraits))
    return assembling_run


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for all tests: a process can drive Playwright but once."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-background-networking"]
        )
        yield started
        started.close()
