"""Segments and cues are made, changed, deleted and undone here, each act as one row that can be taken back."""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from analysis.clock import timecode
from faceapp.accounts.models import User
from faceapp.core.names import INVISIBLE, is_visible
from faceapp.library.models import Video
from faceapp.segments.models import Mark, MarkChange

LONGEST_NAME = 80
MOST_MARKS = 2000  # on one video
DIGITS = 3  # of seconds: milliseconds

Snapshot = dict[str, dict[str, Any] | None]  # by id of the mark; None where there is none


class MarkRefused(Exception):
    """A segment or cue that makes no sense; the message is a sentence for the user."""


class ChangedLater(MarkRefused):
    """An undo that came too late."""


@dataclass(frozen=True, slots=True)
class NewMark:
    """What a mark shall be; without a name it gets the next free "Segment 5". A cue has no `to_s`."""

    name: str
    from_s: float
    to_s: float | None = None


def add_mark(*, video: Video, mark: NewMark, user: User | None) -> tuple[Mark, MarkChange]:
    """
    Raises:
        MarkRefused: it lies outside of the video, ends before it begins, or its name cannot be seen or is too long.
    """
    made, change = add_marks(video=video, marks=[mark], user=user)
    return made[0], change


def add_marks(*, video: Video, marks: Sequence[NewMark], user: User | None) -> tuple[list[Mark], MarkChange]:
    """All of these in one act, which one undo takes back.

    Raises:
        MarkRefused: one of them makes no sense, or there would be more than `MOST_MARKS`; none is made then.
    """
    with transaction.atomic():
        _lock(video)
        there = list(video.marks.all())
        if len(there) + len(marks) > MOST_MARKS:
            raise MarkRefused(f"A video can have at most {MOST_MARKS} segments and cues.")
        names = {mark.name for mark in there}
        made = []
        for mark in marks:
            name = _clean(mark.name) or free_name(names, is_cue=mark.to_s is None)
            names.add(name)
            made.append(Mark(video=video, name=name, **_times(video, mark.from_s, mark.to_s)))
        Mark.objects.bulk_create(made)
        return made, _keep(video, dict.fromkeys((str(mark.pk) for mark in made), None), _snapshot(made), user)


def change_mark(*, mark: Mark, user: User | None, **fields: Any) -> MarkChange | None:
    """Give a mark another `name`, `from_s` or `to_s`; a cue stays a cue. None when nothing differs.

    Raises:
        MarkRefused: as `add_mark`; or the mark was deleted meanwhile.
    """
    with transaction.atomic():
        _lock(mark.video)
        current = Mark.objects.filter(pk=mark.pk).first()
        if current is None:
            raise MarkRefused(f"This {mark.noun} no longer exists.")
        before = _snapshot([current])
        if "name" in fields:
            current.name = _clean(fields["name"])
        if not current.name:
            raise MarkRefused(INVISIBLE)
        to_s = None if current.is_cue else fields.get("to_s", current.to_s)
        for key, value in _times(mark.video, fields.get("from_s", current.from_s), to_s).items():
            setattr(current, key, value)
        after = _snapshot([current])
        if after == before:
            return None
        current.save()
        return _keep(mark.video, before, after, user)


def delete_marks(*, video: Video, marks: Iterable[Mark], user: User | None) -> MarkChange:
    """Delete these in one act, which one undo takes back."""
    with transaction.atomic():
        _lock(video)
        gone = video.marks.filter(pk__in=[mark.pk for mark in marks])
        before = _snapshot(gone)
        gone.delete()
        return _keep(video, before, dict.fromkeys(before, None), user)


def undo_change(change: MarkChange) -> bool:
    """Put the marks back as they were before. False when that has been done already.

    Raises:
        ChangedLater: one of them was changed later; that has to be undone first.
    """
    with transaction.atomic():
        _lock(change.video)
        change.refresh_from_db()
        if change.undone_at is not None:
            return False
        keys = [uuid.UUID(key) for key in change.before]
        there = {mark.pk: mark for mark in change.video.marks.filter(pk__in=keys)}
        now: Snapshot = {**dict.fromkeys(change.before), **_snapshot(there.values())}
        if now != change.after:
            raise ChangedLater("You cannot undo this because a segment or cue in it was changed later.")
        _put(change.video, change.before, there)
        change.undone_at = timezone.now()
        change.save(update_fields=["undone_at"])
        return True


def free_name(names: Iterable[str], *, is_cue: bool) -> str:
    """ "Segment 5": the first number that no name has."""
    taken, noun, n = set(names), "Cue" if is_cue else "Segment", 1
    while f"{noun} {n}" in taken:
        n += 1
    return f"{noun} {n}"


def _lock(video: Video) -> None:
    """What two tabs send at once is done one after the other."""
    Video.objects.select_for_update().get(pk=video.pk)


def _put(video: Video, before: Mapping[str, Any], there: Mapping[uuid.UUID, Mark]) -> None:
    Mark.objects.filter(pk__in=[key for key in there if before[str(key)] is None]).delete()
    for key, fields in before.items():
        if fields is not None:
            Mark.objects.update_or_create(pk=uuid.UUID(key), defaults={"video": video, **fields})


def _snapshot(marks: Iterable[Mark]) -> Snapshot:
    return {str(mark.pk): {"name": mark.name, "from_s": mark.from_s, "to_s": mark.to_s} for mark in marks}


def _keep(video: Video, before: Snapshot, after: Snapshot, user: User | None) -> MarkChange:
    made: MarkChange = MarkChange.objects.create(video=video, before=before, after=after, made_by=user)
    return made


def _clean(name: str) -> str:
    """Without needless blanks; empty when it is nothing but blanks.

    Raises:
        MarkRefused: it cannot be seen, or is too long.
    """
    name = " ".join(name.split())
    if name and not is_visible(name):
        raise MarkRefused(INVISIBLE)
    if len(name) > LONGEST_NAME:
        raise MarkRefused(f"A name must not be longer than {LONGEST_NAME} characters.")
    return name


def _times(video: Video, from_s: float, to_s: float | None) -> dict[str, float | None]:
    """
    Raises:
        MarkRefused: they are no times of the video.
    """
    if not all(math.isfinite(time_s) for time_s in (from_s, to_s or 0.0)):
        raise MarkRefused("A time must be a number of seconds.")
    from_s, to_s = round(from_s, DIGITS) + 0.0, None if to_s is None else round(to_s, DIGITS)
    end_s = round(video.duration_s, DIGITS)
    if from_s < 0 or max(from_s, to_s or 0.0) > end_s:
        raise MarkRefused(f"The video runs from 0:00.0 to {timecode(end_s)}. Choose times inside of it.")
    if to_s is not None and to_s <= from_s:
        raise MarkRefused("A segment must end after it starts.")
    return {"from_s": from_s, "to_s": to_s}
