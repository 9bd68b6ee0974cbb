"""No process works on a database that a later version has changed."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from faceapp.operations import schema, tasks

pytestmark = pytest.mark.django_db
LATER = "runs.9999_later"


@pytest.fixture
def newer() -> None:
    MigrationRecorder(connection).record_applied("runs", "9999_later")


def test_a_database_of_this_version_is_fine() -> None:
    schema.refuse_newer()
    assert schema.waiting() == []


def test_migrate_refuses_a_newer_one_and_so_does_up(newer: None) -> None:
    with pytest.raises(schema.Newer, match=LATER):
        call_command("migrate", verbosity=0, interactive=False)


def test_a_worker_and_beat_leave_a_newer_one_alone(newer: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "close", lambda: None)  # the test goes on with it
    with pytest.raises(SystemExit, match="newer version of Faceline"):
        tasks.refuse_newer()


def test_changes_that_were_joined_into_one_are_not_newer() -> None:
    MigrationRecorder(connection).record_applied("runs", "0001_before_it_was_joined")
    schema.refuse_newer()


def test_changes_of_apps_that_are_not_installed_are_not_looked_at() -> None:
    MigrationRecorder(connection).record_applied("plugin_of_old", "9999_later")
    schema.refuse_newer()
