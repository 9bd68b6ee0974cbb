"""What operators read about the installation beside `readiness`: what may soon stop, and how to prevent it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from faceapp.core.gate.threads import OTHER_THREADS
from faceapp.operations import readiness, schema
from faceapp.operations.models import Backup, Sign
from faceapp.operations.readiness import Check, Doubtful, Failing
from faceapp.runs.models import Work

A_WORKER = 3  # connections, docs/scaling.md
KEPT_BY_POSTGRES = 3
OFF_S = 2.0  # of two clocks, more than NTP leaves
UNSAFE_AFTER = timedelta(days=7)
ORDER = ("failing", "doubtful", "ok")


@dataclass(frozen=True, slots=True)
class Named:
    """A check under its name on the page."""

    name: str
    check: Check


def look() -> list[Named]:
    """Of all checks, bad ones first."""
    asked = {**readiness.CHECKS, **CHECKS}
    named = [Named(name.replace("_", " ").capitalize(), readiness.found(ask)) for name, ask in asked.items()]
    return sorted(named, key=lambda each: ORDER.index(each.check.status))


def connections() -> str:
    """To PostgreSQL: in use, allowed, and what all processes may need."""
    if connection.vendor != "postgresql":
        return "SQLite has no limit."
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('max_connections')::int, COUNT(*) FROM pg_stat_activity")
        most, n_used = cursor.fetchone()
    n_workers = Sign.objects.filter(seen_at__gt=timezone.now() - readiness.SILENT_AFTER).count()
    needed = settings.WEB_THREADS + OTHER_THREADS + 2 + n_workers * A_WORKER + KEPT_BY_POSTGRES
    if needed > most:
        raise Doubtful(f"{n_used} of {most} are in use, and up to {needed} may be needed. Set max_connections higher.")
    if n_used > 0.8 * most:
        raise Doubtful(f"{n_used} of {most} are in use. Set max_connections higher.")
    return f"{n_used} of {most} are in use."


def clock() -> str:
    """Leases are compared between machines: their clocks must agree."""
    if connection.vendor != "postgresql":
        return "The database is on this machine."
    before = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        there = cursor.fetchone()[0]
    after = timezone.now()
    off_s = max((there - after).total_seconds(), (before - there).total_seconds(), 0.0)
    said = f"This machine and the database differ by {off_s:.1f} s."
    if off_s > settings.RUNS_LEASE_S / 2:
        raise Failing(f"{said} Work is taken from workers that do it. Start NTP on both.")
    if off_s > OFF_S:
        raise Doubtful(f"{said} Start NTP on both.")
    return said


def changes_of_the_database() -> str:
    waiting = cache.get_or_set("operations.waiting_changes", schema.waiting, 60) or []
    if waiting:
        raise Failing(f"{len(waiting)} are waiting, the first is {waiting[0]}. Run: manage.py migrate")
    return "All have been made."


def backups() -> str:
    last = Backup.objects.filter(state=Work.State.DONE).first()
    if last is None:
        raise Doubtful("There is none. Press “Back up now”, or set FACELINE_BACKUP_EVERY_H.")
    failed = Backup.objects.filter(state=Work.State.FAILED, created_at__gt=last.created_at).first()
    if failed:
        raise Failing(f"The last one failed: {failed.error}")
    age = timezone.now() - last.created_at
    allowed = timedelta(hours=2 * settings.BACKUP_EVERY_H) if settings.BACKUP_EVERY_H else UNSAFE_AFTER
    if age > allowed:
        raise Doubtful(f"The last one is {age.days} days old. Press “Back up now”, or set FACELINE_BACKUP_EVERY_H.")
    if last.n_missing:
        raise Doubtful(f"{last.n_missing} files that rows name were missing. Upload their videos again.")
    return "The last one was read back and is whole."


CHECKS: dict[str, Callable[[], str]] = {
    "changes_of_the_database": changes_of_the_database,
    "backups": backups,
    "connections": connections,
    "clock": clock,
}
