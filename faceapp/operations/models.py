"""What keeps an installation going, when it was last heard of, and what it did."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from faceapp.runs.models import Work


class Sign(models.Model):
    """The last sign of life of a process that works: a worker, or upkeep, which beat rings for."""

    name = models.CharField(max_length=200, primary_key=True)  # of the process, such as worker1@host
    queues = models.CharField(max_length=200)  # that it listens to, with commas
    version = models.CharField(max_length=40)  # of the program
    seen_at = models.DateTimeField(db_index=True)
    device = models.CharField(max_length=60, blank=True)  # such as "CPU, 8 cores"
    doing = models.CharField(max_length=40, blank=True)  # in a word; empty: it waits
    work = models.CharField(max_length=60, blank=True)  # label of the table of what it does, such as runs.chunk
    work_key = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField(null=True)  # it does that

    def __str__(self) -> str:
        return self.name


class Pause(models.Model):
    """While this row is there, workers finish what they do and begin nothing new."""

    begun_at = models.DateTimeField(auto_now_add=True)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")


class Backup(Work):
    """A backup that was asked for; done when it was read back and found whole."""

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    path = models.CharField(max_length=400, blank=True)
    size_bytes = models.BigIntegerField(default=0)
    n_files = models.PositiveIntegerField(default=0)
    n_missing = models.PositiveIntegerField(default=0)  # files that rows name and that were not there
    error = models.CharField(max_length=400, blank=True)  # a sentence for the operator

    class Meta:
        ordering = ["-created_at"]
