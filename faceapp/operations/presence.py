"""What this process tells of itself: that it lives, and what it does now."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from faceapp.core.processes import count_cards, count_cores
from faceapp.operations import services
from faceapp.runs.models import Work

log = structlog.get_logger(__name__)


class Presence:
    """Of a worker, from when it is ready until it is asked to stop."""

    def __init__(self, name: str, queues: Sequence[str]) -> None:
        self._name, self._queues, self._device = name, queues, _device_of(queues)
        self._doing: dict[str, Any] = {}
        self._ended = threading.Event()

    def begin(self) -> None:
        """Also while it works on a video for long, it is heard of."""
        threading.Thread(target=self._go_on, name="signs", daemon=True).start()

    def end(self) -> None:
        self._ended.set()

    def is_doing(self, word: str, work: Work | None, since: datetime | None) -> None:
        key = {"work": work._meta.label_lower, "work_key": str(work.pk)} if work else {"work": "", "work_key": ""}
        self._doing = {"doing": word, "since": since, **key}
        if work:
            self._tell()

    def _tell(self) -> None:
        try:
            services.note_sign(name=self._name, queues=self._queues, device=self._device, **self._doing)
        except DatabaseError as error:  # it may come back; until then nobody hears of us
            log.warning("no_sign_written", error=str(error))

    def _go_on(self) -> None:
        while not self._ended.is_set():
            self._tell()
            connection.close()
            self._ended.wait(services.SIGN_EVERY_S)
        try:
            services.remove_sign(name=self._name)
        except DatabaseError as error:
            log.warning("no_sign_written", error=str(error))
        finally:
            connection.close()


mine: Presence | None = None  # a command that works without being a worker has none


def begin(name: str, queues: Sequence[str]) -> None:
    global mine
    mine = Presence(name, queues)
    mine.begin()


def end() -> None:
    if mine:
        mine.end()


@contextmanager
def doing(word: str, work: Work) -> Iterator[None]:
    """While this is open, operators read that this worker does this."""
    if mine:
        mine.is_doing(word, work, timezone.now())
    with structlog.contextvars.bound_contextvars(**_facts_of(work)):
        yield
    if mine:
        mine.is_doing("", None, None)


def _facts_of(work: Work) -> dict[str, str]:
    """What every line of the log says meanwhile."""
    facts = {"work": f"{work._meta.label_lower}:{work.pk}"}
    if run_id := getattr(work, "run_id", None):
        facts["run"] = str(run_id)
    return facts


def _device_of(queues: Sequence[str]) -> str:
    if "gpu" in queues and settings.RUNS_DEVICE != "cpu" and (n_cards := count_cards()):
        return f"GPU, {n_cards} card{'s' if n_cards > 1 else ''}"
    n_cores = count_cores()
    return f"CPU, {n_cores} core{'s' if n_cores > 1 else ''}"
