"""Figures for Prometheus: what rows and disks say at this moment, and how long requests took.

Requests are counted by each process of the web in files of `PROMETHEUS_MULTIPROC_DIR`, which `faceapp.asgi` names:
whichever process is asked answers for all of this machine.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Count, Sum
from django.utils import timezone
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from faceapp.library.models import Video
from faceapp.operations import overview, pausing, readiness
from faceapp.operations.models import Backup
from faceapp.runs.models import Chunk, Run, Work

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SPEED_OVER = timedelta(minutes=5)
FAILURES_OVER = timedelta(days=1)
own = CollectorRegistry()  # of this process
REQUEST_S = Histogram(
    "faceline_request_seconds",
    "Time from a whole request to its answer, without sending files.",
    ["view", "method", "status"],
    registry=own,
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30),
)


def text() -> bytes:
    """In Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(Rows())
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(registry) + generate_latest(own)


class Rows(Collector):
    """What is read when Prometheus asks."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        for figure in FIGURES:
            yield from figure()


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"faceline_{name}", words, value=value)


def _gauges(name: str, words: str, label: str, values: Iterable[tuple[str, float]]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"faceline_{name}", words, labels=[label])
    for key, value in values:
        family.add_metric([key], value)
    return family


def _queue() -> Iterator[GaugeMetricFamily]:
    oldest = overview.oldest_waiting()
    age_s = (timezone.now() - oldest).total_seconds() if oldest else 0.0
    yield _gauge("queue_runs", "Runs that no worker has begun.", overview.waiting().count())
    yield _gauge("queue_age_seconds", "Since the oldest of them was asked for.", age_s)
    yield _gauge("paused", "1 while workers begin nothing new.", float(pausing.is_paused()))


def _runs() -> Iterator[GaugeMetricFamily]:
    states = dict.fromkeys(Run.State.values, 0) | dict(
        Run.objects.order_by().values_list("state").annotate(n=Count("pk"))
    )
    yield _gauges("runs", "Runs in the database, by state.", "state", states.items())
    recent = Run.objects.filter(state=Run.State.FAILED, finished_at__gt=timezone.now() - FAILURES_OVER).order_by()
    causes = ((cause or "unknown", n) for cause, n in recent.values_list("cause").annotate(n=Count("pk")))
    yield _gauges("failed_runs_day", "Runs that failed in the last 24 hours, by cause.", "cause", causes)


def _workers() -> Iterator[GaugeMetricFamily]:
    rows = overview.workers()
    states = {
        "working": sum(bool(row.doing) and not row.is_silent for row in rows),
        "waiting": sum(not row.doing and not row.is_silent for row in rows),
        "silent": sum(row.is_silent for row in rows),
    }
    yield _gauges("workers", "Workers that were heard of today.", "state", states.items())
    done = Chunk.objects.filter(state=Work.State.DONE, finished_at__gt=timezone.now() - SPEED_OVER).select_related(
        "run"
    )
    speed = sum(map(overview.seconds_of, done)) / SPEED_OVER.total_seconds()
    yield _gauge("video_seconds_per_second", "Video analyzed per second, by all workers, over 5 minutes.", speed)


def _sizes() -> Iterator[GaugeMetricFamily]:
    usage = shutil.disk_usage(settings.MEDIA_ROOT)
    yield _gauges("disk_bytes", "Of the disk of the videos.", "part", [("used", usage.used), ("free", usage.free)])
    videos = Video.objects.aggregate(n=Count("pk"), size=Sum("size_bytes"))
    yield _gauge("videos", "Videos.", videos["n"])
    yield _gauge("videos_bytes", "Their files as they were uploaded.", videos["size"] or 0)
    yield _gauge("database_bytes", "The database.", _database_bytes())
    last = Backup.objects.filter(state=Work.State.DONE).first()
    yield _gauge("last_backup_timestamp_seconds", "When the last good one began; 0: never.", _timestamp(last))


def _ready() -> Iterator[GaugeMetricFamily]:
    checks = ((name, float(check["status"] != "failing")) for name, check in readiness.look()["checks"].items())
    yield _gauges("ready", "1 where the check of /ready/ succeeds.", "check", checks)


def _timestamp(backup: Backup | None) -> float:
    return backup.created_at.timestamp() if backup else 0.0


def _database_bytes() -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    files = (Path(f"{connection.settings_dict['NAME']}{ending}") for ending in ("", "-wal"))
    return sum(file.stat().st_size for file in files if file.exists())


FIGURES: tuple[Callable[[], Iterator[GaugeMetricFamily]], ...] = (_queue, _runs, _workers, _sizes, _ready)
