"""The people of a selection and what they show second by second, read from the newest finished run of each video."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from uuid import UUID

from django.core.cache import cache
from django.db.models import Exists, OuterRef, QuerySet

from analysis.attributes import switches
from faceapp.accounts.models import User
from faceapp.audience.figures import AudienceFigures, audience_of
from faceapp.audience.reaction import Reaction, reaction_of, samples_of, seconds_of, step_for
from faceapp.audience.selection import Selection
from faceapp.library import access
from faceapp.library.models import Video
from faceapp.results.selectors import PersonView, people_of
from faceapp.results.shown import attributes_of, expressions_of
from faceapp.runs.models import Run

CACHE_S = 24 * 3600
NEWEST = 50  # videos that are read where none are chosen

Tracks = dict[int, dict[int, dict[str, int]]]  # track_id → second → samples that show each expression


@dataclass(frozen=True, slots=True)
class VideoAudience:
    """One video of a selection, with the people whom the selection lets through."""

    video: Video
    run: Run
    people: tuple[PersonView, ...]

    @property
    def attributes(self) -> tuple[str, ...]:
        """The switches of what was computed, and is not switched off in the project since."""
        return attributes_of(self.run)

    def moving(self) -> VideoAudience:
        """Without faces that never move, such as posters."""
        return replace(self, people=tuple(person for person in self.people if not person.is_static))


@dataclass(frozen=True, slots=True)
class ChosenAudience:
    """What the Audience page and its report speak of: figures, and the people whom they count."""

    audiences: tuple[VideoAudience, ...]
    figures: AudienceFigures
    n_videos: int  # with a result, those beyond the newest included
    n_without_result: int  # videos that were chosen as well


def chosen_audience(user: User, selection: Selection) -> ChosenAudience:
    """The figures of a selection; faces that never move are left out unless it asks for them."""
    everyone = audiences_of(user, selection)
    people = list(chain.from_iterable(audience.people for audience in everyone))
    n_videos = _with_result(user, selection).count()
    return ChosenAudience(
        audiences=tuple(everyone if selection.with_static else [audience.moving() for audience in everyone]),
        figures=audience_of(people, with_static=selection.with_static, attributes=attributes_on(everyone)),
        n_videos=n_videos,
        n_without_result=_selected(user, selection).count() - n_videos,
    )


def audiences_of(user: User, selection: Selection) -> list[VideoAudience]:
    """The selected videos that have a result, newest first; of a project, or of everything, the newest `NEWEST`.

    What the user may not see is not there.
    """
    videos = _with_result(user, selection).select_related("project")
    runs = newest_runs(list(videos if selection.videos else videos[:NEWEST]))
    return [VideoAudience(run.video, run, tuple(selection.people(people_of(run)))) for run in runs]


def attributes_on(audiences: Sequence[VideoAudience]) -> tuple[str, ...]:
    """What is on for any of these videos; everything where there is none."""
    return tuple(name for name in switches() if not audiences or any(name in each.attributes for each in audiences))


def _with_result(user: User, selection: Selection) -> QuerySet[Video]:
    finished = Run.objects.filter(video=OuterRef("pk"), state=Run.State.SUCCEEDED)
    return _selected(user, selection).filter(Exists(finished))


def _selected(user: User, selection: Selection) -> QuerySet[Video]:
    names_some = selection.videos or selection.projects
    videos = access.videos_of(user) if names_some else access.counted_videos_of(user)
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
    audiences = [each for each in audiences if "emotion" in each.attributes]
    if not audiences:
        return None
    duration_s = max(each.video.duration_s for each in audiences)
    samples = track_samples([audience.run for audience in audiences])
    people = [
        seconds_of(
            [samples[audience.run.pk].get(track.track_id, {}) for track in person.tracks],
            float(audience.run.config["sample_rate"]),
            audience.video.duration_s,
        )
        for audience in audiences
        for person in audience.people
    ]
    return reaction_of(people, duration_s, step_for(duration_s))


def track_samples(runs: Sequence[Run]) -> dict[UUID, Tracks]:
    """How many samples of each track show what in each second, by run; kept, as a finished run's never change."""
    keys = {run.pk: f"audience:samples:{run.pk}" for run in runs}
    kept: dict[str, Tracks] = cache.get_many(keys.values())
    missing = {pk: Tracks() for pk, key in keys.items() if key not in kept}
    for pk, track_id, time_s, emotion in expressions_of([run for run in runs if run.pk in missing]):
        if emotion is not None:
            missing[pk][track_id] = samples_of(time_s, emotion)
    cache.set_many({keys[pk]: tracks for pk, tracks in missing.items()}, CACHE_S)
    return {pk: missing[pk] if pk in missing else kept[key] for pk, key in keys.items()}
