"""What the page Operations shows, read from rows: workers, work that waits or has failed, disk, backups."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.utils import timezone

from faceapp.library.models import Video
from faceapp.operations.models import Backup, Pause, Sign
from faceapp.operations.readiness import SILENT_AFTER
from faceapp.runs.causes import Cause, cause_of
from faceapp.runs.models import Chunk, Run, Work

MEASURED_OVER = timedelta(hours=1)
FAILED_SHOWN = timedelta(days=7)
GROWTH_OVER = timedelta(days=14)
MOST_ROWS = 50
S = Run.State


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerRow:
    """A worker and what it does. `speed`: seconds of video per second, of what it does now."""

    name: str
    device: str
    version: str
    is_silent: bool
    doing: str
    what: str
    progress: float | None
    since: datetime | None
    speed: float | None
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class FailedRow:
    """A run that failed, with nothing newer of its video."""

    run: Run
    cause: Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """That of the videos. `full_in_days`: at the growth of the last two weeks; None when that is far away."""

    used_share: float
    total_bytes: int
    free_bytes: int
    full_in_days: int | None


def workers() -> list[WorkerRow]:
    """Those that were heard of today and do more than upkeep, by name."""
    signs = [sign for sign in Sign.objects.order_by("name") if sign.queues not in ("", "upkeep")]
    held = _work_of(signs)
    return [_worker_row(sign, held.get((sign.work, sign.work_key))) for sign in signs]


def _work_of(signs: Sequence[Sign]) -> dict[tuple[str, str], Work]:
    """By table and key: the work that workers say they do, as far as they still hold it."""
    keys: dict[str, list[str]] = defaultdict(list)
    for sign in signs:
        if sign.work:
            keys[sign.work].append(sign.work_key)
    found: dict[tuple[str, str], Work] = {}
    for label, wanted in keys.items():
        model: type[Work] = apps.get_model(label)
        names = {field.name for field in model._meta.get_fields()}
        joined = "run__video" if "run" in names else "video" if "video" in names else None
        rows = model._default_manager.filter(pk__in=wanted, state=Work.State.LEASED)
        for work in rows.select_related(joined) if joined else rows:
            found[label, str(work.pk)] = work
    return found


def _worker_row(sign: Sign, work: Any) -> WorkerRow:
    run = getattr(work, "run", None)
    video = run.video if run else getattr(work, "video", None)
    return WorkerRow(
        name=sign.name,
        device=sign.device,
        version=sign.version,
        is_silent=timezone.now() - sign.seen_at > SILENT_AFTER,
        doing=sign.doing if work else "",
        what=video.name if video else "",
        progress=work.progress if work else None,
        since=sign.since if work else None,
        speed=_speed_of(work) if isinstance(work, Chunk) and work.leased_at else None,
        seen_at=sign.seen_at,
    )


def _speed_of(chunk: Chunk) -> float | None:
    elapsed_s = (timezone.now() - chunk.leased_at).total_seconds() if chunk.leased_at else 0.0
    return chunk.progress * seconds_of(chunk) / elapsed_s if elapsed_s > 1 and chunk.progress else None


def seconds_of(chunk: Chunk) -> float:
    """Of the video."""
    return (chunk.end_sample - chunk.first_sample) / float(chunk.run.config.get("sample_rate") or 5.0)


def speed_of_a_worker() -> float | None:
    """Seconds of video that one analyzed per second of work, over the last hour; None: it did nothing."""
    done = Chunk.objects.filter(state=Work.State.DONE, finished_at__gt=timezone.now() - MEASURED_OVER)
    video_s = work_s = 0.0
    for chunk in done.select_related("run"):
        if chunk.leased_at and chunk.finished_at:
            video_s += seconds_of(chunk)
            work_s += (chunk.finished_at - chunk.leased_at).total_seconds()
    return video_s / work_s if work_s else None


def waiting() -> QuerySet[Run]:
    return Run.objects.filter(state=S.QUEUED).select_related("video__project").order_by("created_at")


def oldest_waiting() -> datetime | None:
    first = waiting().first()
    return first.created_at if first else None


def empty_in_s(n_workers: int) -> float | None:
    """When the queue is empty, if nothing is added; None: not known."""
    speed = speed_of_a_worker()
    left_s = waiting().aggregate(total=Sum("video__duration_s"))["total"] or 0.0
    return left_s / speed / n_workers if speed and n_workers and left_s else None


def failed() -> list[FailedRow]:
    """Of the last week, newest first, without those of videos that have a newer run."""
    newer = Run.objects.filter(video=OuterRef("video"), created_at__gt=OuterRef("created_at"))
    rows = Run.objects.filter(~Exists(newer), state=S.FAILED, finished_at__gt=timezone.now() - FAILED_SHOWN)
    shown = rows.select_related("video__project").order_by("-finished_at")[:MOST_ROWS]
    return [FailedRow(run, cause_of(run.cause)) for run in shown]


def done_today() -> QuerySet[Run]:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    done = Run.objects.filter(state=S.SUCCEEDED, finished_at__gte=midnight)
    return done.select_related("video__project").order_by("-finished_at")


def disk() -> Disk:
    usage = shutil.disk_usage(settings.MEDIA_ROOT)
    recent = Video.objects.filter(created_at__gt=timezone.now() - GROWTH_OVER)
    grown = recent.aggregate(total=Sum("size_bytes"))["total"] or 0
    left = usage.free - settings.KEEP_FREE_BYTES
    days = int(left / (grown / GROWTH_OVER.days)) if grown and left > 0 else None
    return Disk(
        used_share=usage.used / usage.total,
        total_bytes=usage.total,
        free_bytes=usage.free,
        full_in_days=days if days is not None and days < 365 else None,
    )


def current_pause() -> Pause | None:
    return Pause.objects.select_related("begun_by").first()


def last_backups() -> QuerySet[Backup]:
    return Backup.objects.all()[:4]
