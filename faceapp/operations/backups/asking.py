"""Backups that workers make: asked for on a page, or by the clock."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from faceapp.accounts.models import User
from faceapp.operations.backups.making import PATTERN, Made
from faceapp.operations.models import Backup
from faceapp.runs import dispatch
from faceapp.runs.models import Work

UNDER_WAY = (Work.State.WAITING, Work.State.LEASED)


def ask_for_backup(*, user: User | None) -> Backup:
    """One that is under way is given back instead."""
    asked = Backup.objects.filter(state__in=UNDER_WAY).first()
    if asked is None:
        asked = Backup.objects.create(asked_by=user)
        dispatch.notify_workers()
    return asked


def note_made(made: Made) -> Backup:
    """One that was made by a command, for the page Operations."""
    facts = {"path": str(made.path), "size_bytes": made.size_bytes, "n_files": made.n_files}
    done = {"state": Work.State.DONE, "finished_at": timezone.now(), "progress": 1.0, "n_missing": len(made.missing)}
    return Backup.objects.create(**facts, **done)


def ask_when_due() -> bool:
    """Whether the last backup is older than `FACELINE_BACKUP_EVERY_H` hours, and one was asked for."""
    if not settings.BACKUP_EVERY_H:
        return False
    recent = timezone.now() - timedelta(hours=settings.BACKUP_EVERY_H)
    if Backup.objects.filter(created_at__gt=recent).exclude(state=Work.State.FAILED).exists():
        return False
    ask_for_backup(user=None)
    return True


def remove_old(folder: Path) -> int:
    """All but the newest `FACELINE_BACKUP_KEEP` of those that are named by their time. How many were removed."""
    old = sorted(folder.glob(PATTERN), reverse=True)[settings.BACKUP_KEEP :]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
