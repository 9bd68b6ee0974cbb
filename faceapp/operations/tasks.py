"""What beat rings for, and the beginning and end of workers."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.signals import beat_init, worker_init, worker_ready, worker_shutting_down
from django.db import connection

from faceapp.operations import presence, schema, services, tidying
from faceapp.operations.backups import asking


@shared_task(name="operations.look")  # type: ignore[untyped-decorator]
def look() -> None:
    services.note_upkeep()


@shared_task(name="operations.truncate_log")  # type: ignore[untyped-decorator]
def truncate_log() -> None:
    services.truncate_log(connection)


@shared_task(name="operations.tidy")  # type: ignore[untyped-decorator]
def tidy() -> None:
    tidying.tidy()


@shared_task(name="operations.back_up")  # type: ignore[untyped-decorator]
def back_up() -> None:
    asking.ask_when_due()


@worker_init.connect  # type: ignore[untyped-decorator]
@beat_init.connect  # type: ignore[untyped-decorator]
def refuse_newer(**_: Any) -> None:
    """A worker of an old version leaves a database of a new one alone."""
    try:
        schema.refuse_newer()
    except schema.Newer as newer:
        raise SystemExit(str(newer)) from None
    finally:
        connection.close()


@worker_ready.connect  # type: ignore[untyped-decorator]
def begin(sender: Any = None, **_: Any) -> None:
    if sender is not None:
        presence.begin(sender.hostname, list(sender.app.amqp.queues.consume_from))


@worker_shutting_down.connect  # type: ignore[untyped-decorator]
def end(**_: Any) -> None:
    presence.end()
