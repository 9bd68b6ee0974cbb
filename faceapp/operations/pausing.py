"""Pauses and resumes the work of all workers."""

from __future__ import annotations

from faceapp.accounts.models import User
from faceapp.operations.models import Pause
from faceapp.runs import dispatch

THE_PAUSE = 1  # there is one, or none


def is_paused() -> bool:
    return Pause.objects.exists()


def pause(*, user: User) -> None:
    """Workers finish what they do, and begin nothing new."""
    Pause.objects.get_or_create(pk=THE_PAUSE, defaults={"begun_by": user})


def resume(*, n_waiting: int = 1) -> None:
    """Workers begin again; those that the message does not reach, with the reaper's next one."""
    Pause.objects.all().delete()
    dispatch.notify_workers(n_waiting)
