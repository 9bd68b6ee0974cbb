"""Puts right what dead workers, lost messages and crashes left behind; safe at any time, by any number at once."""

from __future__ import annotations

import logging

from faceapp.runs import dispatch, files, services
from faceapp.runs.models import Run
from faceapp.runs.states import TERMINAL

logger = logging.getLogger(__name__)


def reap() -> None:
    """Every 10 s: leases that ran out, runs that stand still, files that nobody needs, bells that were lost."""
    if n_expired := services.expire_leases():
        logger.warning("%s leases ran out", n_expired)
    services.settle_runs()
    remove_orphans()
    if n_waiting := services.count_waiting():
        dispatch.ring(n_waiting)


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
        if not services.is_being_made(owner_id, attempt):
            files.remove_making(owner_id, attempt)
