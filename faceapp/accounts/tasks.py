"""Upkeep that beat rings for."""

from __future__ import annotations

from axes.models import AccessAttempt
from celery import shared_task
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone


@shared_task(name="accounts.tidy")  # type: ignore[untyped-decorator]
def tidy() -> None:
    """Forgets sessions that have ended, and wrong tries that lock nobody any more."""
    call_command("clearsessions")
    AccessAttempt.objects.filter(attempt_time__lt=timezone.now() - settings.AXES_COOLOFF_TIME).delete()
