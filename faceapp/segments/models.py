"""Segments and cues: what a user marks on a video. They belong to the video, so that a new run leaves them alone."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from faceapp.core.models import UuidModel
from faceapp.library.models import Video


class Mark(UuidModel):
    """A segment, which is half-open, ``[from_s, to_s)``, or a cue, which has no end."""

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="marks")
    name = models.CharField(max_length=80)
    from_s = models.FloatField()
    to_s = models.FloatField(null=True)  # None: a cue

    class Meta:
        ordering = ["from_s", "to_s", "name", "pk"]
        indexes = [models.Index(fields=["video", "from_s"])]

    def __str__(self) -> str:
        return self.name

    @property
    def is_cue(self) -> bool:
        return self.to_s is None

    @property
    def noun(self) -> str:
        return "cue" if self.is_cue else "segment"


class MarkChange(models.Model):
    """One act on the marks of a video, such as an import: what they were before and after it, so that it can be undone.

    `before` and `after` map a mark's id to its ``{"name", "from_s", "to_s"}``, or to null where there was none.
    """

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="mark_changes")
    before = models.JSONField()
    after = models.JSONField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
