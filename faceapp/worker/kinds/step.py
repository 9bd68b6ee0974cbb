"""What plans, chunks and assemblies have in common: they are steps of a run, which fails with them."""

from __future__ import annotations

from typing import TypeVar

from faceapp.runs.models import Assembly, Chunk, Plan
from faceapp.runs.transitions import fail_run, settle_cancel
from faceapp.worker.kind import WorkKind

S = TypeVar("S", Plan, Chunk, Assembly)


class Step(WorkKind[S]):
    lost = "The analysis was interrupted too many times. Its workers stopped or ran out of memory. Run it again."

    def on_failed(self, work: S, sentence: str, cause: str) -> None:
        fail_run(work.run_id, sentence, cause)

    def on_given_back(self, work: S) -> None:
        settle_cancel(work.run_id)
