"""Chunk: a part of a video is observed; what is seen becomes a checkpoint."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from analysis import verbs
from analysis.child import EngineProcess, OnProgress
from analysis.config import AnalysisConfig
from analysis.types import ChunkSpec
from faceapp.runs import files, leases
from faceapp.runs.models import Chunk
from faceapp.runs.transitions import begin_observing, open_assembly
from faceapp.runs.wanted import wanted_chunks
from faceapp.worker.kind import Place, register
from faceapp.worker.kinds.step import Step
from faceapp.worker.source import unchanged


@register
class ChunkKind(Step[Chunk]):
    model = Chunk
    doing = "Analyzes"
    places = (Place.IN_TURN,)
    rank = 20

    def wanted(self) -> QuerySet[Chunk]:
        return wanted_chunks()

    def due(self, place: Place) -> QuerySet[Chunk]:
        return self.wanted().order_by("run__created_at", "index")

    @transaction.atomic
    def claim(self, in_order: QuerySet[Chunk]) -> Chunk | None:
        chunk = super().claim(in_order)
        if chunk is not None:
            begin_observing(chunk.run_id)
        return chunk

    def perform(self, work: Chunk, engine: EngineProcess, report: OnProgress) -> None:
        spec = ChunkSpec(work.index, work.first_sample, work.end_sample, work.seek_pts)
        config = AnalysisConfig.from_dict(work.run.config)
        name = files.checkpoint_name(work.run_id, work.index, work.attempt)
        engine.do(verbs.Observe(unchanged(work.run.video), spec, config, files.path_of(name)), report)
        finish_chunk(work, name)


def finish_chunk(chunk: Chunk, checkpoint: str) -> bool:
    """Whether the caller's attempt was the current one; the chunk is done then, its run perhaps ready to assemble."""
    finished = leases.finish(wanted_chunks(), chunk, checkpoint=checkpoint)
    open_assembly(chunk.run_id)  # in a statement of its own: of two last ones at once, the later sees both
    return finished
