"""What keeps an installation going, and when it was last heard of."""

from __future__ import annotations

from django.db import models


class Sign(models.Model):
    """The last sign of life of a process that works: a worker, or upkeep, which Celery beat starts."""

    name = models.CharField(max_length=200, primary_key=True)  # of the process, such as worker1@host
    queues = models.CharField(max_length=200)  # that it listens to, with commas
    version = models.CharField(max_length=40)  # of the program
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.name
