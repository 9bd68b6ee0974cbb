"""A name that was deleted is in no file of the SQLite database any more."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db.utils import ConnectionHandler

from faceapp import env
from faceapp.operations.services import truncate_log

NAME = "Wilhelmine Obermayer"


@pytest.mark.django_db  # of a database of its own
def test_a_deleted_name_stays_in_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FACELINE_DATABASE_URL", raising=False)
    described = env.database("FACELINE_DATABASE_URL", tmp_path / "db.sqlite3", n_threads=1)
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


def files_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("db.sqlite3*"))
