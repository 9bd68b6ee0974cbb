"""Signs of life, and what is done to the database by the clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from importlib import metadata
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from faceapp.operations.models import Sign

SIGN_EVERY_S = 10
FORGOTTEN_AFTER = timedelta(days=1)
UPKEEP = "upkeep"  # the name under which upkeep by Celery beat is noted


def program_version() -> str:
    return metadata.version("faceline")


def note_sign(*, name: str, queues: Iterable[str], **doing: Any) -> None:
    """This process, which listens to these queues, is alive now. `doing` are further columns of `Sign`."""
    values = {"queues": ",".join(sorted(queues)), "version": program_version(), "seen_at": timezone.now()}
    Sign.objects.update_or_create(name=name, defaults=values | doing)


def note_upkeep() -> None:
    """Beat, the broker and a worker of upkeep are alive. Forgets processes that ended long ago."""
    note_sign(name=UPKEEP, queues=[])
    Sign.objects.filter(seen_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()


def truncate_log(connection: BaseDatabaseWrapper) -> None:
    """SQLite: what was deleted goes from the file of changes (`-wal`) as well, which else keeps it for long."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def remove_sign(*, name: str) -> None:
    Sign.objects.filter(name=name).delete()
