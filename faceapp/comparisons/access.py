"""The only way a view gets a saved comparison: to a stranger it is not there."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from faceapp.accounts.access import teams_of
from faceapp.accounts.models import User
from faceapp.comparisons.models import SavedComparison


def comparisons_of(user: User) -> QuerySet[SavedComparison]:
    return SavedComparison.objects.filter(team__in=teams_of(user))


def get_comparison_or_404(user: User, pk: UUID) -> SavedComparison:
    return get_object_or_404(comparisons_of(user), pk=pk)
