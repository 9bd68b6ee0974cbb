"""What pages and the API show of runs, all computed from rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from faceapp.library.models import Video
from faceapp.runs import dispatch
from faceapp.runs.models import Assembly, Chunk, Run, Work
from faceapp.runs.states import ACTIVE, TERMINAL

S = Run.State
OBSERVING_PERCENT = 95.0  # the rest is the assembly
LEAST_MEASURED_S = 2.0  # of work, before a speed is worth a forecast
LEAST_MEASURED = 50  # samples, or a quarter of a short run: the first ones also pay for loading the networks
PARTLY_READY = "Partly ready"
UNREACHABLE = "The queue is not reachable. The analysis starts automatically when the queue is back."


@dataclass(frozen=True, slots=True, kw_only=True)
class RunProgress:
    """Where a run is; `label` and `stage` are the words for people."""

    run_id: Any
    state: str
    label: str
    percent: float  # 0-100
    eta_s: float | None  # None: not known yet, or ended
    stage: str  # "loading the networks", "part 2 of 5", "joining people …", or empty
    queue_position: int | None  # 1 is next; None: not waiting
    error: str  # a sentence when failed
    warnings: Sequence[dict[str, Any]]
    notice: str  # a sentence about what holds it up, or empty
    is_active: bool
    is_partial: bool
    can_cancel: bool


def latest_run(video: Video) -> Run | None:
    return video.runs.order_by("-created_at").first()


def active_run(video: Video) -> Run | None:
    """The one under way, if any; being canceled counts."""
    return video.runs.exclude(state__in=TERMINAL).order_by("-created_at").first()


def current_result_run(video: Video) -> Run | None:
    """The newest that succeeded: what the video's pages show."""
    return video.runs.filter(state=S.SUCCEEDED).order_by("-created_at").first()


def label_of(run: Run) -> str:
    """The word for a run's state."""
    return PARTLY_READY if run.state == S.SUCCEEDED and run.warnings else S(run.state).label


def progress_of(run: Run, is_reachable: Callable[[], bool] | None = None) -> RunProgress:
    """State, percent, forecast; at most three queries. Asks the broker only while nobody works on the run.

    Args:
        is_reachable: how the broker is asked; a page of many runs asks once for all.
    """
    asks = is_reachable or dispatch.is_reachable
    chunks = list(run.chunks.all()) if run.state in ACTIVE else []
    assembly = run.assembly if run.state == S.ASSEMBLING else None
    is_waiting = run.state in ACTIVE and not _is_worked_on(chunks, assembly)
    return RunProgress(
        run_id=run.pk,
        state=run.state,
        label=label_of(run),
        percent=_percent(run, chunks, assembly),
        eta_s=_eta_s(chunks, timezone.now()) if run.state == S.OBSERVING else None,
        stage=_stage(run, chunks),
        queue_position=_queue_position(run) if run.state == S.QUEUED else None,
        error=run.error,
        warnings=run.warnings,
        notice=UNREACHABLE if is_waiting and not asks() else "",
        is_active=run.state not in TERMINAL,
        is_partial=run.state == S.SUCCEEDED and bool(run.warnings),
        can_cancel=run.state in ACTIVE,
    )


def _is_worked_on(chunks: Sequence[Chunk], assembly: Assembly | None) -> bool:
    return any(work.state == Work.State.LEASED for work in ([assembly] if assembly else chunks))


def _percent(run: Run, chunks: Sequence[Chunk], assembly: Assembly | None) -> float:
    if run.state == S.SUCCEEDED:
        return 100.0
    if assembly is not None:
        return round(OBSERVING_PERCENT + (100.0 - OBSERVING_PERCENT) * assembly.progress, 1)
    total = sum(_n_samples(chunk) for chunk in chunks)
    return round(OBSERVING_PERCENT * sum(_n_seen(chunk) for chunk in chunks) / total, 1) if total else 0.0


def _eta_s(chunks: Sequence[Chunk], now: datetime) -> float | None:
    """Samples left ÷ (samples a second of work, measured on this run × workers on it now)."""
    worked_s, n_seen = 0.0, 0.0
    for chunk in chunks:
        if chunk.leased_at is not None and chunk.state in (Work.State.LEASED, Work.State.DONE):
            worked_s += ((chunk.finished_at or now) - chunk.leased_at).total_seconds()
            n_seen += _n_seen(chunk)
    n_all = sum(_n_samples(chunk) for chunk in chunks)
    if worked_s < LEAST_MEASURED_S or n_seen < min(LEAST_MEASURED, n_all / 4) or not n_seen:
        return None
    n_left = n_all - sum(_n_seen(chunk) for chunk in chunks)
    n_workers = max(1, sum(chunk.state == Work.State.LEASED for chunk in chunks))
    return round(n_left * worked_s / n_seen / n_workers, 1)


def _stage(run: Run, chunks: Sequence[Chunk]) -> str:
    if run.state == S.OBSERVING and not any(map(_n_seen, chunks)):
        return "loading the networks"
    if run.state == S.OBSERVING and len(chunks) > 1:
        n_done = sum(chunk.state == Work.State.DONE for chunk in chunks)
        return f"part {min(n_done + 1, len(chunks))} of {len(chunks)}"
    return "matching people and saving portraits" if run.state == S.ASSEMBLING else ""


def _queue_position(run: Run) -> int:
    return 1 + Run.objects.filter(state=S.QUEUED, created_at__lt=run.created_at).count()


def _n_samples(chunk: Chunk) -> int:
    return chunk.end_sample - chunk.first_sample


def _n_seen(chunk: Chunk) -> float:
    return _n_samples(chunk) * (1.0 if chunk.state == Work.State.DONE else chunk.progress)
