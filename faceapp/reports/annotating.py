"""The annotated video: asked for on a page, made by a worker under a lease. Rows are the truth; messages only ring."""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from faceapp.audience.selectors import VideoAudience
from faceapp.celery import app
from faceapp.reports.models import Annotated
from faceapp.runs import files, leases
from faceapp.runs.models import Run

logger = logging.getLogger(__name__)

TASK = "reports.annotate"
State = Annotated.State
DIED = "The annotated video could not be made: the program that makes it ended unexpectedly. Try again."


def request_annotated(audience: VideoAudience) -> Annotated:
    """Ask for a run's annotated video with today's corrections; one that is there or on its way is given back."""
    tag = tag_of(audience)
    work, is_new = Annotated.objects.get_or_create(run=audience.run, defaults={"tag": tag})
    again = Annotated.objects.filter(pk=work.pk, state__in=(State.DONE, State.FAILED))
    if work.state == State.DONE:
        again = again.exclude(tag=tag)
    fresh = {"child_failures": 0, "worker_failures": 0, "progress": 0.0, "error": "", "tag": tag}
    if again.update(state=State.WAITING, **fresh) or is_new:
        ring()
    work.refresh_from_db()
    return work


def tag_of(audience: VideoAudience) -> str:
    """Changes with every correction that the video would show."""
    return hashlib.sha256(json.dumps(names_of(audience), sort_keys=True).encode()).hexdigest()[:24]


def names_of(audience: VideoAudience) -> dict[str, Any]:
    """What analysis.video.annotate reads: whose each track is, and what to call them."""
    return {
        "people": {str(track.track_id): person.person_id for person in audience.people for track in person.tracks},
        "captions": {
            str(person.person_id): f"{person.name} · {person.age.years}" if person.age else person.name
            for person in audience.people
        },
    }


def current(audience: VideoAudience) -> Annotated | None:
    """The row of this run, if it was ever asked for."""
    return Annotated.objects.filter(run=audience.run).first()


def claim() -> Annotated | None:
    waiting = Annotated.objects.filter(run__state=Run.State.SUCCEEDED).select_related("run__video")
    return leases.claim_first(Annotated.objects.all(), waiting.order_by("pk"))


def finish(work: Annotated, made: Path, tag: str) -> bool:
    """Put a finished file in its place; False when another worker's attempt is the current one."""
    name = f"annotated/{work.run_id}-{work.attempt}.mp4"
    target = files.path_of(name)
    made.replace(target)
    before = str(work.file.name or "")
    if not leases.finish(Annotated.objects.all(), work, file=name, tag=tag, error=""):
        target.unlink(missing_ok=True)
        return False
    if before and before != name:
        default_storage.delete(before)
    return True


def fail(work: Annotated, sentence: str, *, is_final: bool = False) -> None:
    """Try again, or fail with the sentence when it was the last try."""
    if leases.count_child_failure(rows(), work, is_final=is_final) == State.FAILED:
        rows().filter(pk=work.pk).update(error=sentence)


def reap() -> None:
    """Give back what dead workers hold, and ring for what waits; safe at any time, by any number at once."""
    for work in leases.expired(rows()):
        if leases.expire(rows(), work) == State.FAILED:
            rows().filter(pk=work.pk).update(error=DIED)
    if rows().filter(state=State.WAITING).exists():
        ring()


def ring() -> bool:
    """Wake a worker. False when the queue is not reachable: the upkeep rings again."""
    try:
        with app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=0, timeout=settings.CELERY_BROKER_CONNECTION_TIMEOUT)
            app.send_task(TASK, connection=connection, retry=False, expires=settings.RUNS_BELL_EXPIRES_S)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("the queue is not reachable: %s", error)
        return False
    return True


def rows() -> QuerySet[Annotated]:
    return Annotated.objects.all()
