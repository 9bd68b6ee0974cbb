"""A name that was deleted is in no file of the SQLite database any more."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from django.db.utils import ConnectionHandler

from faceapp import env
from faceapp.operations.services import truncate_log

NAME = "Wilhelmine Obermayer"


@pytest.fixture
def described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    monkeypatch.delenv("FACELINE_DATABASE_URL", raising=False)
    return env.database("FACELINE_DATABASE_URL", tmp_path / "db.sqlite3", n_threads=1)


@pytest.mark.django_db  # of a database of its own
def test_a_deleted_name_stays_in_no_file(tmp_path: Path, described: dict[str, object]) -> None:
    connection = ConnectionHandler({"default": described})["default"]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE people (name text)")
        cursor.executemany("INSERT INTO people VALUES (%s)", [(NAME,), ("Somebody else",)])
    truncate_log(connection)
    assert NAME.encode() in files_of(tmp_path)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM people WHERE name = %s", [NAME])
    truncate_log(connection)
    found = files_of(tmp_path)
    connection.close()
    assert b"Somebody else" in found
    assert NAME.encode() not in found


def test_that_is_our_doing_where_sqlite_itself_keeps_what_is_deleted(
    tmp_path: Path, described: dict[str, dict[str, str]]
) -> None:
    """Debian builds SQLite so that it overwrites; elsewhere it does not, unless it is told to."""
    assert NAME.encode() in left_of_a_deleted_name(tmp_path / "theirs.sqlite3", "")
    assert NAME.encode() not in left_of_a_deleted_name(tmp_path / "ours.sqlite3", described["OPTIONS"]["init_command"])


def left_of_a_deleted_name(file: Path, init_command: str) -> bytes:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA secure_delete=OFF")
    connection.executescript(init_command)
    connection.execute("CREATE TABLE people (name text)")
    connection.executemany("INSERT INTO people VALUES (?)", [(NAME,), ("Somebody else",)])
    connection.execute("DELETE FROM people WHERE name = ?", [NAME])
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return files_of(file.parent, file.name)


def files_of(folder: Path, name: str = "db.sqlite3") -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob(f"{name}*"))
