from __future__ import annotations

from django.db import models

from faceapp.library.models import Video
from faceapp.runs.models import Work


class Stamp(Work):
    """A stamp that is to be put on a video."""

    video = models.OneToOneField(Video, on_delete=models.CASCADE, related_name="+")
    takes_s = models.FloatField()
    size_bytes = models.PositiveBigIntegerField(null=True)  # of the stamped video
    error = models.CharField(max_length=400, blank=True)
