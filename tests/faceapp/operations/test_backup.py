"""A backup holds the rows and files of one moment, and is put back to the byte, into either database."""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import subprocess
import sys
import tarfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from faceapp.operations.backups import archive, making, rows
from tests.conftest import POSTGRES

ROOT = Path(__file__).parents[3]
FILL = """
from pathlib import Path
from django.conf import settings
from faceapp.accounts import services
from faceapp.library.models import Video
from faceapp.library.services import create_project
from faceapp.runs.starting import start_run
owner = services.create_first_account().user
project = create_project(team=owner.teams.get(), name="Spring “campaign” 🎬")
video = Video(project=project, uploaded_by=owner, name="Advert.mp4", size_bytes=1000, sha256="0" * 64, container="mov",
    codec="h264", width_px=1280, height_px=720, frame_rate=25.0, duration_s=12.25)
video.file.name = f"videos/{video.pk}"
path = Path(settings.MEDIA_ROOT, video.file.name)
path.parent.mkdir(parents=True)
path.write_bytes(bytes(range(250)) * 4)
video.save()
start_run(video=video, user=owner)
"""
MORE = "from faceapp.accounts.services import create_account; create_account(username='zoe')"


class Home:
    """An installation of its own, in which nothing runs."""

    def __init__(self, home: Path, database: str = "") -> None:
        self.home = home
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "FACELINE_HOME": str(home),
            "FACELINE_DATABASE_URL": database,
            "FACELINE_BROKER_URL": "memory://",
            "FACELINE_KEEP_FREE": "0",
        }

    def manage(self, *arguments: str, fails: bool = False) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        return done.stderr if fails else done.stdout

    def contents(self) -> dict[str, str]:
        """The SHA-256 of all rows by table, and of all files."""
        code = (
            "import hashlib, json; from django.apps import apps; from faceapp.operations.backups import rows\n"
            "def in_order(line): return json.dumps(json.loads(line), sort_keys=True).encode()\n"
            "print(json.dumps({label: hashlib.sha256(b''.join(map(in_order, rows.lines_of(model)))).hexdigest() "
            "for label, model in rows.tables_of(apps).items()}))"
        )
        said: dict[str, str] = json.loads(self.manage("shell", "--no-imports", "-c", code))
        media = self.home / "media"
        files = [path for path in media.rglob("*") if path.is_file()]
        return said | {str(path.relative_to(media)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("filled"))
    made.manage("migrate", "-v0")
    made.manage("shell", "--no-imports", "-c", FILL)
    return made


@pytest.fixture(scope="module")
def backup(filled: Home) -> Path:
    file = filled.home / "kept" / "faceline.tar"
    assert "read back and compared" in filled.manage("backup", str(file))
    return file


@pytest.fixture
def database() -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    name = f"faceline_{uuid.uuid4().hex}"
    with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield f"{POSTGRES}/{name}"
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.slow
def test_what_is_restored_is_what_was_there(filled: Home, backup: Path, tmp_path: Path) -> None:
    restored = Home(tmp_path / "restored")
    restored.manage("migrate", "-v0")  # as the service of compose.yaml does before anybody can restore
    assert "Files: 1" in restored.manage("restore", str(backup))
    assert restored.contents() == filled.contents()
    assert (restored.home / "secret-key").read_text() == (filled.home / "secret-key").read_text()
    assert "has accounts" in restored.manage("restore", str(backup), fails=True)


@pytest.mark.slow
@pytest.mark.postgres
def test_a_backup_moves_from_sqlite_to_postgresql_and_back(
    filled: Home, backup: Path, tmp_path: Path, database: str
) -> None:
    served = Home(tmp_path / "served", database)
    served.manage("restore", str(backup))
    assert served.contents() == filled.contents()
    served.manage(
        "shell", "--no-imports", "-c", "from faceapp.accounts.services import *; create_account(username='z')"
    )
    served.manage("backup", str(tmp_path / "second.tar"))
    back = Home(tmp_path / "back")
    back.manage("restore", str(tmp_path / "second.tar"))
    assert back.contents() == served.contents()


def test_nobody_else_may_read_it(filled: Home, backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert stat.S_IMODE(backup.parent.stat().st_mode) == 0o700
    assert not (filled.home / "media/.backup").exists() or not list((filled.home / "media/.backup").iterdir())
    assert [path.name for path in backup.parent.iterdir()] == ["faceline.tar"]


def test_every_row_that_a_result_has_comes_back(finished_run: Any) -> None:
    tables = rows.tables_of(apps)
    before = {label: list(rows.lines_of(model)) for label, model in tables.items()}
    assert len(before["results.timeline"]) > 2
    rows.empty(reversed(tables.values()))
    assert not finished_run.people.exists()
    as_then = rows.tables_of(MigrationLoader(connection).project_state().apps)
    for label, model in as_then.items():
        rows.put_rows(model, before[label])
    rows.begin_numbers_after(tables.values())
    assert {label: list(rows.lines_of(model)) for label, model in tables.items()} == before
    finished_run.people.create(person_id=99, certainty=1.0, start_s=0, end_s=1, in_view_s=1)


# --- files that are not what was written ---


def entries_of(file: Path) -> list[tuple[str, bytes]]:
    with tarfile.open(file) as tar:
        return [(entry.name, tar.extractfile(entry).read()) for entry in tar]  # type: ignore[union-attr]


def pack(file: Path, entries: list[tuple[str, bytes]]) -> Path:
    with tarfile.open(file, "w") as tar:
        for name, content in entries:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return file


def test_one_bit_that_differs_is_found(backup: Path, tmp_path: Path) -> None:
    entries = [
        (name, content[:-1] + bytes([content[-1] ^ 1]) if name.startswith("media/") else content)
        for name, content in entries_of(backup)
    ]
    with pytest.raises(archive.Damaged, match="is not what was backed up"):
        archive.check(pack(tmp_path / "a.tar", entries))


def test_a_file_that_was_cut_off_is_found(backup: Path, tmp_path: Path) -> None:
    for n_bytes in (0, 700, backup.stat().st_size // 2, backup.stat().st_size - 11_000):
        cut = tmp_path / "cut.tar"
        cut.write_bytes(backup.read_bytes()[:n_bytes])
        with pytest.raises(archive.Damaged):
            archive.check(cut)


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "media/../../outside", "elsewhere/a", "media//a"])
def test_fault_66_an_entry_that_would_lie_elsewhere_is_refused(backup: Path, tmp_path: Path, name: str) -> None:
    evil = pack(tmp_path / "evil.tar", [*entries_of(backup), (name, b"x")])
    with pytest.raises(archive.Damaged, match="does not belong"):
        archive.unpack(evil, tmp_path / "into")


def test_fault_66_a_link_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "evil.tar", "w") as tar:
        entry = tarfile.TarInfo("media/videos/a")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(entry)
    with pytest.raises(archive.Damaged, match="does not belong"):
        archive.unpack(tmp_path / "evil.tar", tmp_path / "into")


@pytest.mark.slow
def test_a_backup_of_a_later_version_is_refused_and_nothing_changes(backup: Path, tmp_path: Path) -> None:
    entries = dict(entries_of(backup))
    about = json.loads(entries["about.json"])
    about["migrations"]["runs"].append("9999_later")
    entries["about.json"] = json.dumps(about).encode()
    facts = {n: (len(c), hashlib.sha256(c).hexdigest()) for n, c in entries.items() if n != "hashes.json"}
    entries["hashes.json"] = json.dumps(facts).encode()
    later = pack(tmp_path / "later.tar", list(entries.items()))
    home = Home(tmp_path / "home")
    assert "newer version of Faceline (runs.9999_later)" in home.manage("restore", str(later), fails=True)
    assert not list((home.home / "media").iterdir())


# --- while everything runs ---


def test_a_video_that_is_deleted_meanwhile_is_in_the_backup_with_its_file(
    video: Any, settings: Any, tmp_path: Path
) -> None:
    settings.KEEP_FREE_BYTES, settings.SECRET_KEY_FILE = 0, tmp_path / "no-key"
    content = Path(video.file.path).read_bytes()

    def delete(_share: float) -> None:
        Path(video.file.path).unlink(missing_ok=True)

    made = making.make_backup(tmp_path / "kept" / "a.tar", delete)
    assert (made.n_files, made.missing) == (1, ())
    assert dict(entries_of(made.path))[f"media/{video.file.name}"] == content


def test_a_file_that_a_row_names_and_that_is_gone_is_told(video: Any, settings: Any, tmp_path: Path) -> None:
    settings.KEEP_FREE_BYTES, settings.SECRET_KEY_FILE = 0, tmp_path / "no-key"
    Path(video.file.path).unlink()
    assert making.make_backup(tmp_path / "a.tar").missing == (video.file.name,)


def test_a_backup_that_is_stopped_leaves_nothing(video: Any, settings: Any, tmp_path: Path) -> None:
    settings.KEEP_FREE_BYTES, settings.SECRET_KEY_FILE = 0, tmp_path / "no-key"

    def stop(_share: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        making.make_backup(tmp_path / "kept" / "a.tar", stop)
    assert not list((tmp_path / "kept").iterdir())
    assert not list((settings.MEDIA_ROOT / ".backup").iterdir())


def test_without_room_nothing_is_written(video: Any, settings: Any, tmp_path: Path) -> None:
    settings.KEEP_FREE_BYTES = 10**18
    with pytest.raises(making.NotMade, match="FACELINE_BACKUP_DIR"):
        making.make_backup(tmp_path / "kept" / "a.tar")
    assert not list((tmp_path / "kept").iterdir())
