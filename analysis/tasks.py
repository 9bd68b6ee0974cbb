"""The workers' door: a doorbell rings, and the worker does what is due until nothing is.

What is due, and whose it is, is decided by rows (`faceapp.runs.services`); decoding and networks run in a child
process (`analysis.child`), so that this one stays light and alive.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from celery import shared_task
from celery.signals import worker_ready, worker_shutting_down
from django.conf import settings
from django.db import close_old_connections

from analysis.child import EngineProcess, Limits, ProcessDied, RequestRefused
from analysis.config import AnalysisConfig
from analysis.types import ChunkSpec, VideoFacts
from faceapp.library.models import Video
from faceapp.reports import annotating
from faceapp.results.assembled import read_portraits, read_result
from faceapp.results.services import store_result
from faceapp.runs import files, services
from faceapp.runs.keeper import Keeper
from faceapp.runs.models import Annotated, Assembly, Chunk, Plan, Proxy, Work

WARM_UP_VIDEO = settings.BASE_DIR / "static" / "sample" / "faceline-sample.mp4"

CHANGED = "The file of this video is gone, or was changed after it was uploaded. Upload it again."

stopping = threading.Event()


@worker_ready.connect  # type: ignore[untyped-decorator]
def warm_up(sender: Any = None, **_: Any) -> None:
    """Networks are loaded before the first video comes; not in a worker that works on no runs."""
    if sender is None or settings.RUNS_QUEUE in sender.app.amqp.queues.consume_from:
        engine().warm_up(WARM_UP_VIDEO, AnalysisConfig())


@worker_shutting_down.connect  # type: ignore[untyped-decorator]
def stop(**_: Any) -> None:
    """SIGTERM: what is being done is given back."""
    stopping.set()


@shared_task(name="analysis.work", bind=True)  # type: ignore[untyped-decorator]
def work(self: Any) -> None:
    queue = self.request.delivery_info["routing_key"]
    while not stopping.is_set():
        close_old_connections()
        claimed = services.claim_work(queue)
        if claimed is None:
            if queue == settings.RUNS_QUEUE:
                warm_up()  # if its process was ended meanwhile
            return
        if isinstance(claimed, Plan):
            plan(claimed)
        elif isinstance(claimed, Chunk):
            observe(claimed)
        elif isinstance(claimed, Assembly):
            assemble(claimed)
        elif isinstance(claimed, Annotated):
            annotate(claimed)
        else:
            make_proxy(claimed)


def plan(work: Plan) -> None:
    run = work.run
    with leased(work):
        planned = engine().plan(_unchanged(run.video), AnalysisConfig.from_dict(run.config))
        if planned.video.sha256 != run.video.sha256:
            raise RequestRefused("changed", CHANGED)
        services.finish_plan(work, planned.chunks)


def observe(chunk: Chunk) -> None:
    spec = ChunkSpec(chunk.index, chunk.first_sample, chunk.end_sample, chunk.seek_pts)
    config = AnalysisConfig.from_dict(chunk.run.config)
    name = files.checkpoint_name(chunk.run_id, chunk.index, chunk.attempt)
    with leased(chunk) as keeper:
        engine().observe(_unchanged(chunk.run.video), spec, config, files.path_of(name), keeper.report)
        services.finish_chunk(chunk, name)


def assemble(assembly: Assembly) -> None:
    run = assembly.run
    config = AnalysisConfig.from_dict(run.config)
    checkpoints = [files.path_of(chunk.checkpoint) for chunk in run.chunks.order_by("index")]
    folder = files.path_of(files.checkpoint_name(run.pk, len(checkpoints), assembly.attempt)).with_suffix("")
    with leased(assembly) as keeper:
        _check_content(run.video)
        engine().assemble(_facts(run.video), checkpoints, config, folder, keeper.report)
        result, portraits = read_result(folder), read_portraits(folder)
        if store_result(run=run, result=result, portraits=portraits, attempt=assembly.attempt):
            files.remove_checkpoints(run.pk)  # a late worker's are those that the current one reads


def make_proxy(proxy: Proxy) -> None:
    with leased(proxy) as keeper, files.making(proxy.video_id, proxy.attempt) as folder:
        made = folder / "made.mp4"
        engine().make_proxy(_unchanged(proxy.video), made, keeper.report)
        services.finish_proxy(proxy, made)


def annotate(work: Annotated) -> None:
    run = work.run
    audience = annotating.audience_of_run(run)
    with leased(work) as keeper, files.making(run.pk, work.attempt) as folder:
        names, made = folder / "names.json", folder / "made.mp4"
        names.write_text(json.dumps(annotating.names_of(audience)), encoding="utf-8")
        engine().annotate(_unchanged(run.video), Path(run.result_file.path), made, keeper.report, names)
        services.finish_annotated(work, made, annotating.tag_of(audience))


@contextlib.contextmanager
def leased(work: Work) -> Iterator[Keeper]:
    """Keeps the lease meanwhile; says afterwards how it went wrong."""
    with Keeper(work, _end_child, stopping) as keeper:
        try:
            yield keeper
        except RequestRefused as refused:
            services.report_child_failure(work, str(refused), is_final=True)
        except ProcessDied as died:
            if keeper.is_interrupted:
                services.give_back(work)
            else:
                services.report_child_failure(work, str(died))


@cache
def engine() -> EngineProcess:
    """This worker's only one."""
    return EngineProcess(settings.RUNS_DEVICE, Limits(silence_s=settings.RUNS_SILENCE_S))


def _end_child() -> None:
    if pid := engine().pid:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _unchanged(video: Video) -> Path:
    """The video's file; its size alone is compared here, its content once a run.

    Raises:
        RequestRefused: it is gone, or another.
    """
    path = Path(video.file.path)
    if not path.is_file() or path.stat().st_size != video.size_bytes:
        raise RequestRefused("changed", CHANGED)
    return path


def _check_content(video: Video) -> None:
    with _unchanged(video).open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != video.sha256:
            raise RequestRefused("changed", CHANGED)


def _facts(video: Video) -> VideoFacts:
    return VideoFacts(video.name, video.sha256, video.duration_s, video.width_px, video.height_px, video.frame_rate)
