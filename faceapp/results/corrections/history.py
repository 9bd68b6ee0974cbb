"""The corrections that a person's page lists."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from faceapp.accounts.names import name_of_account
from faceapp.results.corrections.applying import apply_corrections
from faceapp.results.corrections.sentences import line_of
from faceapp.results.models import Correction
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
        CorrectionLine(each, line_of(each, person_id, tracks, names), ICONS[each.kind], name_of_account(each.made_by))
        for each in reversed(about)
    ]


def _concerns(correction: Correction, group: set[int]) -> bool:
    return correction.person_id in group or correction.payload.get("to") in group
