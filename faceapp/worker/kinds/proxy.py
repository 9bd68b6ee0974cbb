"""Proxy: a copy of a video that every browser plays."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from analysis import verbs
from analysis.child import EngineProcess, OnProgress
from faceapp.library.models import Video
from faceapp.runs import files, leases
from faceapp.runs.dispatch import PROXY_QUEUE
from faceapp.runs.models import Proxy, Run
from faceapp.runs.states import ACTIVE
from faceapp.worker.kind import Place, WorkKind, register
from faceapp.worker.source import unchanged


@register
class ProxyKind(WorkKind[Proxy]):
    model = Proxy
    places = (Place.BEFORE_TURNS, Place.AFTER_TURNS)
    copy_of = "video"
    doing = "Makes playable"
    queue = PROXY_QUEUE
    lost = ""  # nobody is told: the page offers the file itself

    def due(self, place: Place) -> QuerySet[Proxy]:
        """Of videos whose runs have ended, before everybody's turn; the others when nothing else is due."""
        rows = self.wanted().order_by("pk")
        unfinished = Run.objects.filter(video=OuterRef("video"), state__in=ACTIVE)
        return rows.filter(~Exists(unfinished)) if place is Place.BEFORE_TURNS else rows

    def perform(self, work: Proxy, engine: EngineProcess, report: OnProgress) -> None:
        with files.making(work.video_id, work.attempt) as folder:
            made = folder / "made.mp4"
            engine.do(verbs.MakeProxy(unchanged(work.video), made), report)
            finish_proxy(work, made)


@transaction.atomic
def finish_proxy(proxy: Proxy, made: Path) -> bool:
    """Whether the caller's attempt was the current one; the file is put in its place and played then."""
    finished = leases.finish(Proxy.objects.all(), proxy)
    if finished:
        name = files.proxy_name(proxy.video_id)
        made.replace(files.path_of(name))
        Video.objects.filter(pk=proxy.video_id).update(proxy=name)
    return finished
