"""Removes rows that nobody reads any more."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db.models import Q
from django.utils import timezone

from faceapp.accounts.models import ApiToken
from faceapp.operations.models import Backup
from faceapp.runs.models import Assembly, Chunk, Plan
from faceapp.runs.states import TERMINAL

log = structlog.get_logger(__name__)

STEPS_KEPT = timedelta(days=1)  # of runs that have ended: whose turn it is counts the last hour, metrics the last day
TOKENS_KEPT = timedelta(days=30)
BACKUPS_KEPT = timedelta(days=90)


def tidy() -> dict[str, int]:
    """How many rows were removed, by table; those of none are left out."""
    now = timezone.now()
    ended = {"run__state__in": TERMINAL, "run__finished_at__lt": now - STEPS_KEPT}
    over = Q(revoked_at__lt=now - TOKENS_KEPT) | Q(expires_at__lt=now - TOKENS_KEPT)
    doomed = {
        "plans": Plan.objects.filter(**ended),
        "chunks": Chunk.objects.filter(**ended),
        "assemblies": Assembly.objects.filter(**ended),
        "tokens": ApiToken.objects.filter(over),
        "backups": Backup.objects.filter(created_at__lt=now - BACKUPS_KEPT),
    }
    removed = {name: n_rows for name, rows in doomed.items() if (n_rows := rows.delete()[0])}
    if removed:
        log.info("tidied", **removed)
    return removed
