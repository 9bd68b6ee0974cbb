"""What stands in a column: read from an address, written back into one.

A comparison's address has one parameter per column, `a` to `f`, each holding the address of a selection as the page
Audience writes it; `draw` names the column that is compared with A, the reference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlencode

from django.http import QueryDict

from faceapp.audience.selection import Selection

LETTERS = "abcdef"
REFERENCE = LETTERS[0]
Order = Literal["group", "size"]
Kind = Literal["segment", "video", "videos", "project", "filter", "others", "all"]


@dataclass(frozen=True, slots=True)
class ColumnQuery:
    """A selection, or with `is_others` whoever of it stands in no other column."""

    selection: Selection
    is_others: bool = False

    @classmethod
    def from_text(cls, text: str) -> ColumnQuery:
        query = QueryDict(text)
        return cls(Selection.from_query(query), "others" in query)

    def to_text(self) -> str:
        said = self.selection.to_query()
        return "&".join(part for part in (said, "others=1" if self.is_others else "") if part)

    @property
    def kind(self) -> Kind:
        selection = self.selection
        if self.is_others:
            return "others"
        if selection.filters_people or selection.with_static:
            return "filter"
        if selection.time:
            return "segment"
        if selection.videos:
            return "video" if len(selection.videos) == 1 else "videos"
        return "project" if selection.projects else "all"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a comparison by letter, without gaps, and which of them is drawn against A."""

    by_letter: Mapping[str, ColumnQuery]
    drawn: str = LETTERS[1]
    order: Order = "group"

    @classmethod
    def from_query(cls, query: QueryDict) -> Columns:
        """What an address says; letters are given anew where one is missing."""
        found = [(letter, ColumnQuery.from_text(query.get(letter, ""))) for letter in LETTERS if letter in query]
        drawn = query.get("draw", "")
        named = [letter for letter, _ in found]
        at = named.index(drawn) if drawn in named[1:] else 1
        by_letter = {LETTERS[k]: column for k, (_, column) in enumerate(found)}
        return cls(by_letter, LETTERS[at], "size" if query.get("order") == "size" else "group")

    def to_query(self) -> str:
        pairs = [(letter, column.to_text()) for letter, column in self.by_letter.items()]
        if self.drawn != LETTERS[1]:
            pairs.append(("draw", self.drawn))
        if self.order != "group":
            pairs.append(("order", self.order))
        return urlencode(pairs)

    @property
    def next_letter(self) -> str | None:
        """Of the column that would be added; None where all are taken."""
        return next((letter for letter in LETTERS if letter not in self.by_letter), None)

    def with_column(self, column: ColumnQuery) -> Columns:
        """The column is added, and drawn. All letters taken: nothing changes."""
        letter = self.next_letter
        if letter is None:
            return self
        drawn = letter if letter != REFERENCE else self.drawn
        return replace(self, by_letter={**self.by_letter, letter: column}, drawn=drawn)

    def without(self, letter: str) -> Columns:
        kept = [(each, column) for each, column in self.by_letter.items() if each != letter]
        letters = [each for each, _ in kept]
        at = letters.index(self.drawn) if self.drawn in letters[1:] else 1
        by_letter = {LETTERS[k]: column for k, (_, column) in enumerate(kept)}
        return replace(self, by_letter=by_letter, drawn=LETTERS[at])

    def swapped(self) -> Columns:
        """A and the drawn column change places."""
        if self.drawn not in self.by_letter:
            return self
        a, b = self.by_letter[REFERENCE], self.by_letter[self.drawn]
        return replace(self, by_letter={**self.by_letter, REFERENCE: b, self.drawn: a})

    def drawing(self, letter: str) -> Columns:
        return replace(self, drawn=letter)

    def ordered(self, order: Order) -> Columns:
        return replace(self, order=order)

    def others(self, letter: str) -> Iterator[tuple[str, ColumnQuery]]:
        return ((each, column) for each, column in self.by_letter.items() if each != letter)
