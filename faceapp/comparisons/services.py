"""Saving and deleting comparisons."""

from __future__ import annotations

from faceapp.accounts.models import Team, User
from faceapp.comparisons.columns import Columns
from faceapp.comparisons.models import SavedComparison


def save_comparison(*, team: Team, user: User, name: str, columns: Columns) -> SavedComparison:
    """Under a name of the team's; one of the same name is replaced."""
    saved, _ = SavedComparison.objects.update_or_create(
        team=team, name=name.strip(), defaults={"address": columns.to_query(), "made_by": user}
    )
    return saved


def delete_comparison(*, saved: SavedComparison) -> None:
    saved.delete()
