"""Puts a backup into an empty installation, of the same version or a later one."""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from faceapp.operations import schema
from faceapp.operations.backups import archive, rows
from faceapp.operations.backups.making import FORMAT


class NotRestored(Exception):
    """The message is a sentence for the operator. Nothing was changed unless it says so."""


def restore(path: Path) -> archive.Found:
    """Everything is read and compared before anything is changed.

    Raises:
        archive.Damaged: the file is no backup, or not whole.
        schema.Newer: it was made by a later version.
        NotRestored: the installation is not empty, or lacks a plugin whose rows are in the backup.
    """
    if not path.is_file():
        raise NotRestored(f"{path} does not exist.")
    _refuse_full()
    with _folder_beside_media() as folder:
        found = archive.unpack(path, folder)
        _check_about(found)
        _restore_rows(found, folder)
        _restore_files(folder)
    call_command("migrate", verbosity=0, interactive=False)
    return found


def _refuse_full() -> None:
    names = connection.introspection.table_names()
    if "accounts_user" in names:
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM accounts_user")
            if cursor.fetchone()[0]:
                raise NotRestored(
                    "This installation has accounts. Restore into an empty one: an empty folder and database."
                )
    if any(path.is_file() for path in Path(settings.MEDIA_ROOT).rglob("*")):
        raise NotRestored(f"{settings.MEDIA_ROOT} holds files. Restore into an empty folder.")


@contextmanager
def _folder_beside_media() -> Iterator[Path]:
    """On the same disk, so that files are moved, not copied."""
    folder = Path(settings.MEDIA_ROOT).with_name(f".restoring-{uuid4().hex}")
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _check_about(found: archive.Found) -> None:
    if found.about.get("format") != FORMAT:
        raise schema.Newer("The backup has a format that this version does not know. Install a later version.")
    schema.check_known(found.about["migrations"], "The backup")


def _drop_tables() -> None:
    """What a `migrate` has made here: there are no accounts, so there is nothing in it."""
    tables = {*connection.introspection.django_table_names(only_existing=True), "django_migrations"}
    existing = tables & set(connection.introspection.table_names())
    cascade = " CASCADE" if connection.vendor == "postgresql" else ""
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for table in sorted(existing):
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)}{cascade}")


def _restore_rows(found: archive.Found, folder: Path) -> None:
    """Into the tables as they were when the backup was made; `migrate` changes them afterwards."""
    _drop_tables()
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    made = {(app, name) for app, names in found.about["migrations"].items() for name in names}
    if strangers := sorted(app for app, _ in made if app not in executor.loader.migrated_apps):
        raise NotRestored(f"The backup has rows of {strangers[0]}, which is not installed. Set FACELINE_PLUGINS.")
    last = [
        key
        for key in sorted(made & set(graph.nodes))
        if not any(child.key in made and child.key[0] == key[0] for child in graph.node_map[key].children)
    ]
    executor.migrate(last)
    tables = rows.tables_of(executor.loader.project_state(last).apps)
    with transaction.atomic(), connection.constraint_checks_disabled():
        rows.empty(tables.values())
        for label, model in tables.items():
            file = folder / archive.ROWS / f"{label}.jsonl.gz"
            if file.exists():
                with gzip.open(file, "rb") as lines:
                    rows.put_rows(model, lines)
        connection.check_constraints()
        rows.begin_numbers_after(tables.values())


def _restore_files(folder: Path) -> None:
    unpacked = folder / archive.MEDIA
    for path in sorted(unpacked.rglob("*")):
        if path.is_file():
            target = Path(settings.MEDIA_ROOT, path.relative_to(unpacked))
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
            path.chmod(settings.FILE_UPLOAD_PERMISSIONS)
            path.replace(target)
    key = folder / archive.SECRET_KEY
    if key.exists():
        key.chmod(0o600)
        key.replace(settings.SECRET_KEY_FILE)
    os.sync()
