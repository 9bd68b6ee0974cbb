"""Annotated: a copy of a run's video with boxes and names."""

from __future__ import annotations

import json
from pathlib import Path

from django.db import transaction

from analysis import verbs
from analysis.child import EngineProcess, OnProgress
from faceapp.reports import annotating
from faceapp.runs import files, leases
from faceapp.runs.dispatch import PROXY_QUEUE
from faceapp.runs.models import Annotated
from faceapp.worker.kind import Place, WorkKind, register
from faceapp.worker.source import unchanged


@register
class AnnotatedKind(WorkKind[Annotated]):
    model = Annotated
    places = (Place.IN_TURN,)
    rank = 10  # before the same user's chunks: it ends their wait
    copy_of = "run"
    doing = "Draws boxes"
    queue = PROXY_QUEUE
    lost = "The annotated video was interrupted too many times. Its workers stopped or ran out of memory. Try again."

    def perform(self, work: Annotated, engine: EngineProcess, report: OnProgress) -> None:
        run = work.run
        audience = annotating.audience_of_run(run)
        with files.making(run.pk, work.attempt) as folder:
            names, made = folder / "names.json", folder / "made.mp4"
            names.write_text(json.dumps(annotating.names_of(audience)), encoding="utf-8")
            verb = verbs.Annotate(unchanged(run.video), Path(run.result_file.path), names, made)
            engine.do(verb, report)
            finish_annotated(work, made, annotating.tag_of(audience))

    def on_failed(self, work: Annotated, sentence: str, cause: str) -> None:
        Annotated.objects.filter(pk=work.pk).update(error=sentence[:400])


@transaction.atomic
def finish_annotated(work: Annotated, made: Path, tag: str) -> bool:
    """Whether the caller's attempt was the current one; the file is put in its place then, an older one removed."""
    name = files.annotated_name(work.run_id, work.attempt)
    before = str(work.file.name or "")
    finished = leases.finish(Annotated.objects.all(), work, file=name, tag=tag, error="")
    if finished:
        made.replace(files.path_of(name))
        if before and before != name:
            transaction.on_commit(lambda: files.remove(before))
    return finished
