"""How workers do it."""

from __future__ import annotations

from pathlib import Path

from analysis.child import EngineProcess, OnProgress
from faceapp.runs import leases
from faceapp.worker.kind import Place, WorkKind, register
from tests.plugins.stamping.models import Stamp
from tests.plugins.stamping.verbs import Stamp as StampVerb


@register
class StampKind(WorkKind[Stamp]):
    model = Stamp
    places = (Place.IN_TURN,)
    user = "video__uploaded_by"
    lost = "The stamp was interrupted too often."

    def perform(self, work: Stamp, engine: EngineProcess, report: OnProgress) -> None:
        path = Path(work.video.file.path)
        size_bytes = engine.do(StampVerb(path, path.with_suffix(".stamp"), work.takes_s), report)
        leases.finish(self.wanted(), work, size_bytes=size_bytes)

    def on_failed(self, work: Stamp, sentence: str, cause: str) -> None:
        Stamp.objects.filter(pk=work.pk).update(error=sentence)
