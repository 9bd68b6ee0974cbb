"""Assembly: the checkpoints of a run become its result."""

from __future__ import annotations

from django.db.models import QuerySet

from analysis import verbs
from analysis.child import EngineProcess, OnProgress
from analysis.config import AnalysisConfig
from analysis.types import VideoFacts
from faceapp.library.models import Video
from faceapp.results.assembled import read_assembled
from faceapp.results.services import store_result
from faceapp.runs import files
from faceapp.runs.models import Assembly
from faceapp.runs.wanted import wanted_assemblies
from faceapp.worker.kind import Place, register
from faceapp.worker.kinds.step import Step
from faceapp.worker.source import check_content


@register
class AssemblyKind(Step[Assembly]):
    model = Assembly
    doing = "Combines"
    places = (Place.FIRST,)

    def wanted(self) -> QuerySet[Assembly]:
        return wanted_assemblies()

    def due(self, place: Place) -> QuerySet[Assembly]:
        return self.wanted().order_by("run__created_at")

    def perform(self, work: Assembly, engine: EngineProcess, report: OnProgress) -> None:
        run = work.run
        config = AnalysisConfig.from_dict(run.config)
        checkpoints = tuple(files.path_of(chunk.checkpoint) for chunk in run.chunks.order_by("index"))
        folder = files.path_of(files.checkpoint_name(run.pk, len(checkpoints), work.attempt)).with_suffix("")
        check_content(run.video)
        engine.do(verbs.Assemble(_facts(run.video), checkpoints, config, folder), report)
        if store_result(run=run, assembled=read_assembled(folder), attempt=work.attempt):
            files.remove_checkpoints(run.pk)  # a late worker's are those that the current one reads


def _facts(video: Video) -> VideoFacts:
    return VideoFacts(video.name, video.sha256, video.duration_s, video.width_px, video.height_px, video.frame_rate)
