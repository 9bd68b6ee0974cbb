"""The library's rows: which videos, in which order, and what is known of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.http import QueryDict

from analysis.types import EMOTIONS, UNKNOWN
from faceapp.accounts.models import User
from faceapp.library import access
from faceapp.library.models import Video
from faceapp.results.people import PersonView, people_of
from faceapp.runs import dispatch
from faceapp.runs.models import Run
from faceapp.runs.selectors import RunProgress, progress_of
from faceapp.runs.states import ACTIVE

STATES = {"ready": "Ready", "running": "Running", "failed": "Failed", "canceled": "Canceled"}
LENGTHS = {"short": "Under 1 min", "medium": "1 to 10 min", "long": "Over 10 min"}
SORTS = {"newest": "Newest", "oldest": "Oldest", "name": "Name", "longest": "Longest"}

S = Run.State
_STATES_OF = {
    "ready": (S.SUCCEEDED,),
    "running": (*ACTIVE, S.CANCELING),
    "failed": (S.FAILED,),
    "canceled": (S.CANCELED,),
}
_SECONDS_OF = {"short": (0, 60), "medium": (60, 600), "long": (600, 1e12)}
_ORDERS = {
    "newest": ("-created_at", "pk"),
    "oldest": ("created_at", "pk"),
    "name": ("name", "pk"),
    "longest": ("-duration_s", "pk"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What an address asks for; values that mean nothing are passed over."""

    text: str = ""
    project: UUID | None = None
    state: str = ""
    length: str = ""
    sort: str = "newest"

    @classmethod
    def from_query(cls, query: QueryDict) -> Filters:
        return cls(
            text=query.get("q", "").strip()[:200],
            project=_uuid(query.get("project", "")),
            state=_one_of(query.get("state", ""), STATES),
            length=_one_of(query.get("length", ""), LENGTHS),
            sort=_one_of(query.get("sort", ""), SORTS) or "newest",
        )

    @property
    def is_filtered(self) -> bool:
        """Whether something besides the project limits the list."""
        return bool(self.text or self.state or self.length)


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoRow:
    """One row: the newest run's progress, and what the newest result says."""

    video: Video
    run: Run | None  # the newest
    progress: RunProgress | None
    result_run: Run | None
    people: tuple[PersonView, ...]  # longest in view first
    shares: dict[str, float] | None  # of expressions, over everyone's time in view; None when not computed
    is_corrected: bool  # a new run would lose what was put right by hand


def videos_of(user: User, filters: Filters) -> QuerySet[Video]:
    """The sample is there where its project is asked for."""
    seen = access.videos_of(user) if filters.project else access.counted_videos_of(user)
    videos = seen.select_related("project").order_by(*_ORDERS[filters.sort])
    if filters.text:
        videos = videos.filter(Q(name__icontains=filters.text) | Q(project__name__icontains=filters.text))
    if filters.project:
        videos = videos.filter(project=filters.project)
    if filters.state:
        newest = Run.objects.filter(video=OuterRef("pk")).order_by("-created_at").values("state")[:1]
        videos = videos.annotate(newest_state=Subquery(newest)).filter(newest_state__in=_STATES_OF[filters.state])
    if filters.length:
        low, high = _SECONDS_OF[filters.length]
        videos = videos.filter(duration_s__gte=low, duration_s__lt=high)
    return videos


def totals_of(videos: QuerySet[Video]) -> dict[str, Any]:
    """`n` and `duration_s` of these videos."""
    return {"n": videos.count(), "duration_s": videos.aggregate(total=Sum("duration_s"))["total"] or 0.0}


def rows_of(videos: Sequence[Video]) -> list[VideoRow]:
    """Rows for one page of videos; the number of queries does not grow with finished ones."""
    by_video: dict[UUID, list[Run]] = {}
    for run in Run.objects.filter(video__in=videos).order_by("-created_at"):
        by_video.setdefault(run.video_id, []).append(run)
    finished = {video: _newest_result(runs) for video, runs in by_video.items()}
    wanted = [run.pk for run in finished.values() if run]
    full = {
        run.pk: run for run in Run.objects.filter(pk__in=wanted).prefetch_related("tracks", "people", "corrections")
    }
    is_reachable = cache(dispatch.is_reachable)  # asked once a page at most: each time is a connection
    return [_row(video, by_video.get(video.pk, []), full, finished.get(video.pk), is_reachable) for video in videos]


def _row(
    video: Video,
    runs: Sequence[Run],
    full: dict[UUID, Run],
    finished: Run | None,
    is_reachable: Callable[[], bool],
) -> VideoRow:
    newest = runs[0] if runs else None
    result_run = full.get(finished.pk) if finished else None
    if result_run:
        result_run.video = video
    people = sorted(people_of(result_run), key=lambda person: -person.in_view_s) if result_run else []
    return VideoRow(
        video=video,
        run=newest,
        progress=progress_of(newest, is_reachable) if newest else None,
        result_run=result_run,
        people=tuple(people),
        shares=shares_of(people),
        is_corrected=any(person.is_corrected for person in people),
    )


def shares_of(people: Sequence[PersonView]) -> dict[str, float] | None:
    """Shares of expressions over everyone's time in view."""
    seen = [(person.emotion.shares, person.in_view_s) for person in people if person.emotion]
    total = sum(weight for _, weight in seen)
    if not total:
        return None
    return {
        label: sum(shares.get(label, 0) * weight for shares, weight in seen) / total for label in (*EMOTIONS, UNKNOWN)
    }


def _newest_result(runs: Sequence[Run]) -> Run | None:
    return next((run for run in runs if run.state == S.SUCCEEDED), None)


def _one_of(value: str, known: dict[str, str]) -> str:
    return value if value in known else ""


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
