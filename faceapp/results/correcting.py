"""Corrections are made and undone here, each as one row; `corrections.py` says what they mean."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from analysis.clock import timecode
from faceapp.accounts.models import User
from faceapp.results.by_hand import correctable, in_words, refusal_of
from faceapp.results.models import Correction
from faceapp.results.people import PersonView, TrackView, people_of
from faceapp.runs.models import Run

Kind = Correction.Kind
LONGEST_NAME = 80


class CorrectionRefused(Exception):
    """A correction that makes no sense; the message is a sentence for the user."""


def rename_person(*, run: Run, person_id: int, name: str, user: User | None) -> Correction:
    """Give a person a name.

    Raises:
        CorrectionRefused: there is no such person, or the name is empty or too long.
    """
    name = " ".join(name.split())
    if not name:
        raise CorrectionRefused("A name must not be empty.")
    if len(name) > LONGEST_NAME:
        raise CorrectionRefused(f"A name must not be longer than {LONGEST_NAME} characters.")
    return _add(run, Kind.RENAME, person_id, {"name": name}, user)


def correct_person(*, run: Run, person_id: int, field: str, value: Any, user: User | None) -> Correction:
    """Set what is said of a person by hand: whole years 0-100, or one of the attribute's labels.

    Args:
        field: the attribute's key.

    Raises:
        CorrectionRefused: there is no such person, field or value, or the attribute is switched off.
    """
    attribute = correctable().get(field)
    if attribute is None:
        raise CorrectionRefused(f"Only {in_words(correctable())} can be corrected.")
    if refusal := refusal_of(attribute, value):
        raise CorrectionRefused(refusal)
    if field not in _person(run, person_id).readings:
        raise CorrectionRefused(f"This run has no {field}: the project has switched it off.")
    return _add(run, Kind.SET, person_id, {"field": field, "value": value}, user)


def merge_people(*, run: Run, person_id: int, into: int, user: User | None) -> Correction:
    """Say that two people are one; `into` stays.

    Raises:
        CorrectionRefused: they are not two people of this run, or are in view at the same time.
    """
    if person_id == into:
        raise CorrectionRefused("Choose two different people.")
    _refuse_two_places(_person(run, person_id).tracks, _person(run, into))
    return _add(run, Kind.MERGE, person_id, {"into": into}, user)


def move_track(*, run: Run, track_id: int, to: int | None, user: User | None) -> Correction:
    """Say that a track is of another person; None: of a new one.

    Raises:
        CorrectionRefused: no such track or person, or that person is in view at the same time.
    """
    with transaction.atomic():
        Run.objects.select_for_update().get(pk=run.pk)  # two new people at once get two ids
        people = people_of(run)
        owner = next((person for person in people for track in person.tracks if track.track_id == track_id), None)
        if owner is None:
            raise CorrectionRefused("There is no such track in this run.")
        if to is None:
            to = _next_person_id(run)
        elif to == owner.person_id:
            raise CorrectionRefused("The track belongs to this person already.")
        else:
            _refuse_two_places([track for track in owner.tracks if track.track_id == track_id], _person(run, to))
        return _add(run, Kind.MOVE, owner.person_id, {"track_id": track_id, "to": to}, user)


def undo(correction: Correction) -> bool:
    """Take a correction back; those made later stay. False when that has been done already."""
    return bool(Correction.objects.filter(pk=correction.pk, undone_at__isnull=True).update(undone_at=timezone.now()))


def _add(run: Run, kind: Kind, person_id: int, payload: dict[str, Any], user: User | None) -> Correction:
    _person(run, person_id)
    return Correction.objects.create(run=run, kind=kind, person_id=person_id, payload=payload, made_by=user)


def _person(run: Run, person_id: int) -> PersonView:
    for person in people_of(run):
        if person.person_id == person_id:
            return person
    raise CorrectionRefused("There is no such person in this run.")


def _refuse_two_places(tracks: Iterable[TrackView], other: PersonView) -> None:
    both_s = in_view_at_once(tracks, other)
    if both_s is not None:
        raise CorrectionRefused(f"Both faces are in view at {timecode(both_s)}; one person cannot be in two places.")


def in_view_at_once(tracks: Iterable[TrackView], other: PersonView) -> float | None:
    """When one of these tracks and this person are first in view together, s; None: never, so that they may be one."""
    return next(
        (
            max(track.start_s, seen.start_s)
            for track in tracks
            for seen in other.tracks
            if track.start_s < seen.end_s and seen.start_s < track.end_s
        ),
        None,
    )


def _next_person_id(run: Run) -> int:
    """Never used before, not even by a correction that was undone."""
    moved_to = [each.payload["to"] for each in run.corrections.all() if each.kind == Kind.MOVE]
    return max([*run.people.values_list("person_id", flat=True), *moved_to], default=0) + 1
