"""Puts right what dead workers, lost messages and crashes left behind. Safe at any time, by any number at once."""

from __future__ import annotations

import logging
from uuid import UUID

from faceapp.runs import dispatch, files
from faceapp.runs.models import Run, Work
from faceapp.runs.states import TERMINAL
from faceapp.runs.transitions import settle_runs
from faceapp.worker.claiming import count_waiting
from faceapp.worker.kind import all_kinds
from faceapp.worker.lease_expiry import expire_leases

logger = logging.getLogger(__name__)


def reap() -> None:
    """Every 10 s: expired leases, runs that stand still, files that nobody needs, workers who were not notified."""
    if n_expired := expire_leases():
        logger.warning("%s leases expired", n_expired)
    settle_runs()
    remove_orphans()
    if n_waiting := count_waiting():
        dispatch.notify_workers(n_waiting)


def remove_orphans() -> None:
    """Remove checkpoints of runs that have ended or are gone; of those that failed, half-stored results as well.

    And what attempts at copies left that nobody holds any more.
    """
    for run_id in files.runs_with_checkpoints():
        state = Run.objects.filter(pk=run_id).values_list("state", flat=True).first()
        if state is not None and state not in TERMINAL:
            continue
        if state != Run.State.SUCCEEDED:
            files.remove_results(run_id)
        files.remove_checkpoints(run_id)
    for owner_id, attempt in files.attempts_in_the_making():
        if not _is_being_made(owner_id, attempt):
            files.remove_making(owner_id, attempt)


def _is_being_made(owner_id: UUID, attempt: int) -> bool:
    """Whether a worker holds this attempt at a copy of this video or run."""
    held = {"attempt": attempt, "state": Work.State.LEASED}
    copies = [kind for kind in all_kinds() if kind.copy_of]
    return any(kind.model._default_manager.filter(**{kind.copy_of: owner_id}, **held).exists() for kind in copies)
