"""Runs and their background work. These rows are the truth about work; messages only notify workers."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from faceapp.core.models import UuidModel
from faceapp.library.models import Video


class Run(UuidModel):
    """One analysis of a video with one frozen config. Terminal states never leave; "run again" makes a new Run."""

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"  # not planned yet, or no chunk has been claimed yet
        OBSERVING = "observing", "Finding people"  # chunks are being worked on
        ASSEMBLING = "assembling", "Combining results"  # all chunks are done, the result is being made
        SUCCEEDED = "succeeded", "Ready"
        FAILED = "failed", "Failed"  # `error` says why
        CANCELING = "canceling", "Canceling"  # asked for; workers stop at their next look
        CANCELED = "canceled", "Canceled"

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="runs")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED, db_index=True)
    config = models.JSONField()  # AnalysisConfig.to_dict()
    error = models.CharField(max_length=400, blank=True)  # a sentence for the user
    cause = models.CharField(max_length=40, blank=True)  # of a failure, for operators (`runs.causes`)
    warnings = models.JSONField(default=list)  # [{"code", "text", "from_s"}]
    device = models.CharField(max_length=60, blank=True)  # such as "cpu, openvino, f32"
    engine = models.JSONField(default=dict)  # {"version", "device", "runtime", "precision"} of the result
    weights = models.JSONField(default=dict)  # {name: {"version", "sha256"}} of the networks that were opened
    shots = models.JSONField(default=list)  # [[start_s, end_s], …]
    result_file = models.FileField(upload_to="results/", max_length=200, blank=True)  # result.json, never changed
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]


class Work(models.Model):
    """What one worker does at a time under a lease; `attempt` is the fencing token of the lease."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        LEASED = "leased", "Leased"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"  # out of tries

    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempt = models.PositiveIntegerField(default=0)  # how often it was claimed
    leased_at = models.DateTimeField(null=True)  # of the last claim
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    child_failures = models.PositiveIntegerField(default=0)  # the worker's process for the engine died: 2 tries
    worker_failures = models.PositiveIntegerField(default=0)  # the lease ran out: 3 tries
    progress = models.FloatField(default=0)  # 0-1 of the present attempt

    class Meta:
        abstract = True


class Plan(Work):
    """Cutting a run's video into chunks: the first that is done for it."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="plan")

    class Meta:
        indexes = [models.Index(fields=["leased_at"])]


class Chunk(Work):
    """A part of a run that one worker observes."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="chunks")
    index = models.PositiveIntegerField()
    first_sample = models.BigIntegerField()
    end_sample = models.BigIntegerField()
    seek_pts = models.BigIntegerField()
    checkpoint = models.CharField(max_length=200, blank=True)  # storage name of the observations

    class Meta:
        ordering = ["run", "index"]
        constraints = [models.UniqueConstraint(fields=["run", "index"], name="one_chunk_an_index")]
        indexes = [models.Index(fields=["state", "lease_until"]), models.Index(fields=["leased_at"])]


class Assembly(Work):
    """Putting a run's chunks together; may be claimed once all of them are done."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="assembly")


class Annotated(Work):
    """A copy of a run's video with boxes and names, asked for on its page, perhaps again.

    `tag` says which corrections it shows; others make it old.
    """

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="annotated")
    tag = models.CharField(max_length=24, blank=True)
    file = models.FileField(upload_to="annotated/", max_length=200, blank=True)
    error = models.CharField(max_length=400, blank=True)  # a sentence for the user

    class Meta:
        db_table = "reports_annotated"  # where it was first


class Proxy(Work):
    """The h264 copy of a video that no browser plays."""

    video = models.OneToOneField(Video, on_delete=models.CASCADE, related_name="proxy_work")
