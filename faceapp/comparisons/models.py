"""Comparisons that somebody gave a name."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from faceapp.accounts.models import Team
from faceapp.core.models import UuidModel


class SavedComparison(UuidModel):
    """Columns under a name, for everyone in the team. The figures are computed anew each time."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="comparisons")
    name = models.CharField(max_length=120)
    address = models.TextField()  # of the page, without the question mark: `Columns.to_query`
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="one_comparison_a_name")]

    def __str__(self) -> str:
        return self.name
