"""Every transition of a run and of its work, in one table; `transitions.py` and `leases.py` alone write states."""

from __future__ import annotations

from faceapp.runs.models import Run, Work

S = Run.State
W = Work.State

ACTIVE = frozenset({S.QUEUED, S.OBSERVING, S.ASSEMBLING})
TERMINAL = frozenset({S.SUCCEEDED, S.FAILED, S.CANCELED})

# a run may come into a state only from these
ALLOWED_FROM: dict[S, frozenset[S]] = {
    S.QUEUED: frozenset(),  # start_run makes it so
    S.OBSERVING: frozenset({S.QUEUED}),  # its first chunk is claimed
    S.ASSEMBLING: frozenset({S.OBSERVING}),  # its last chunk is done
    S.SUCCEEDED: frozenset({S.ASSEMBLING}),  # its result is stored
    S.FAILED: ACTIVE,
    S.CANCELING: ACTIVE,
    S.CANCELED: frozenset({S.CANCELING}),  # nobody works on it any more
}

WORK_ALLOWED_FROM: dict[W, frozenset[W]] = {
    W.LEASED: frozenset({W.WAITING}),  # claimed, attempt + 1
    W.WAITING: frozenset({W.LEASED}),  # given back, or its lease ran out
    W.DONE: frozenset({W.LEASED}),
    W.FAILED: frozenset({W.LEASED}),  # out of tries
}

ASKED_AGAIN_FROM = frozenset({W.DONE, W.FAILED})  # back to waiting: an annotated video, by its user alone
