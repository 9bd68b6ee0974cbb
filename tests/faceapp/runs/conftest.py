"""Runs with chunks, made without decoding: what workers do to the rows is said by the tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from analysis.config import AnalysisConfig
from faceapp.runs.models import Assembly, Chunk, Run


@pytest.fixture
def make_run(video) -> Callable[..., Run]:
    """A queued run of 100 samples a chunk."""

    def make(user: Any = None, n_chunks: int = 2) -> Run:
        run = Run.objects.create(video=video, started_by=user, config=AnalysisConfig().to_dict())
        for index in range(n_chunks):
            first = 100 * index
            Chunk.objects.create(run=run, index=index, first_sample=first, end_sample=first + 100, seek_pts=first)
        Assembly.objects.create(run=run)
        return run

    return make


@pytest.fixture
def run(make_run, alice) -> Run:
    return make_run(alice)


@pytest.fixture(autouse=True)
def notified(monkeypatch) -> list[int]:
    """How much waiting work each notification named; the queue is not needed here."""
    heard: list[int] = []
    monkeypatch.setattr("faceapp.runs.dispatch.notify_workers", lambda n=1: heard.append(n) or True)
    monkeypatch.setattr("faceapp.runs.dispatch.is_reachable", lambda: True)
    return heard
