"""Whose turn it is: one user's long queue does not keep the others waiting."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from django.db.models import Count, Max, Q
from django.utils import timezone

from faceapp.runs.models import Work
from faceapp.worker.kind import Place, kinds_at

SERVED_FOR = timedelta(hours=1)  # how long a user who was served stands behind the others
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def users_in_turn() -> list[int | None]:
    """The ids of users with waiting work, in the order of claiming; None: work that nobody waits for any more.

    First comes who has the fewest pieces of work under way, then who was served longest ago.
    """
    users = _waiting_users()
    if len(users) < 2:
        return list(users)
    n_leased: Counter[int | None] = Counter()
    last_at: dict[int | None, datetime] = {}
    for kind in kinds_at(Place.IN_TURN):
        rows = kind.model._default_manager.order_by().filter(leased_at__gte=timezone.now() - SERVED_FOR)
        leased = Count("pk", filter=Q(state=Work.State.LEASED))
        for user_id, n, at in rows.values_list(kind.user).annotate(n_leased=leased, last_at=Max("leased_at")):
            n_leased[user_id] += n
            last_at[user_id] = max(at, last_at.get(user_id, LONG_AGO))
    return sorted(users, key=lambda user_id: (n_leased[user_id], last_at.get(user_id, LONG_AGO), user_id or 0))


def _waiting_users() -> set[int | None]:
    found: set[int | None] = set()
    for kind in kinds_at(Place.IN_TURN):
        waiting = kind.wanted().filter(state=Work.State.WAITING).order_by()
        found.update(waiting.values_list(kind.user, flat=True).distinct())
    return found
