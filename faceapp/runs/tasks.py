"""What beat asks for; runs in the `upkeep` queue, so that it never waits behind a video."""

from __future__ import annotations

from celery import shared_task

from faceapp.runs import reaper


@shared_task(name="runs.reap")  # type: ignore[untyped-decorator]
def reap() -> None:
    reaper.reap()
