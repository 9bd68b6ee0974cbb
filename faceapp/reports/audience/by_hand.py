"""What was corrected by hand over several videos, in numbers: a report over groups names nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from faceapp.audience.selectors import VideoAudience
from faceapp.reports.audience.scope import in_lower, span
from faceapp.results.by_hand import correctable
from faceapp.results.models import Correction
from faceapp.results.shown import standing_corrections

Kind = Correction.Kind


def corrections_in_numbers(audiences: Sequence[VideoAudience]) -> tuple[str, ...]:
    """How many of each kind, in how many videos, and when; those that were undone do not count."""
    by_video = [standing_corrections(audience.run) for audience in audiences]
    rows = [row for each in by_video for row in each]
    if not rows:
        return ()
    touched = sum(map(bool, by_video))
    made = sorted(row.made_at for row in rows)
    where = f"in {touched} of {len(audiences)} videos, " if len(audiences) > 1 else ""
    return (*_numbers(rows), f"All corrections were made {where}{span(made[0], made[-1])}.")


def _numbers(rows: Sequence[Correction]) -> Iterable[str]:
    for field, attribute in correctable().items():
        people = {(row.run_id, row.person_id) for row in rows if row.kind == Kind.SET and row.payload["field"] == field}
        if people:
            yield f"The {in_lower(attribute.term)} of {_people(len(people))} was set by hand."
    renamed = {(row.run_id, row.person_id) for row in rows if row.kind == Kind.RENAME}
    if renamed:
        yield f"{_people(len(renamed)).capitalize()} {_were(len(renamed))} given a name."
    merged = sum(row.kind == Kind.MERGE for row in rows)
    if merged:
        yield f"{_people(merged).capitalize()} {_were(merged)} merged into another."
    moved = sum(row.kind == Kind.MOVE for row in rows)
    if moved:
        yield f"{moved} {'track' if moved == 1 else 'tracks'} {_were(moved)} moved to another person."


def _people(n: int) -> str:
    return f"{n} {'person' if n == 1 else 'people'}"


def _were(n: int) -> str:
    return "was" if n == 1 else "were"
