"""Where signs of life come from: a thread in each worker, and a task that Celery beat starts."""

from __future__ import annotations

import threading
from typing import Any

import structlog
from celery import shared_task
from celery.signals import beat_init, worker_init, worker_ready, worker_shutting_down
from django.db import DatabaseError, connection

from faceapp.operations import schema, services

log = structlog.get_logger(__name__)

ended = threading.Event()


@shared_task(name="operations.look")  # type: ignore[untyped-decorator]
def look() -> None:
    services.note_upkeep()


@shared_task(name="operations.truncate_log")  # type: ignore[untyped-decorator]
def truncate_log() -> None:
    services.truncate_log(connection)


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
    """Also while it works on a video for long, a worker is heard of."""
    if sender is not None:
        arguments = (sender.hostname, list(sender.app.amqp.queues.consume_from))
        threading.Thread(target=_go_on, args=arguments, name="signs", daemon=True).start()


@worker_shutting_down.connect  # type: ignore[untyped-decorator]
def end(**_: Any) -> None:
    ended.set()


def _go_on(name: str, queues: list[str]) -> None:
    while not ended.is_set():
        _try(lambda: services.note_sign(name=name, queues=queues))
        ended.wait(services.SIGN_EVERY_S)
    _try(lambda: services.remove_sign(name=name))


def _try(write: Any) -> None:
    try:
        write()
    except DatabaseError as error:  # it may come back; until then nobody hears of us
        log.warning("no_sign_written", error=str(error))
    finally:
        connection.close()
