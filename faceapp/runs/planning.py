"""Cuts a video into chunks in a process of its own: the web never opens a file of strangers."""

from __future__ import annotations

import json

from django.conf import settings

from analysis.config import AnalysisConfig
from analysis.types import ChunkSpec
from faceapp.core.confined import run_module
from faceapp.library.models import Video


class RunRefused(Exception):
    """A run that cannot be started; the message is a sentence for the user."""


def plan_chunks(video: Video, config: AnalysisConfig) -> tuple[ChunkSpec, ...]:
    """The chunks of a run, in order; at least one.

    Raises:
        RunRefused: the file is gone, or cannot be read.
    """
    outcome = run_module(
        "analysis.video.plan", video.file.path, json.dumps(config.to_dict()), timeout_s=settings.PROBE_TIMEOUT_S
    )
    if outcome.code is None:
        raise RunRefused("Reading this video takes too long; it may be damaged.")
    try:
        reply = json.loads(outcome.output)
    except json.JSONDecodeError:
        reply = {}
    if outcome.code == 0 and reply.get("chunks"):
        return tuple(ChunkSpec(**chunk) for chunk in reply["chunks"])
    raise RunRefused(reply.get("message") or "This video could not be read; it may be damaged.")
