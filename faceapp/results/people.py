"""Everyone of a run, corrections applied: what tables, figures and lanes read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from analysis.types import Estimates, Reading
from faceapp.results.corrections.applying import CorrectedPerson, apply_corrections
from faceapp.results.corrections.correctable import set_by_hand
from faceapp.results.models import Person, Track
from faceapp.results.person_view import PersonView, TrackView, best_portrait, no_longer_than
from faceapp.results.pooling import pool_estimates
from faceapp.results.shown import hidden_keys, shown_readings, standing_corrections
from faceapp.results.windowed import people_within
from faceapp.runs.models import Run
from faceapp.segments.window import Window

__all__ = ["PersonView", "TrackView", "engine_people_of", "joined_person_of", "people_of", "person_of"]


def people_of(run: Run, window: Window | None = None) -> list[PersonView]:
    """Everyone of a run after corrections, by person_id; three queries, however many there are.

    Args:
        window: only who is in view in it, and only what they do in it (`faceapp.results.windowed`); one query more.
    """
    everyone = _everyone_of(run)
    return everyone if window is None else people_within(run, everyone, window)


def _everyone_of(run: Run) -> list[PersonView]:
    hidden = hidden_keys(run)
    tracks = {track.track_id: track for track in run.tracks.all()}
    persons = list(run.people.all())
    by_id = {person.person_id: person for person in persons}
    engine_person = _engine_people(persons, tracks.values())
    engine_tracks: dict[int, list[int]] = {}
    for track_id, person_id in engine_person.items():
        engine_tracks.setdefault(person_id, []).append(track_id)
    return [
        _person_view(
            corrected,
            [_track_view(tracks[track_id], corrected.person_id, hidden) for track_id in corrected.track_ids],
            [by_id[person_id] for person_id in sorted({engine_person[each] for each in corrected.track_ids})],
            hidden,
            is_regrouped=sorted(engine_tracks.get(corrected.person_id, [])) != list(corrected.track_ids),
        )
        for corrected in apply_corrections(engine_person, standing_corrections(run)).people
    ]


def person_of(run: Run, person_id: int, window: Window | None = None) -> PersonView | None:
    """One of `people_of`, or None."""
    return next((person for person in people_of(run, window) if person.person_id == person_id), None)


def engine_people_of(run: Run) -> dict[int, int]:
    """The engine's person_id of each track_id."""
    return _engine_people(run.people.all(), run.tracks.all())


def _engine_people(persons: Iterable[Person], tracks: Iterable[Track]) -> dict[int, int]:
    person_ids = {person.pk: person.person_id for person in persons}
    return {track.track_id: person_ids[track.person_id] for track in tracks}


def joined_person_of(run: Run, person_id: int) -> PersonView | None:
    """Who somebody became who was merged, or lost the last track, to somebody else."""
    joined = apply_corrections(engine_people_of(run), standing_corrections(run)).joined
    return person_of(run, joined[person_id]) if person_id in joined else None


def _track_view(track: Track, person_id: int, hidden: Collection[str]) -> TrackView:
    in_view_s = min(track.in_view_s, round(track.end_s - track.start_s, 3))  # 0.1.0 counted past the end of a video
    return TrackView(
        readings=no_longer_than(shown_readings(track, hidden), in_view_s),
        in_view_s=in_view_s,
        start_s=track.start_s,
        end_s=track.end_s,
        is_static=track.is_static,
        track_id=track.track_id,
        person_id=person_id,
        quality=track.quality,
        n_portraits=track.n_portraits,
    )


def _person_view(
    corrected: CorrectedPerson,
    tracks: Sequence[TrackView],
    engine_people: Sequence[Person],
    hidden: Collection[str],
    *,
    is_regrouped: bool,
) -> PersonView:
    """`engine_people` are those whose tracks the engine thought these were."""
    tracks = sorted(tracks, key=lambda track: (track.start_s, track.track_id))
    readings = _pooled(tracks).readings if is_regrouped else shown_readings(engine_people[0], hidden)
    in_view_s = round(sum(track.in_view_s for track in tracks), 3)
    return PersonView(
        readings=_with_values(no_longer_than(readings, in_view_s), corrected.values),
        in_view_s=in_view_s,
        start_s=tracks[0].start_s,
        end_s=max(track.end_s for track in tracks),
        is_static=all(track.is_static for track in tracks),
        person_id=corrected.person_id,
        name=corrected.name or f"Person {corrected.person_id}",
        tracks=tuple(tracks),
        certainty=min(person.certainty for person in engine_people),
        is_joined_by_hand=len(engine_people) > 1,
        corrected_fields=tuple(_corrected_fields(corrected, is_regrouped)),
        portrait=best_portrait(tracks),
    )


def _pooled(tracks: Sequence[TrackView]) -> Estimates:
    return pool_estimates(
        tracks,
        in_view_s=[track.in_view_s for track in tracks],
        quality=[track.quality for track in tracks],
    )


def _with_values(readings: Mapping[str, Reading], values: Mapping[str, Any]) -> dict[str, Reading]:
    """A value set by hand is certain; the others keep the networks' estimate."""
    return {key: set_by_hand(reading, values[key]) if key in values else reading for key, reading in readings.items()}


def _corrected_fields(corrected: CorrectedPerson, is_regrouped: bool) -> Iterable[str]:
    if corrected.name is not None:
        yield "name"
    if is_regrouped:
        yield "tracks"
    yield from sorted(corrected.values)
