"""Which piece of work a worker does next."""

from __future__ import annotations

from collections.abc import Iterator

from faceapp.operations.pausing import is_paused
from faceapp.runs.models import Work
from faceapp.worker.fairness import users_in_turn
from faceapp.worker.kind import Place, all_kinds, kinds_at


def claim_work(queue: str) -> Work | None:
    """The piece of work of this queue that is due next, leased to the caller; None when there is none.

    While everything is paused, maintenance alone is due.
    """
    return next(_claims_at(Place.MAINTENANCE, queue) if is_paused() else _claims(queue), None)


def count_waiting() -> int:
    """Pieces of work that a worker could claim now."""
    return sum(kind.wanted().filter(state=Work.State.WAITING).count() for kind in all_kinds())


def _claims(queue: str) -> Iterator[Work]:
    for place in Place:
        yield from _claims_in_turn(queue) if place is Place.IN_TURN else _claims_at(place, queue)


def _claims_at(place: Place, queue: str) -> Iterator[Work]:
    for kind in kinds_at(place, queue):
        if claimed := kind.claim(kind.due(place)):
            yield claimed


def _claims_in_turn(queue: str) -> Iterator[Work]:
    kinds = list(kinds_at(Place.IN_TURN, queue))
    for user_id in users_in_turn() if kinds else ():
        for kind in kinds:
            if claimed := kind.claim(kind.due(Place.IN_TURN).filter(**{kind.user: user_id})):
                yield claimed
