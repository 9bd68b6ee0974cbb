"""Makes and undoes corrections, each as one row; `applying.py` says what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone
from django.utils.text import get_text_list

from analysis.clock import timecode
from faceapp.accounts.models import User
from faceapp.core.names import INVISIBLE, is_visible
from faceapp.results.corrections.applying import Corrected, CorrectedPerson, apply_corrections
from faceapp.results.corrections.correctable import correctable, refusal_of
from faceapp.results.corrections.sentences import to_undo_first
from faceapp.results.models import Correction
from faceapp.results.people import PersonView, engine_people_of, people_of, person_of
from faceapp.runs.models import Run

Kind = Correction.Kind
LONGEST_NAME = 80


class Spell(Protocol):
    """What is in view from one time to another: a track, as a row or as a view."""

    @property
    def start_s(self) -> float: ...
    @property
    def end_s(self) -> float: ...


class CorrectionRefused(Exception):
    """A correction that makes no sense; the message is a sentence for the user."""


def rename_person(*, run: Run, person_id: int, name: str, user: User | None) -> Correction:
    """Give a person a name.

    Raises:
        CorrectionRefused: there is no such person, or the name cannot be seen or is too long.
    """
    name = " ".join(name.split())
    if not is_visible(name):
        raise CorrectionRefused(INVISIBLE)
    if len(name) > LONGEST_NAME:
        raise CorrectionRefused(f"A name must not be longer than {LONGEST_NAME} characters.")
    with _alone(run) as run:
        return _add(run, Kind.RENAME, _person(run, person_id), {"name": name}, user)


def correct_person(*, run: Run, person_id: int, field: str, value: Any, user: User | None) -> Correction:
    """Set what is said of a person by hand: whole years 0-100, or one of the attribute's labels.

    Args:
        field: the attribute's key.

    Raises:
        CorrectionRefused: there is no such person, field or value, or the attribute is switched off.
    """
    attribute = correctable().get(field)
    if attribute is None:
        raise CorrectionRefused(f"Only {get_text_list(list(correctable()), 'and')} can be corrected.")
    if refusal := refusal_of(attribute, value):
        raise CorrectionRefused(refusal)
    with _alone(run) as run:
        person = _person(run, person_id)
        if field not in person.readings:
            raise CorrectionRefused(f"The project has switched off {field}.")
        return _add(run, Kind.SET, person, {"field": field, "value": value}, user)


def merge_people(*, run: Run, person_id: int, into: int, user: User | None) -> Correction:
    """Say that two people are one; `into` stays.

    Raises:
        CorrectionRefused: they are not two people of this run, or are in view at the same time.
    """
    if person_id == into:
        raise CorrectionRefused("Choose two different people.")
    with _alone(run) as run:
        person, other = _person(run, person_id), _person(run, into)
        _refuse_two_places(person.tracks, other.tracks)
        return _add(run, Kind.MERGE, person, {"into": into}, user)


def move_track(*, run: Run, track_id: int, to: int | None, user: User | None) -> Correction:
    """Say that a track is of another person; None: of a new one.

    Raises:
        CorrectionRefused: no such track or person, or that person is in view at the same time.
    """
    with _alone(run) as run:
        people = people_of(run)
        owner = next((person for person in people for track in person.tracks if track.track_id == track_id), None)
        if owner is None:
            raise CorrectionRefused("This track does not exist in this result.")
        if to is None:
            to = next_person_id(run)
        elif to == owner.person_id:
            raise CorrectionRefused("The track already belongs to this person.")
        else:
            moved = [track for track in owner.tracks if track.track_id == track_id]
            _refuse_two_places(moved, _person(run, to).tracks)
        return _add(run, Kind.MOVE, owner, {"track_id": track_id, "to": to}, user)


def undo(correction: Correction) -> tuple[Correction, ...]:
    """Take a correction back. Those made later stay, but for those that would mean nothing without it.

    Returns:
        What was taken back: the correction, and what went with it. Nothing when that had been done already.

    Raises:
        CorrectionRefused: somebody would be in two places at one time; it says what to undo first.
    """
    with _alone(correction.run) as run:
        live = list(run.corrections.filter(undone_at=None))
        if correction not in live:
            return ()
        engine = engine_people_of(run)
        rest = [each for each in live if each != correction]
        after = apply_corrections(engine, rest)
        _refuse_undoing_into_two_places(run, correction, rest, after)
        idle_before = apply_corrections(engine, live).idle
        gone = (correction, *(each for each in after.idle if each not in idle_before))
        Correction.objects.filter(pk__in=[each.pk for each in gone]).update(undone_at=timezone.now())
        return gone


def next_person_id(run: Run) -> int:
    """Never used before, not even by a correction that was undone."""
    moved_to = [each.payload["to"] for each in run.corrections.all() if each.kind == Kind.MOVE]
    return max([*run.people.values_list("person_id", flat=True), *moved_to], default=0) + 1


@contextmanager
def _alone(run: Run) -> Iterator[Run]:
    """The run read anew, and locked: what two tabs send at once is checked one after the other."""
    with transaction.atomic():
        yield Run.objects.select_related("video__project").select_for_update(of=("self",)).get(pk=run.pk)


def _add(run: Run, kind: Kind, person: PersonView, payload: dict[str, Any], user: User | None) -> Correction:
    made: Correction = Correction.objects.create(
        run=run, kind=kind, person_id=person.person_id, payload=payload, made_by=user
    )
    return made


def _person(run: Run, person_id: int) -> PersonView:
    person = person_of(run, person_id)
    if person is None:
        raise CorrectionRefused("This person does not exist in this result.")
    return person


def _refuse_two_places(tracks: Iterable[Spell], others: Sequence[Spell]) -> None:
    both_s = in_view_at_once(tracks, others)
    if both_s is not None:
        raise CorrectionRefused(f"Both faces are in view at {timecode(both_s)}, so they cannot be the same person.")


def in_view_at_once(tracks: Iterable[Spell], others: Sequence[Spell]) -> float | None:
    """When one of these tracks and one of the others are first in view together, s; None: never."""
    return min((at_s for track in tracks if (at_s := _together_s(track, others)) is not None), default=None)


def _refuse_undoing_into_two_places(
    run: Run, correction: Correction, rest: Sequence[Correction], after: Corrected
) -> None:
    """`after` is what the other corrections make of the run."""
    found = _two_places(run, after)
    if found is None:
        return
    person, both_s = found
    name = person.name or f"Person {person.person_id}"
    refused = f"You cannot undo this yet because {name} would be in two places at {timecode(both_s)}."
    engine = engine_people_of(run)
    for later in reversed([each for each in rest if each.pk > correction.pk]):
        others = apply_corrections(engine, [each for each in rest if each != later])
        if _two_places(run, others) is None:
            raise CorrectionRefused(f"{refused} {to_undo_first(later)}")
    raise CorrectionRefused(f"{refused} Undo later corrections first.")


def _two_places(run: Run, corrected: Corrected) -> tuple[CorrectedPerson, float] | None:
    """Who is in two places at one time because of corrections, and when."""
    tracks = {track.track_id: track for track in run.tracks.select_related("person")}
    for person in corrected.people:
        theirs = [tracks[track_id] for track_id in person.track_ids]
        for k, track in enumerate(theirs):
            joined_by_hand = [each for each in theirs[k + 1 :] if each.person_id != track.person_id]
            both_s = _together_s(track, joined_by_hand)
            if both_s is not None:
                return person, both_s
    return None


def _together_s(track: Spell, others: Iterable[Spell]) -> float | None:
    """When a track and one of the others are in view at once."""
    together = (each for each in others if track.start_s < each.end_s and each.start_s < track.end_s)
    return min((max(track.start_s, each.start_s) for each in together), default=None)
