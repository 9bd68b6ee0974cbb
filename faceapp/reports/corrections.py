"""The corrections that a report has applied, as sentences with who and when."""

from __future__ import annotations

from django.db.models import prefetch_related_objects

from faceapp.accounts.names import name_of_account
from faceapp.results.models import Correction
from faceapp.results.shown import standing_corrections
from faceapp.runs.models import Run

Kind = Correction.Kind


def correction_sentences(run: Run) -> tuple[str, ...]:
    """Oldest first; those that were undone or set what is switched off now are left out."""
    standing = standing_corrections(run)
    prefetch_related_objects(standing, "made_by")
    return tuple(
        f"{_what(row)} by {name_of_account(row.made_by)}, {row.made_at:%Y-%m-%d %H:%M} UTC." for row in standing
    )


def _what(row: Correction) -> str:
    payload = row.payload
    if row.kind == Kind.RENAME:
        return f"Person {row.person_id} was named {payload['name']}"
    if row.kind == Kind.SET:
        return f"The {payload['field']} of person {row.person_id} was set to {payload['value']}"
    if row.kind == Kind.MERGE:
        return f"Person {row.person_id} was merged into person {payload['into']}"
    return f"Track {payload['track_id']} was moved to person {payload['to']}"
