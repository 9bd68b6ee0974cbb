"""Every change of a run's state.

Each is an UPDATE whose WHERE names the states that the run may come from (the table in `states.py`), and whose row
count says whether it happened.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone

from faceapp.runs import leases
from faceapp.runs.models import Assembly, Chunk, Plan, Run, Work
from faceapp.runs.states import ALLOWED_FROM
from faceapp.runs.wanted import wanted_assemblies

S = Run.State
STEPS = (Plan, Chunk, Assembly)  # the work of a run: without one of them it comes to no result


def move(run_id: UUID, to: S, **values: Any) -> bool:
    """Bring a run into a state. False: the table does not allow it from where the run is."""
    return bool(Run.objects.filter(pk=run_id, state__in=ALLOWED_FROM[to]).update(state=to, **values))


def begin_observing(run_id: UUID) -> bool:
    """Its first chunk was claimed."""
    return move(run_id, S.OBSERVING, started_at=timezone.now())


def open_assembly(run_id: UUID) -> bool:
    """Have a run assembled once all of its chunks are done."""
    undone = Chunk.objects.filter(run=OuterRef("pk")).exclude(state=Work.State.DONE)
    ready = Run.objects.filter(~Exists(undone), pk=run_id, state__in=ALLOWED_FROM[S.ASSEMBLING])
    return bool(ready.update(state=S.ASSEMBLING))


def finish_run(*, run: Run, attempt: int, **facts: Any) -> bool:
    """Whether the assembly with this attempt was the current one; the run has succeeded then, with these columns.

    Called by `results.services.store_result` inside the transaction that stores the rows.
    """
    assembly = Assembly(pk=run.assembly.pk, attempt=attempt)
    if not leases.finish(wanted_assemblies(), assembly):
        return False
    return move(run.pk, S.SUCCEEDED, finished_at=timezone.now(), **facts)


def fail_run(run_id: UUID, sentence: str, cause: str = "") -> bool:
    """End a run with a sentence for its user, and one of `runs.causes` for operators."""
    return move(run_id, S.FAILED, error=sentence[:400], cause=cause[:40], finished_at=timezone.now())


def settle_cancel(run_id: UUID) -> bool:
    """End a run that was asked to end, once nobody works on it."""
    worked_on = [Exists(step._default_manager.filter(run=OuterRef("pk"), state=Work.State.LEASED)) for step in STEPS]
    idle = Run.objects.filter(*(~one for one in worked_on), pk=run_id, state__in=ALLOWED_FROM[S.CANCELED])
    return bool(idle.update(state=S.CANCELED, finished_at=timezone.now()))


def settle_runs() -> None:
    """Move on the runs whose worker died between the last piece of work and the change of state."""
    for run_id in Run.objects.filter(state=S.OBSERVING).values_list("pk", flat=True):
        open_assembly(run_id)
    for run_id in Run.objects.filter(state=S.CANCELING).values_list("pk", flat=True):
        settle_cancel(run_id)
