"""Upkeep that Celery beat starts."""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command

from faceapp.accounts import guessing


@shared_task(name="accounts.tidy")  # type: ignore[untyped-decorator]
def tidy() -> None:
    """Forgets sessions that have ended, and wrong tries that lock nobody any more."""
    call_command("clearsessions")
    guessing.tidy()
