"""Projects, the videos in them, and uploads that are under way."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from analysis.attributes import attributes, switches
from analysis.config import DEFAULT_SWITCHES
from faceapp.accounts.models import Team
from faceapp.core.models import UuidModel


def default_switches() -> list[str]:
    """What a new project has on: what is sensitive is off."""
    sensitive = {attribute.switch.key for attribute in attributes().values() if attribute.is_sensitive}
    return [key for key in DEFAULT_SWITCHES if key not in sensitive]


class Project(UuidModel):
    """A team's work on one question; decides which attributes may be computed at all."""

    class Mode(models.TextChoices):
        CONTENT = "content", "Content: the people on screen"
        AUDIENCE = "audience", "Audience: people who watch something"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="projects")
    name = models.CharField(max_length=120)
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.CONTENT)
    purpose = models.CharField(max_length=400, blank=True)
    switches = models.JSONField(default=default_switches, blank=True)  # keys of those that are on
    is_sample = models.BooleanField(default=False)  # holds the video that ships with the product, and nothing else
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["team"], condition=models.Q(is_sample=True), name="one_sample_a_team")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def attributes(self) -> tuple[str, ...]:
        """The switches of what runs of this project compute, and of what may be seen of those that are done.

        One of a plugin that is gone is off.
        """
        return tuple(key for key in switches() if key in self.switches)


class Video(UuidModel):
    """A file we hold, its hash and its probe. `name` is for display only, never a path."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="videos")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=400)
    file = models.FileField(upload_to="videos/", max_length=200)
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    container = models.CharField(max_length=60)
    codec = models.CharField(max_length=40)
    width_px = models.PositiveIntegerField()
    height_px = models.PositiveIntegerField()
    frame_rate = models.FloatField()
    duration_s = models.FloatField()
    has_sound = models.BooleanField(default=False)
    plays_in_browser = models.BooleanField(default=True)
    poster = models.FileField(upload_to="posters/", max_length=200, blank=True)
    proxy = models.FileField(upload_to="proxies/", max_length=200, blank=True)  # h264, where the browser cannot play

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["project", "sha256"], name="one_video_a_file")]

    def __str__(self) -> str:
        return self.name


class Upload(UuidModel):
    """A file on its way in (tus 1.0); bytes lie beside the media until all are here and the probe has passed."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="uploads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=400)
    size_bytes = models.BigIntegerField(null=True)  # None while the client has not said it
    offset_bytes = models.BigIntegerField(default=0)
    video = models.ForeignKey(Video, null=True, on_delete=models.CASCADE, related_name="+")  # once accepted
    refusal = models.CharField(max_length=400, blank=True)  # the sentence, once refused
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True)
