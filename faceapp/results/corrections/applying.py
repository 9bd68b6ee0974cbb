"""What people look like after corrections: pure, from the engine's tracks and the correction rows on top."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from faceapp.results.models import Correction

Kind = Correction.Kind


@dataclass(frozen=True, slots=True)
class CorrectedPerson:
    """Which tracks are one person, and what was set by hand."""

    person_id: int
    track_ids: tuple[int, ...]
    name: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)  # by key of the attribute


@dataclass(frozen=True, slots=True)
class Corrected:
    """A run's people after corrections.

    `joined` says who somebody became who is no person of their own any more, by person_id; `idle` are the corrections
    that mean nothing any more, because an earlier one was undone.
    """

    people: tuple[CorrectedPerson, ...]  # in the order of their ids
    joined: Mapping[int, int]
    idle: tuple[Correction, ...]


def apply_corrections(person_of_track: Mapping[int, int], corrections: Iterable[Correction]) -> Corrected:
    """People after all corrections that are not undone.

    A correction of a person who was merged goes to the one they were merged into. One that means nothing any more
    changes nothing. Whoever loses the last track to somebody becomes that somebody, name included, as in a merge: no
    name that was given gets lost.

    Args:
        person_of_track: the engine's person_id of each track_id.
        corrections: of one run, oldest first.
    """
    state = _State(dict(person_of_track))
    idle = tuple(each for each in corrections if each.undone_at is None and not state.apply(each))
    joined = {person_id: state.current(person_id) for person_id in state.joined}
    return Corrected(tuple(state.people()), joined, idle)


class _State:
    def __init__(self, person_of_track: dict[int, int]) -> None:
        self.person_of_track = person_of_track
        self.joined: dict[int, int] = {}
        self.names: dict[int, str] = {}
        self.values: dict[int, dict[str, Any]] = {}

    def apply(self, correction: Correction) -> bool:
        """Whether it meant anything."""
        payload, person_id = correction.payload, self.current(correction.person_id)
        if correction.kind == Kind.MOVE:
            return self.move(payload["track_id"], self.current(payload["to"]))
        if not self.is_there(person_id):
            return False
        if correction.kind == Kind.MERGE:
            return self.merge(person_id, self.current(payload["into"]))
        if correction.kind == Kind.RENAME:
            self.names[person_id] = payload["name"]
        else:
            self.values.setdefault(person_id, {})[payload["field"]] = payload["value"]
        return True

    def current(self, person_id: int) -> int:
        while person_id in self.joined:
            person_id = self.joined[person_id]
        return person_id

    def is_there(self, person_id: int) -> bool:
        return person_id in self.person_of_track.values()

    def move(self, track_id: int, to: int) -> bool:
        owner = self.person_of_track.get(track_id)
        if owner is None or owner == to:
            return False
        self.person_of_track[track_id] = to
        if not self.is_there(owner):
            self.join(owner, to)
        return True

    def merge(self, person_id: int, into: int) -> bool:
        if person_id == into or not self.is_there(into):
            return False
        for track_id, owner in self.person_of_track.items():
            if owner == person_id:
                self.person_of_track[track_id] = into
        self.join(person_id, into)
        return True

    def join(self, person_id: int, into: int) -> None:
        """What was said of the one who stays wins."""
        self.joined[person_id] = into
        if person_id in self.names:
            self.names.setdefault(into, self.names.pop(person_id))
        self.values[into] = self.values.pop(person_id, {}) | self.values.get(into, {})

    def people(self) -> list[CorrectedPerson]:
        tracks: dict[int, list[int]] = {}
        for track_id, person_id in sorted(self.person_of_track.items()):
            tracks.setdefault(person_id, []).append(track_id)
        return [
            CorrectedPerson(person_id, tuple(track_ids), self.names.get(person_id), self.values.get(person_id, {}))
            for person_id, track_ids in sorted(tracks.items())
        ]
