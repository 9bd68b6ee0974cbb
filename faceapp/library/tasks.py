"""Upkeep that Celery beat starts."""

from __future__ import annotations

from celery import shared_task

from faceapp.library.sweeping import sweep


@shared_task(name="library.sweep")  # type: ignore[untyped-decorator]
def sweep_leftovers() -> None:
    sweep()
