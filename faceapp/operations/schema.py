"""Which changes of the database have been made, and whether this program knows them."""

from __future__ import annotations

import contextlib
import re

from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

Migrations = dict[str, list[str]]  # by app, in order


class Newer(CommandError):
    """The database was changed by a newer version of the program. The message is a sentence for the operator."""


def applied() -> Migrations:
    """The changes that were made to this database."""
    found: Migrations = {}
    for app, name in MigrationRecorder(connection).applied_migrations():
        found.setdefault(app, []).append(name)
    return {app: sorted(names) for app, names in sorted(found.items())}


def waiting() -> list[str]:
    """The changes that `migrate` would make, such as `runs.0006_cause`."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def described() -> list[str]:
    """What `migrate` would do, in Django's words."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{step.app_label}: {operation.describe()}" for step, _ in plan for operation in step.operations]


def check_known(made: Migrations, what: str = "The database") -> None:
    """
    Raises:
        Newer: a change is later than all that this program has for an app.
    """
    known: Migrations = {}
    for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations:
        known.setdefault(app, []).append(name)
    later = [
        f"{app}.{name}"
        for app, names in made.items()
        for name in names
        if app in known and name not in known[app] and _number(name) > max(map(_number, known[app]))
    ]
    if later:
        raise Newer(
            f"{what} was made by a newer version of Faceline ({later[-1]}). "
            "Install that version, or restore a backup from before the upgrade."
        )


def refuse_newer() -> None:
    """At the start of every process. A database that is away may come back, and is no reason not to start.

    Raises:
        Newer: see `check_known`.
    """
    with contextlib.suppress(DatabaseError):
        check_known(applied())


def _number(name: str) -> int:
    found = re.match(r"\d+", name)
    return int(found[0]) if found else 0
