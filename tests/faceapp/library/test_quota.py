"""A team never has more than its quota, however many files come at once; what is announced holds no room for long."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from faceapp.library import limits, uploads
from faceapp.library.models import Upload
from faceapp.library.refusals import TooLarge, TooMany
from tests.conftest import POSTGRES
from tests.faceapp.library.test_tus import create, send

ROOT = Path(__file__).parents[3]
MB = 10**6
N_AT_ONCE, QUOTA_MB, FILE_MB = 12, 30, 7
FIT = QUOTA_MB // FILE_MB

AT_ONCE = f"""
import struct, threading
from pathlib import Path
from django.conf import settings
from django.db import connections
from faceapp.accounts.models import Team, User
from faceapp.library.models import Project, Upload, Video
from faceapp.library.refusals import TooLarge
from faceapp.library.services import accept_file
from faceapp.library.uploads import begin
project = Project.objects.create(team=Team.objects.create(name="T"), name="P")
user = User.objects.create_user("alice")
sample = Path("static/sample/faceline-sample.mp4").read_bytes()
start = threading.Barrier({N_AT_ONCE})

def announce(number):
    begin(project=project, user=user, name="clip", size_bytes={FILE_MB} * {MB})

def store(number):
    path = Path(settings.UPLOAD_DIR, str(number))
    n_more = {FILE_MB} * {MB} - len(sample)
    path.write_bytes(sample + struct.pack(">I4s", n_more, b"free") + bytes([number]) * (n_more - 8))
    accept_file(project=project, user=user, name="clip", path=path)

def at_once(work, number):
    start.wait()
    try:
        work(number)
    except TooLarge:
        pass
    finally:
        connections.close_all()

threads = [threading.Thread(target=at_once, args=(WORK, number)) for number in range({N_AT_ONCE})]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print("taken", Upload.objects.count(), Video.objects.count())
"""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "sqlite":
        yield ""
        return
    import psycopg

    name = f"faceline_web_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield f"{POSTGRES}/{name}"
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.slow
@pytest.mark.parametrize(("work", "expected"), [("announce", f"{FIT} 0"), ("store", f"0 {FIT}")])
def test_fault_25_files_that_come_at_once_share_the_quota(
    tmp_path: Path, database: str, work: str, expected: str
) -> None:
    own = {"FACELINE_HOME": str(tmp_path), "FACELINE_DATABASE_URL": database, "FACELINE_TEAM_QUOTA": f"{QUOTA_MB} MB"}
    environment = {**os.environ, **own, "FACELINE_KEEP_FREE": "0"}

    def manage(*arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return done.stdout

    manage("migrate", "-v0")
    assert f"taken {expected}" in manage("shell", "--no-imports", "-c", AT_ONCE.replace("WORK", work))


@pytest.fixture
def small_quota(settings: Any) -> None:
    settings.TEAM_QUOTA_BYTES = 100


def backdate(**ages: timedelta) -> None:
    Upload.objects.update(**{name: timezone.now() - age for name, age in ages.items()})


def test_an_announcement_without_a_byte_holds_room_for_two_minutes(
    small_quota: None, alice_client: Client, project: Any
) -> None:
    assert create(alice_client, project, length=100).status_code == 201
    assert create(alice_client, project, length=1).status_code == 413
    backdate(created_at=limits.KEPT_WITHOUT_A_BYTE)
    assert create(alice_client, project, length=100).status_code == 201


def test_an_upload_holds_its_room_while_bytes_come(small_quota: None, alice_client: Client, project: Any) -> None:
    send(alice_client, create(alice_client, project, length=100)["Location"], b"0123", 0)
    backdate(created_at=timedelta(hours=1), touched_at=limits.KEPT_FOR / 2)
    assert create(alice_client, project, length=1).status_code == 413
    backdate(touched_at=limits.KEPT_FOR)
    assert create(alice_client, project, length=97).status_code == 413  # 4 bytes are here
    assert create(alice_client, project, length=96).status_code == 201


def test_who_goes_on_late_asks_for_room_again(small_quota: None, alice_client: Client, project: Any) -> None:
    late = create(alice_client, project, length=100)["Location"]
    send(alice_client, late, b"0123", 0)
    backdate(created_at=timedelta(hours=1), touched_at=timedelta(hours=1))
    other = create(alice_client, project, length=50)["Location"]
    assert send(alice_client, late, b"45", 4).status_code == 413
    assert alice_client.delete(other, headers={"Tus-Resumable": "1.0.0"}).status_code == 204
    assert send(alice_client, late, b"45", 4)["Upload-Offset"] == "6"  # nothing was lost


def test_an_upload_without_a_length_takes_no_more_than_there_is(
    small_quota: None, alice_client: Client, project: Any
) -> None:
    address = create(alice_client, project, length=None, **{"Upload-Defer-Length": "1"})["Location"]
    assert send(alice_client, address, b"0" * 60, 0).status_code == 204
    assert send(alice_client, address, b"0" * 60, 60).status_code == 413
    assert send(alice_client, address, b"0" * 40, 60).status_code == 204


def test_a_user_has_so_many_uploads_under_way_and_no_more(alice: Any, bob: Any, project: Any) -> None:
    for _ in range(limits.MOST_UPLOADS):
        uploads.begin(project=project, user=alice, name="clip", size_bytes=None)
    with pytest.raises(TooMany, match="50 uploads in progress") as refused:
        uploads.begin(project=project, user=alice, name="clip", size_bytes=None)
    assert refused.value.status == 429
    uploads.begin(project=project, user=bob, name="clip", size_bytes=None)
    backdate(touched_at=limits.KEPT_FOR)
    uploads.begin(project=project, user=alice, name="clip", size_bytes=None)


def test_a_refused_announcement_leaves_no_row(small_quota: None, alice: Any, project: Any) -> None:
    with pytest.raises(TooLarge):
        uploads.begin(project=project, user=alice, name="clip", size_bytes=101)
    assert not Upload.objects.exists()
