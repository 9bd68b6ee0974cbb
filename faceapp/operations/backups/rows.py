"""Rows of any database as lines of JSON, and back. What SQLite held can be put into PostgreSQL, and the reverse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import msgspec
from django.apps.registry import Apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

# who was signed in, which processes lived, and backups, which a restored installation does not have yet
LEFT_OUT = {"sessions.session", "operations.sign", "operations.backup"}
ROWS_AT_A_TIME = 500

Model = type[models.Model]


def tables_of(apps: Apps) -> dict[str, Model]:
    """Every table that is backed up, by label such as `runs.run`."""
    found = {model._meta.label_lower: model for model in apps.get_models(include_auto_created=True)}
    return {label: model for label, model in sorted(found.items()) if model._meta.managed and label not in LEFT_OUT}


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read inside is the database of one moment. Nobody who writes has to wait meanwhile."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")  # not IMMEDIATE, which would lock out who writes
            cursor.execute("SELECT COUNT(*) FROM django_migrations")  # the moment is that of the first reading
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT COUNT(*) FROM django_migrations")
            yield


def lines_of(model: Model) -> Iterator[bytes]:
    """The names of the columns, then each row's values, one line of JSON each."""
    columns = [field.attname for field in model._meta.concrete_fields]
    yield msgspec.json.encode(columns) + b"\n"
    for values in model._base_manager.order_by("pk").values_list(*columns).iterator(chunk_size=ROWS_AT_A_TIME):
        yield msgspec.json.encode(values) + b"\n"


def put_rows(model: Model, lines: Iterable[bytes]) -> int:
    """Insert what `lines_of` gave. How many rows.

    Args:
        model: of a state of the migrations, not of the program: it is changed so that times stay what they were.
        lines: of the same table, with the same columns or fewer.

    Raises:
        ValueError: it is no such text, or a column is not in the table.
    """
    reading = iter(lines)
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    columns: list[str] = msgspec.json.decode(next(reading))
    if unknown := set(columns) - set(by_name):
        raise ValueError(f"{model._meta.label} has no column {min(unknown)}.")
    for field in by_name.values():
        if isinstance(field, models.DateField):
            field.auto_now = field.auto_now_add = False
    n_rows = 0
    while batch := list(islice(reading, ROWS_AT_A_TIME)):
        rows = [
            model(**{name: _python(by_name[name], value) for name, value in zip(columns, values, strict=True)})
            for values in map(msgspec.json.decode, batch)
        ]
        model._base_manager.bulk_create(rows)
        n_rows += len(rows)
    return n_rows


def _python(field: models.Field[Any, Any], value: Any) -> Any:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return value if value is None or isinstance(field, models.JSONField) else field.to_python(value)


def empty(tables: Iterable[Model]) -> None:
    """Of what `migrate` writes into a new database by itself, such as permissions."""
    for model in tables:
        model._base_manager.all()._raw_delete(connection.alias)


def begin_numbers_after(tables: Iterable[Model]) -> None:
    """PostgreSQL: new rows get numbers above those of the rows that were put in."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)
