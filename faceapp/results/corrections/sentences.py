"""Corrections in words: on a person's page, in messages, in a video's report, and in numbers over several videos."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import prefetch_related_objects

from analysis.clock import clock
from faceapp.accounts.names import name_of_account
from faceapp.core.dates import dates_in_words
from faceapp.core.percent import span
from faceapp.results.corrections.correctable import correctable
from faceapp.results.models import Correction, Track
from faceapp.results.shown import standing_corrections
from faceapp.runs.models import Run

Kind = Correction.Kind


def line_of(
    correction: Correction, person_id: int | None, tracks: Mapping[int, Track], names: Mapping[int, str]
) -> str:
    """What was done, without a full stop: "Named “Ann”".

    Args:
        correction: the row.
        person_id: whose page it stands on, "this person" there; None: on nobody's.
        tracks: of the run, by track_id.
        names: of people who have one, by person_id.
    """
    payload = correction.payload

    def name(number: int) -> str:
        return names.get(number, f"Person {number}")

    if correction.kind == Kind.RENAME:
        return f"Named “{payload['name']}”"
    if correction.kind == Kind.SET:
        return f"{payload['field'].capitalize()} set to {payload['value']}"
    if correction.kind == Kind.MERGE:
        into = "this person" if payload["into"] == person_id else name(payload["into"])
        return f"Merged {name(correction.person_id)} into {into}"
    track = tracks.get(payload["track_id"])
    when = span(clock(track.start_s), clock(track.end_s)) if track else ""
    if payload["to"] == person_id:
        return f"Moved the track {when} here from {name(correction.person_id)}"
    return f"Moved the track {when} to {name(payload['to'])}"


def undone(corrections: Sequence[Correction]) -> str:
    """The message after an undo: of the first correction, and of those that depended on it."""
    first, *others = (line_of(each, None, {t.track_id: t for t in each.run.tracks.all()}, {}) for each in corrections)
    also = f" Also undone, because it depended on it: {'; '.join(others)}." if others else ""
    return f"Undone: {first}.{also} All figures were updated."


def to_undo_first(correction: Correction) -> str:
    """What must be undone before another correction can be, as a sentence."""
    if correction.kind == Kind.MERGE:
        what = f"Person {correction.person_id} was merged into Person {correction.payload['into']}"
    else:
        what = f"a track was moved to Person {correction.payload['to']}"
    return f"First undo that {what}."


def sentences_of_report(run: Run) -> tuple[str, ...]:
    """The corrections that a video's report has applied, with who and when, oldest first.

    Leaves out those that were undone or set what is switched off now.
    """
    standing = standing_corrections(run)
    prefetch_related_objects(standing, "made_by")
    return tuple(
        f"{_done(row)} by {name_of_account(row.made_by)}, {row.made_at:%Y-%m-%d %H:%M} UTC." for row in standing
    )


def _done(row: Correction) -> str:
    payload = row.payload
    if row.kind == Kind.RENAME:
        return f"Person {row.person_id} was named {payload['name']}"
    if row.kind == Kind.SET:
        return f"The {payload['field']} of person {row.person_id} was set to {payload['value']}"
    if row.kind == Kind.MERGE:
        return f"Person {row.person_id} was merged into person {payload['into']}"
    return f"Track {payload['track_id']} was moved to person {payload['to']}"


def numbers_of_report(runs: Sequence[Run]) -> tuple[str, ...]:
    """How many corrections of each kind, in how many videos, and when: a report over videos names nobody.

    Leaves out those that were undone or set what is switched off now.
    """
    by_video = [standing_corrections(run) for run in runs]
    rows = [row for each in by_video for row in each]
    if not rows:
        return ()
    n_corrected = sum(map(bool, by_video))
    made = sorted(row.made_at for row in rows)
    where = f"in {n_corrected} of {len(runs)} videos, " if len(runs) > 1 else ""
    return (*_numbers(rows), f"All corrections were made {where}{dates_in_words(made[0], made[-1])}.")


def _numbers(rows: Sequence[Correction]) -> Iterable[str]:
    for field, attribute in correctable().items():
        people = {(row.run_id, row.person_id) for row in rows if row.kind == Kind.SET and row.payload["field"] == field}
        if people:
            yield f"The {attribute.term_in_text} of {_people(len(people))} was set by hand."
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
