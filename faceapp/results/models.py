"""What a run found. Estimates are never overwritten; corrections are rows on top of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from faceapp.runs.models import Run


class Summary(models.Model):
    """What tables, filters and charts need of a track or a person."""

    in_view_s = models.FloatField()
    readings = models.JSONField(default=dict)  # by attribute, each as the published JSON writes it

    class Meta:
        abstract = True


class Person(Summary):
    """All tracks of one individual in a run, as the engine joined them."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="people")
    person_id = models.PositiveIntegerField()
    certainty = models.FloatField()
    start_s = models.FloatField()
    end_s = models.FloatField()

    class Meta:
        ordering = ["run", "person_id"]
        constraints = [models.UniqueConstraint(fields=["run", "person_id"], name="one_person_an_id")]


class Track(Summary):
    """One face followed through one shot."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="tracks")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tracks")
    track_id = models.PositiveIntegerField()
    start_s = models.FloatField()
    end_s = models.FloatField()
    is_static = models.BooleanField(default=False)  # a poster or a screen: left out of audience figures
    quality = models.FloatField()  # of the best picture, 0-1
    n_portraits = models.PositiveSmallIntegerField(default=0)  # saved pictures, best first

    class Meta:
        ordering = ["run", "track_id"]
        constraints = [models.UniqueConstraint(fields=["run", "track_id"], name="one_track_an_id")]
        indexes = [models.Index(fields=["run", "start_s"])]


class Timeline(models.Model):
    """What a track shows over time. `samples` is large: read it for one track, or for those of a short while."""

    track = models.OneToOneField(Track, on_delete=models.CASCADE, primary_key=True, related_name="timeline")
    samples = models.JSONField()  # the columns of docs/result-format.md
    lane = models.JSONField(
        default=dict
    )  # `results.timeline.lane_of` these, which the lanes of all tracks are drawn from
    crop_predictions = models.JSONField(default=dict)  # {"time_s", "quality", "age_years", …}: [n] each


class Correction(models.Model):
    """What a person changed by hand: a row on top of the estimates, with who and when; undone, never deleted."""

    class Kind(models.TextChoices):
        RENAME = "rename", "Renamed"  # payload {"name"}
        SET = "set", "Corrected"  # payload {"field": key of the attribute, "value"}
        MERGE = "merge", "Merged"  # payload {"into": person_id}
        MOVE = "move", "Moved a track"  # payload {"track_id", "to": person_id, which may be a new one}

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="corrections")
    kind = models.CharField(max_length=8, choices=Kind)
    person_id = models.PositiveIntegerField()
    payload = models.JSONField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
