"""Doorbells of this app: a worker makes annotated videos until none is waiting; beat looks after the rest."""

from __future__ import annotations

from celery import shared_task
from django.db import close_old_connections

from faceapp.reports import annotating, making


@shared_task(name="reports.annotate")  # type: ignore[untyped-decorator]
def annotate() -> None:
    close_old_connections()
    while (work := annotating.claim()) is not None:
        making.make(work)


@shared_task(name="reports.reap")  # type: ignore[untyped-decorator]
def reap() -> None:
    annotating.reap()
