"""What is made on request and kept: the annotated video of a run."""

from __future__ import annotations

from django.db import models

from faceapp.runs.models import Run, Work


class Annotated(Work):
    """A copy of a run's video with boxes and names. `tag` says which corrections it shows; others make it old."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="annotated")
    tag = models.CharField(max_length=24, blank=True)
    file = models.FileField(upload_to="annotated/", max_length=200, blank=True)
    error = models.CharField(max_length=400, blank=True)  # a sentence for the user
