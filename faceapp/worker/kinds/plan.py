"""Plan: a run's video is cut into chunks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from django.db import transaction
from django.db.models import QuerySet

from analysis import verbs
from analysis.child import EngineProcess, OnProgress, RequestRefused
from analysis.config import AnalysisConfig
from analysis.types import ChunkSpec
from faceapp.runs import dispatch, leases
from faceapp.runs.models import Chunk, Plan
from faceapp.runs.wanted import wanted_plans
from faceapp.worker.kind import Place, register
from faceapp.worker.kinds.step import Step
from faceapp.worker.source import CHANGED, unchanged


@register
class PlanKind(Step[Plan]):
    model = Plan
    doing = "Plans"
    places = (Place.IN_TURN,)
    rank = 30  # after the chunks of the same user: many runs do not hold up the first

    def wanted(self) -> QuerySet[Plan]:
        return wanted_plans()

    def due(self, place: Place) -> QuerySet[Plan]:
        return self.wanted().order_by("run__created_at")

    def perform(self, work: Plan, engine: EngineProcess, report: OnProgress) -> None:
        run = work.run
        planned = engine.do(verbs.PlanChunks(unchanged(run.video), AnalysisConfig.from_dict(run.config)))
        if planned.video.sha256 != run.video.sha256:
            raise RequestRefused("changed", CHANGED)
        finish_plan(work, planned.chunks)


@transaction.atomic
def finish_plan(plan: Plan, chunks: Sequence[ChunkSpec]) -> bool:
    """Whether the caller's attempt was the current one; its run has these chunks then, and workers are notified."""
    finished = leases.finish(wanted_plans(), plan)
    if finished:
        Chunk.objects.bulk_create(Chunk(run_id=plan.run_id, **asdict(chunk)) for chunk in chunks)
        transaction.on_commit(lambda: dispatch.notify_workers(len(chunks)))
    return finished
