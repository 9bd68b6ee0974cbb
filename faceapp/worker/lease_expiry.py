"""What happens when a lease expires: its worker is dead or frozen, and the work is tried again, or fails."""

from __future__ import annotations

from django.db import transaction

from faceapp.runs import causes, leases
from faceapp.runs.models import Work
from faceapp.worker.kind import WorkKind, all_kinds


def expire_leases() -> int:
    """Take back what dead or frozen workers hold; work that is out of tries fails. How many leases expired."""
    return sum(_expire(kind) for kind in all_kinds())


def _expire(kind: WorkKind[Work]) -> int:
    rows = kind.model._default_manager.all()
    leases.shorten(rows)
    n_expired = 0
    for work in leases.expired(rows):
        with transaction.atomic():
            state = leases.expire(rows, work)
            if state == Work.State.FAILED:
                kind.on_failed(work, kind.lost, causes.LOST)
        n_expired += state is not None
    return n_expired
