"""The rows of the tab Segments: each segment and cue of a video with who is in view there and what they show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from faceapp.results.person_view import PersonView
from faceapp.results.pooling import mean_shares
from faceapp.results.windowed import people_within_each
from faceapp.runs.models import Run
from faceapp.segments.models import Mark
from faceapp.segments.window import Window


@dataclass(frozen=True, slots=True)
class MarkRow:
    """A segment or cue. People are those in view in it; who never moves, such as a poster, is not counted."""

    mark: Mark
    n_people: int
    shares: dict[str, float] | None  # of their time in it, each person counted once; None where nothing is known

    @property
    def length_s(self) -> float:
        return 0.0 if self.mark.to_s is None else self.mark.to_s - self.mark.from_s


def mark_rows(run: Run, people: Sequence[PersonView]) -> list[MarkRow]:
    """In the order of time; two queries, however many there are.

    Args:
        people: everyone of the run.
    """
    marks = list(run.video.marks.all())
    moving = [person for person in people if not person.is_static]
    segments = [mark for mark in marks if mark.to_s is not None]
    windows = [Window.of(mark.from_s, mark.to_s) for mark in segments if mark.to_s is not None]
    inside = dict(zip((mark.pk for mark in segments), people_within_each(run, moving, windows), strict=True))
    return [
        MarkRow(mark, len(inside[mark.pk]), _shares(inside[mark.pk]))
        if mark.pk in inside
        else MarkRow(mark, sum(_is_in_view(person, mark.from_s) for person in moving), None)
        for mark in marks
    ]


def _is_in_view(person: PersonView, time_s: float) -> bool:
    return any(track.start_s <= time_s < track.end_s for track in person.tracks)


def _shares(people: Sequence[PersonView]) -> dict[str, float] | None:
    shown = [(person.emotion.shares, 1.0) for person in people if person.emotion is not None]
    return mean_shares(shown) if shown else None
