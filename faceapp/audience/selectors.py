"""The people of a selection and what they show second by second, read from the newest finished run of each video."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.core.cache import cache
from django.db.models import Exists, OuterRef, QuerySet

from faceapp.accounts.models import User
from faceapp.audience.reaction import Reaction, joined, reaction_of, seconds_of, step_for
from faceapp.audience.selection import Selection
from faceapp.library import access
from faceapp.library.models import Video
from faceapp.results.models import Timeline
from faceapp.results.selectors import PersonView, people_of
from faceapp.runs.models import Run

CACHE_S = 24 * 3600
NEWEST = 50  # videos that are read where none are chosen


@dataclass(frozen=True, slots=True)
class VideoAudience:
    """One video of a selection, with the people whom the selection lets through."""

    video: Video
    run: Run
    people: tuple[PersonView, ...]

    def moving(self) -> VideoAudience:
        """Without faces that never move, such as posters."""
        return replace(self, people=tuple(person for person in self.people if not person.is_static))


def audiences_of(user: User, selection: Selection) -> list[VideoAudience]:
    """The selected videos that have a result, newest first; of a project, or of everything, the newest `NEWEST`.

    What the user may not see is not there.
    """
    videos = _with_result(user, selection).select_related("project")
    runs = newest_runs(list(videos if selection.videos else videos[:NEWEST]))
    return [VideoAudience(run.video, run, tuple(selection.people(people_of(run)))) for run in runs]


def count_videos(user: User, selection: Selection) -> int:
    """How many videos with a result are selected, those beyond the newest included."""
    return _with_result(user, selection).count()


def _with_result(user: User, selection: Selection) -> QuerySet[Video]:
    finished = Run.objects.filter(video=OuterRef("pk"), state=Run.State.SUCCEEDED)
    videos = access.videos_of(user).filter(Exists(finished))
    if selection.videos:
        videos = videos.filter(pk__in=selection.videos)
    if selection.projects:
        videos = videos.filter(project__in=selection.projects)
    return videos


def audience_of_video(video: Video) -> VideoAudience | None:
    """Everyone of one video's newest result; None while there is none."""
    runs = newest_runs([video])
    return VideoAudience(video, runs[0], tuple(people_of(runs[0]))) if runs else None


def newest_runs(videos: Sequence[Video]) -> list[Run]:
    """The newest finished run of each video that has one, in the order of the videos; five queries for any number."""
    newest: dict[UUID, UUID] = {}
    finished = Run.objects.filter(video__in=videos, state=Run.State.SUCCEEDED).order_by("-created_at")
    for run_id, video_id in finished.values_list("pk", "video"):
        newest.setdefault(video_id, run_id)
    runs = Run.objects.prefetch_related("tracks", "people", "corrections").in_bulk(list(newest.values()))
    in_order = []
    for video in videos:
        if video.pk in newest:
            run = runs[newest[video.pk]]
            run.video = video
            in_order.append(run)
    return in_order


def reaction_for(audiences: Sequence[VideoAudience]) -> Reaction | None:
    """The group's reaction, several videos laid over each other from their start; None where emotion is off."""
    audiences = [each for each in audiences if "emotion" in each.run.config["attributes"]]
    if not audiences:
        return None
    duration_s = max(each.video.duration_s for each in audiences)
    people = []
    seconds_of_runs = track_seconds([each.run for each in audiences])
    for audience in audiences:
        seconds = seconds_of_runs[audience.run.pk]
        people += [joined([seconds.get(track.track_id, {}) for track in person.tracks]) for person in audience.people]
    return reaction_of(people, duration_s, step_for(duration_s))


def track_seconds(runs: Sequence[Run]) -> dict[UUID, dict[int, dict[int, str]]]:
    """What each track of each run shows in each second; kept, for a finished run's samples never change.

    One query for any number of runs.
    """
    keys = {run.pk: f"audience:seconds:{run.pk}" for run in runs}
    kept = cache.get_many(keys.values())
    found: dict[UUID, dict[int, dict[int, str]]] = {pk: kept[key] for pk, key in keys.items() if key in kept}
    missing = [pk for pk in keys if pk not in found]
    if missing:
        read = _read_seconds(missing)
        cache.set_many({keys[pk]: seconds for pk, seconds in read.items()}, CACHE_S)
        found |= read
    return found


def _read_seconds(run_ids: Sequence[UUID]) -> dict[UUID, dict[int, dict[int, str]]]:
    rows = Timeline.objects.filter(track__run__in=run_ids).values_list(
        "track__run", "track__track_id", "samples__time_s", "samples__emotion"
    )
    read: dict[UUID, dict[int, dict[int, str]]] = {run_id: {} for run_id in run_ids}
    for run_id, track_id, time_s, emotion in rows.iterator():
        if emotion is not None:
            read[run_id][track_id] = seconds_of(time_s, emotion)
    return read
