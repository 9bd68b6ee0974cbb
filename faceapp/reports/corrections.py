"""The corrections that a report has applied, as sentences with who and when."""

from __future__ import annotations

from faceapp.results.models import Correction
from faceapp.runs.models import Run

Kind = Correction.Kind


def correction_sentences(run: Run) -> tuple[str, ...]:
    """Oldest first; those that were undone are left out."""
    rows = run.corrections.filter(undone_at=None).select_related("made_by").order_by("id")
    return tuple(f"{_what(row)}{_who(row)}, {row.made_at:%Y-%m-%d %H:%M} UTC." for row in rows)


def _what(row: Correction) -> str:
    payload = row.payload
    if row.kind == Kind.RENAME:
        return f"Person {row.person_id} was named {payload['name']}"
    if row.kind == Kind.SET:
        return f"The {payload['field']} of person {row.person_id} was set to {payload['value']}"
    if row.kind == Kind.MERGE:
        return f"Person {row.person_id} was merged into person {payload['into']}"
    return f"Track {payload['track_id']} was moved to person {payload['to']}"


def _who(row: Correction) -> str:
    return f" by {row.made_by.get_full_name() or row.made_by.username}" if row.made_by else ""
