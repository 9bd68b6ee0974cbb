"""Queues runs: rows alone, so that whoever asks has an answer at once. A worker cuts the files into chunks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction

from analysis.attributes import switches
from analysis.config import AnalysisConfig
from faceapp.accounts.models import User
from faceapp.library.models import Video
from faceapp.runs import dispatch
from faceapp.runs.models import Assembly, Plan, Proxy, Run
from faceapp.runs.states import ACTIVE


class RunRefused(Exception):
    """A run that cannot be started; the message is a sentence for the user."""


def start_run(*, video: Video, user: User | None, config: AnalysisConfig | None = None) -> Run:
    """Queue an analysis of this video; one that is under way with the same config is given back instead.

    Raises:
        RunRefused: the video is gone, or the config asks for what the project has switched off.
    """
    allowed = video.project.attributes
    config = config or AnalysisConfig(attributes=allowed)
    if forbidden := [name for name in config.attributes if name not in allowed]:
        raise RunRefused(f"This project does not analyze {switches()[forbidden[0]].name}.")
    runs = _queue({video.pk: config}, user)
    if not runs:
        raise RunRefused("This video was deleted.")
    return runs[0]


def start_runs(*, videos: Iterable[Video], user: User) -> list[Run]:
    """The same for many, with what their projects compute; those that are deleted meanwhile are left out."""
    return _queue({video.pk: AnalysisConfig(attributes=video.project.attributes) for video in videos}, user)


@transaction.atomic
def _queue(wanted: Mapping[UUID, AnalysisConfig], user: User | None) -> list[Run]:
    """A run of each video that is there, in the order of `wanted`; in as many queries for one as for many."""
    videos = _hold(wanted)
    under_way = _under_way(wanted)
    new = {
        key: Run(video=videos[key], started_by=user, config=config.to_dict())
        for key, config in wanted.items()
        if key in videos and key not in under_way
    }
    if new:
        _insert(list(new.values()))
    runs = {**under_way, **new}
    return [runs[key] for key in wanted if key in videos]


def _hold(keys: Iterable[UUID]) -> dict[UUID, Video]:
    """Those that are there, locked: who asks for the same at the same moment waits, and finds the run. In one order,
    so that two who ask for many do not wait for each other."""
    return {video.pk: video for video in Video.objects.select_for_update().filter(pk__in=list(keys)).order_by("pk")}


def _under_way(wanted: Mapping[UUID, AnalysisConfig]) -> dict[UUID, Run]:
    """By video: the run that is what is wanted."""
    active = Run.objects.filter(video__in=list(wanted), state__in=ACTIVE)
    return {run.video_id: run for run in active if run.config == wanted[run.video_id].to_dict()}


def _insert(runs: list[Run]) -> None:
    Run.objects.bulk_create(runs)
    Plan.objects.bulk_create(Plan(run=run) for run in runs)
    Assembly.objects.bulk_create(Assembly(run=run) for run in runs)
    unplayable = [run.video for run in runs if not run.video.plays_in_browser and not run.video.proxy]
    Proxy.objects.bulk_create([Proxy(video=video) for video in unplayable], ignore_conflicts=True)
    transaction.on_commit(lambda: dispatch.notify_workers(len(runs)))
