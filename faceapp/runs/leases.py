"""The life of one piece of work as conditional UPDATEs: claimed, renewed, finished or given back under a fencing token.

A claimed row in memory is the token: its `attempt` is compared by every later UPDATE, so that a worker that was thought
dead and comes back changes nothing. Only an app's services call this.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone

from faceapp.runs.models import Work
from faceapp.runs.states import ASKED_AGAIN_FROM, WORK_ALLOWED_FROM

State = Work.State
W = TypeVar("W", bound=Work)


def claim_first(rows: QuerySet[W], in_turn: QuerySet[W]) -> W | None:
    """Claim the first row of `in_turn` that no one else claims in the meantime; its attempt goes up by one.

    Args:
        rows: those that may be claimed, said without joins: Django would move joined conditions into a subquery, which
            PostgreSQL does not look at again when it has waited for another claim of the same row.
        in_turn: the same or fewer, in the order of claiming.
    """
    while candidates := list(in_turn.filter(state=State.WAITING)[:8]):
        if (claimed := _claim_one_of(rows, candidates)) is not None:
            return claimed
    return None


def _claim_one_of(rows: QuerySet[W], candidates: list[W]) -> W | None:
    for row in candidates:
        now = timezone.now()
        values = {"state": State.LEASED, "attempt": row.attempt + 1, "leased_at": now, "lease_until": _until()}
        unclaimed = rows.filter(pk=row.pk, attempt=row.attempt, state__in=WORK_ALLOWED_FROM[State.LEASED])
        if unclaimed.update(**values, progress=0.0):
            for name, value in values.items():
                setattr(row, name, value)
            return row
    return None


def renew(rows: QuerySet[W], work: Work, progress: float) -> bool:
    """Whether the lease is still this claim's, and `rows` still holds the work; its time is put forward then."""
    return bool(_held(rows, work).update(lease_until=_until(), progress=min(max(progress, 0.0), 1.0)))


def finish(rows: QuerySet[W], work: Work, **values: Any) -> bool:
    """Whether this claim was the current one; the work is done then."""
    return _leave(rows, work, State.DONE, progress=1.0, finished_at=timezone.now(), **values)


def is_finished(rows: QuerySet[W], work: Work) -> bool:
    """Whether this very claim has finished the work."""
    return rows.filter(pk=work.pk, state=State.DONE, attempt=work.attempt).exists()


def give_back(rows: QuerySet[W], work: Work) -> bool:
    return _leave(rows, work, State.WAITING, progress=0.0)


def count_child_failure(rows: QuerySet[W], work: Work, *, is_final: bool) -> State | None:
    """Give the work back, or fail it when it was the last try. None: the claim was not the current one."""
    is_final = is_final or work.child_failures + 1 >= settings.RUNS_CHILD_TRIES
    state = State.FAILED if is_final else State.WAITING
    return state if _leave(rows, work, state, progress=0.0, child_failures=F("child_failures") + 1) else None


def expire(rows: QuerySet[W], work: Work) -> State | None:
    """As `count_child_failure`, for work whose lease ran out. None: it was renewed or finished in the meantime."""
    still = rows.filter(lease_until=work.lease_until)
    state = State.FAILED if work.worker_failures + 1 >= settings.RUNS_WORKER_TRIES else State.WAITING
    return state if _leave(still, work, state, progress=0.0, worker_failures=F("worker_failures") + 1) else None


def ask_again(rows: QuerySet[W], **values: Any) -> bool:
    """Have work that has ended done anew, with all its tries. False: none of `rows` has ended."""
    fresh = {"child_failures": 0, "worker_failures": 0, "progress": 0.0}
    return bool(rows.filter(state__in=ASKED_AGAIN_FROM).update(state=State.WAITING, **fresh, **values))


def shorten(rows: QuerySet[W]) -> int:
    """Leases that end later than any can: the clock was put back. They begin anew; how many there were."""
    beyond = timezone.now() + timedelta(seconds=2 * settings.RUNS_LEASE_S)
    return rows.filter(state=State.LEASED, lease_until__gt=beyond).update(lease_until=_until())


def expired(rows: QuerySet[W]) -> QuerySet[W]:
    return rows.filter(state=State.LEASED, lease_until__lt=timezone.now())


def _leave(rows: QuerySet[W], work: Work, to: State, **values: Any) -> bool:
    assert State.LEASED in WORK_ALLOWED_FROM[to]
    return bool(_held(rows, work).update(state=to, lease_until=None, **values))


def _held(rows: QuerySet[W], work: Work) -> QuerySet[W]:
    return rows.filter(pk=work.pk, state=State.LEASED, attempt=work.attempt)


def _until() -> Any:
    return timezone.now() + timedelta(seconds=settings.RUNS_LEASE_S)
