"""Corrections as sentences, for a person's page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from analysis.clock import clock
from faceapp.accounts.names import name_of_account
from faceapp.core.percent import span
from faceapp.results.corrections import apply_corrections
from faceapp.results.models import Correction, Track
from faceapp.results.people import engine_people_of
from faceapp.results.shown import standing_corrections
from faceapp.runs.models import Run

ICONS = {"rename": "pencil", "set": "pencil", "merge": "merge", "move": "move-right"}


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    correction: Correction
    sentence: str
    icon: str
    who: str  # who made it


def corrections_of(run: Run, person_id: int) -> list[CorrectionLine]:
    """What was corrected about a person, and whoever was joined to them, and is not undone, newest first."""
    live = standing_corrections(run)
    prefetch_related_objects(live, "made_by")
    joined = apply_corrections(engine_people_of(run), live).joined
    group = {person_id, *(before for before, now in joined.items() if now == person_id)}
    tracks = {track.track_id: track for track in run.tracks.all()}
    names = {each.person_id: each.payload["name"] for each in live if each.kind == Correction.Kind.RENAME}
    about = [each for each in live if _concerns(each, group)]
    return [
        CorrectionLine(each, _sentence(each, person_id, tracks, names), ICONS[each.kind], name_of_account(each.made_by))
        for each in reversed(about)
    ]


def _concerns(correction: Correction, group: set[int]) -> bool:
    return correction.person_id in group or correction.payload.get("to") in group


def sentence_of(correction: Correction) -> str:
    """What was done, as one says it where no person's page is around it."""
    run = correction.run
    return _sentence(correction, -1, {track.track_id: track for track in run.tracks.all()}, {})


def _sentence(correction: Correction, person_id: int, tracks: Mapping[int, Track], names: Mapping[int, str]) -> str:
    payload = correction.payload

    def name(number: int) -> str:
        return names.get(number, f"Person {number}")

    if correction.kind == Correction.Kind.RENAME:
        return f"Named “{payload['name']}”"
    if correction.kind == Correction.Kind.SET:
        return f"{payload['field'].capitalize()} set to {payload['value']}"
    if correction.kind == Correction.Kind.MERGE:
        into = "this person" if payload["into"] == person_id else name(payload["into"])
        return f"Merged {name(correction.person_id)} into {into}"
    track = tracks.get(payload["track_id"])
    when = span(clock(track.start_s), clock(track.end_s)) if track else ""
    if payload["to"] == person_id:
        return f"Moved the track {when} here from {name(correction.person_id)}"
    return f"Moved the track {when} to {name(payload['to'])}"
