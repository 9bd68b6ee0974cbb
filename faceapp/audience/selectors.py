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
from faceapp.segments.selectors import segment_of, window_of, words_of
from faceapp.segments.window import Window

CACHE_S = 24 * 3600
NEWEST = 50  # videos that are read where none are chosen

Tracks = dict[int, dict[int, dict[str, int]]]  # track_id → second → samples that show each expression


@dataclass(frozen=True, slots=True)
class VideoAudience:
    """One video of a selection, with the people whom the selection lets through."""

    video: Video
    run: Run
    people: tuple[PersonView, ...]
    window: Window | None = None  # of the video, that the people were read in; None: all of it

    @property
    def attributes(self) -> tuple[str, ...]:
        """The switches of what was computed, and is not switched off in the project since."""
        return attributes_of(self.run)

    @property
    def length_s(self) -> float:
        """Of what was read: the video, or the window."""
        return self.video.duration_s if self.window is None else self.window.length_s

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
    part: str = ""  # of the videos, in words; empty: all of them


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
        part=words_of(selection.time, segment_of(user, selection.time)),
    )


def audiences_of(user: User, selection: Selection) -> list[VideoAudience]:
    """The selected videos that have a result, newest first; of a project, or of everything, the newest `NEWEST`.

    What the user may not see is not there.

    Raises:
        Http404: the selection names a segment that is not there, or that the user may not see.
    """
    segment = segment_of(user, selection.time)
    videos = _with_result(user, selection).select_related("project")
    if segment is not None:
        videos = videos.filter(pk=segment.video_id)
    runs = newest_runs(list(videos if selection.videos else videos[:NEWEST]))
    audiences = []
    for run in runs:
        window = window_of(selection.time, run.video, segment)
        audiences.append(VideoAudience(run.video, run, tuple(selection.people(people_of(run, window))), window))
    return audiences


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


def audience_of_video(video: Video, window: Window | None = None) -> VideoAudience | None:
    """Everyone of one video's newest result, or of a part of it; None while there is none."""
    runs = newest_runs([video])
    return VideoAudience(video, runs[0], tuple(people_of(runs[0], window)), window) if runs else None


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
    """The group's reaction, several videos laid over each other from their start; None where emotion is off.

    Of windows, the time runs from where they begin: on the video's clock where that is the same for all, else from 0.
    """
    audiences = [each for each in audiences if "emotion" in each.attributes]
    if not audiences:
        return None
    starts = {each.window.from_s if each.window else 0.0 for each in audiences}
    duration_s = max(map(_span_s, audiences))
    samples = track_samples(audiences)
    people = [
        seconds_of(
            [samples[audience.run.pk].get(track.track_id, {}) for track in person.tracks],
            float(audience.run.config["sample_rate"]),
            _span_s(audience),
        )
        for audience in audiences
        for person in audience.people
    ]
    return reaction_of(people, duration_s, step_for(duration_s), start_s=starts.pop() if len(starts) == 1 else 0.0)


def _span_s(audience: VideoAudience) -> float:
    """From the beginning to the end of what was read."""
    window = audience.window
    return audience.video.duration_s if window is None else window.to_s - window.from_s


def track_samples(audiences: Sequence[VideoAudience]) -> dict[UUID, Tracks]:
    """How many samples of each track show what in each second, by run; kept, as a finished run's never change.

    Seconds count from the beginning of the window, if there is one; samples outside of it are left out.
    """
    windows = {audience.run.pk: audience.window for audience in audiences}
    keys = {pk: f"audience:samples:{pk}{_named(window)}" for pk, window in windows.items()}
    kept: dict[str, Tracks] = cache.get_many(keys.values())
    missing = {pk: Tracks() for pk, key in keys.items() if key not in kept}
    unread = [audience.run for audience in audiences if audience.run.pk in missing]
    for pk, track_id, time_s, emotion in expressions_of(unread):
        if emotion is not None:
            missing[pk][track_id] = samples_of(*_inside(windows[pk], time_s, emotion))
    cache.set_many({keys[pk]: tracks for pk, tracks in missing.items()}, CACHE_S)
    return {pk: missing[pk] if pk in missing else kept[key] for pk, key in keys.items()}


def _named(window: Window | None) -> str:
    """The end of a cache's key."""
    return "" if window is None else "".join(f":{from_s:g}-{to_s:g}" for from_s, to_s in window.parts)


def _inside(
    window: Window | None, times_s: Sequence[float], labels: Sequence[str]
) -> tuple[Sequence[float], Sequence[str]]:
    """Samples inside of a window, their times from its beginning; a sample at its end is outside."""
    if window is None:
        return times_s, labels
    inside = [(time_s, label) for time_s, label in zip(times_s, labels, strict=True) if window.covers(time_s)]
    return [round(time_s - window.from_s, 3) for time_s, _ in inside], [label for _, label in inside]
