"""The people of a comparison's columns, and what their chips say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404

from analysis.attributes import attributes
from analysis.clock import clock, duration
from faceapp.accounts.models import User
from faceapp.audience.selectors import VideoAudience, attributes_on, audiences_of
from faceapp.audience.wording import counted, name_of
from faceapp.comparisons.columns import ColumnQuery, Columns, Kind
from faceapp.comparisons.comparing import ColumnPeople, ComparedRow, Member, rows_of
from faceapp.comparisons.measures import measures_of
from faceapp.library import access
from faceapp.library.models import Project, Video
from faceapp.results.people import PersonView
from faceapp.segments.selectors import TimeFilter, segment_of, words_of

Key = tuple[UUID, int]  # run and person_id

WHAT: Mapping[Kind, str] = {
    "segment": "segment",
    "video": "video",
    "videos": "videos",
    "project": "project",
    "filter": "filter",
    "others": "the others",
    "all": "everything",
}


@dataclass(frozen=True, slots=True)
class Face:
    """One person of a column with where they are seen."""

    audience: VideoAudience
    person: PersonView

    @property
    def key(self) -> Key:
        return self.audience.run.pk, self.person.person_id


@dataclass(frozen=True, slots=True)
class Party:
    """A column with its people, faces that never move left out unless it asks for them."""

    letter: str
    column: ColumnQuery
    name: str
    what: str  # "video, 0:45"
    definition: str  # in full, for exports
    audiences: tuple[VideoAudience, ...]
    is_missing: bool  # what it names is deleted, has no result, or was never the user's

    @property
    def faces(self) -> list[Face]:
        return [Face(audience, person) for audience in self.audiences for person in audience.people]

    @property
    def n(self) -> int:
        return sum(len(audience.people) for audience in self.audiences)

    @property
    def facts(self) -> str:
        return f"{self.what}, n = {self.n}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the page, its files and the API say."""

    columns: Columns
    parties: tuple[Party, ...]
    rows: tuple[ComparedRow, ...]
    n_in_both: int  # people who stand in A and in the drawn column
    is_paired: bool

    @property
    def reference(self) -> Party | None:
        return self.parties[0] if self.parties else None

    @property
    def drawn(self) -> Party | None:
        return next((each for each in self.parties[1:] if each.letter == self.columns.drawn), None)


def comparison_of(user: User, columns: Columns) -> Comparison:
    """All columns that an address names; what the user may not see is empty."""
    parties = parties_of(user, columns)
    a, b = (parties[0] if parties else None), next((p for p in parties[1:] if p.letter == columns.drawn), None)
    n_in_both = len({face.key for face in a.faces} & {face.key for face in b.faces}) if a and b else 0
    everyone = [audience for party in parties for audience in party.audiences]
    is_paired = bool(a and b and n_in_both and _are_parts_of_one_video(a, b))
    measures = measures_of(attributes_on(everyone))
    rows = rows_of(_groups(parties), measures, drawn=columns.drawn, is_paired=is_paired) if everyone else ()
    return Comparison(columns, tuple(parties), rows, n_in_both, is_paired)


def _are_parts_of_one_video(a: Party, b: Party) -> bool:
    """Whether people of both are read at other times of the same video."""
    videos = {audience.video.pk for party in (a, b) for audience in party.audiences}
    return len(videos) == 1 and a.column.selection.time != b.column.selection.time


def parties_of(user: User, columns: Columns) -> list[Party]:
    """The columns with their people; "everything else" knows all others."""
    found = {letter: _audiences(user, column) for letter, column in columns.by_letter.items() if not column.is_others}
    taken = {Face(audience, person).key for each in found.values() for audience in each for person in audience.people}
    parties = []
    for letter, column in columns.by_letter.items():
        audiences = found[letter] if letter in found else _others(_audiences(user, column), taken)
        names = _Names(user, column, audiences)
        parties.append(
            Party(letter, column, names.title, names.what, names.definition, tuple(audiences), is_missing=not audiences)
        )
    return parties


def _audiences(user: User, column: ColumnQuery) -> list[VideoAudience]:
    try:
        audiences = audiences_of(user, column.selection)
    except Http404:  # of a segment that was deleted, or is a stranger's
        return []
    return audiences if column.selection.with_static else [audience.moving() for audience in audiences]


def _others(audiences: Sequence[VideoAudience], taken: set[Key]) -> list[VideoAudience]:
    """Without people of other columns, and without videos of which nobody is left."""
    left = [
        VideoAudience(each.video, each.run, tuple(p for p in each.people if (each.run.pk, p.person_id) not in taken))
        for each in audiences
    ]
    return [each for each in left if each.people]


def _groups(parties: Sequence[Party]) -> list[ColumnPeople]:
    """Videos are numbered over all columns."""
    videos: dict[UUID, int] = {}
    return [
        ColumnPeople(
            party.letter,
            tuple(
                Member(face.key, videos.setdefault(face.audience.video.pk, len(videos)), face.person)
                for face in party.faces
            ),
        )
        for party in parties
    ]


def part_of(user: User, asked: TimeFilter) -> str:
    """The part of a video in words; empty: all of it, or it is no longer there."""
    try:
        return words_of(asked, segment_of(user, asked))
    except Http404:
        return ""


class _Names:
    """What a column is called."""

    def __init__(self, user: User, column: ColumnQuery, audiences: Sequence[VideoAudience]) -> None:
        self._column, self._audiences = column, audiences
        selection = column.selection
        self._projects = list(access.projects_of(user).filter(pk__in=selection.projects)) if selection.projects else []
        self._videos = list(access.videos_of(user).filter(pk__in=selection.videos)) if selection.videos else []
        if selection.time and not self._videos and len(audiences) == 1:
            self._videos = [audiences[0].video]
        self._part = part_of(user, selection.time)

    @property
    def title(self) -> str:
        if self._column.is_others:
            return "Everything else" + (f" in {self._projects[0].name}" if len(self._projects) == 1 else "")
        asked = ", ".join([*self._asked(), *([self._part] if self._part else [])])
        return f"{asked[0].upper()}{asked[1:]}" if asked else self._where()

    @property
    def what(self) -> str:
        kind = self._column.kind
        if kind == "video" and self._videos:
            return f"video, {clock(self._videos[0].duration_s)}"
        n_videos = counted(len(self._audiences), "video", "videos")
        if kind == "segment":
            return f"of {self._where()}, {clock(sum(each.length_s for each in self._audiences))}"
        if kind == "filter":
            return f"in {self._where()}"
        return n_videos if kind in ("videos", "others", "all") else f"{WHAT[kind]}, {n_videos}"

    @property
    def definition(self) -> str:
        """Everything that decides who is counted, in words."""
        where = self.title if self._column.is_others else self._where()
        asked = list(self._asked())
        people = f", only people {', '.join(asked)}" if asked else ""
        static = ", with faces that never move" if self._column.selection.with_static else ""
        return f"{where}{f', {self._part}' if self._part else ''}{people}{static}"

    def _where(self) -> str:
        names: list[Video] | list[Project] = self._videos or self._projects
        if not names:
            selection = self._column.selection
            return "No longer there" if selection.videos or selection.projects or selection.time else "All videos"
        return names[0].name if len(names) == 1 else f"{len(names)} {'videos' if self._videos else 'projects'}"

    def _asked(self) -> list[str]:
        selection = self._column.selection
        asked = [" or ".join(map(name_of, selection.ages)) + " years"] if selection.ages else []
        for key, chosen in selection.labels.items():
            asked.append(" or ".join(attributes()[key].spoken(answer) for answer in chosen))
        if selection.least_s:
            asked.append(f"in view for {duration(selection.least_s)} or longer")
        if selection.watchers:
            asked.append("who looked at the camera")
        if selection.with_static and not asked:
            asked.append("with faces that never move")
        return asked
