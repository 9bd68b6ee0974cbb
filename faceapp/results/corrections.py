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


def apply_corrections(person_of_track: Mapping[int, int], corrections: Iterable[Correction]) -> list[CorrectedPerson]:
    """People in the order of their ids, after all corrections that are not undone.

    A correction of a person who was merged goes to the one they were merged into. One that means nothing any more
    (because an earlier one was undone) changes nothing. A person without tracks is left out.

    Args:
        person_of_track: the engine's person_id of each track_id.
        corrections: of one run, oldest first.
    """
    state = _State(dict(person_of_track))
    for correction in corrections:
        if correction.undone_at is None:
            state.apply(correction)
    return state.people()


class _State:
    def __init__(self, person_of_track: dict[int, int]) -> None:
        self.person_of_track = person_of_track
        self.merged_into: dict[int, int] = {}
        self.names: dict[int, str] = {}
        self.values: dict[int, dict[str, Any]] = {}

    def apply(self, correction: Correction) -> None:
        person_id = self.current(correction.person_id)
        payload = correction.payload
        if correction.kind == Kind.RENAME:
            self.names[person_id] = payload["name"]
        elif correction.kind == Kind.SET:
            self.values.setdefault(person_id, {})[payload["field"]] = payload["value"]
        elif correction.kind == Kind.MERGE:
            self.merge(person_id, self.current(payload["into"]))
        elif payload["track_id"] in self.person_of_track:
            self.person_of_track[payload["track_id"]] = self.current(payload["to"])

    def current(self, person_id: int) -> int:
        while person_id in self.merged_into:
            person_id = self.merged_into[person_id]
        return person_id

    def merge(self, person_id: int, into: int) -> None:
        if person_id == into:
            return
        self.merged_into[person_id] = into
        for track_id, owner in self.person_of_track.items():
            if owner == person_id:
                self.person_of_track[track_id] = into
        # what was said of the one who stays wins
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
