"""What only the page needs: where each interval is drawn, and the links of chips and cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from faceapp.comparisons.columns import REFERENCE, Columns
from faceapp.comparisons.document import ComparedFigure, ComparedValue, ComparisonDocument
from faceapp.comparisons.selectors import Comparison, Party

GRID_EACH = 10  # points


@dataclass(frozen=True, slots=True)
class Chip:
    """One column above the table; addresses are queries without the question mark."""

    party: Party
    is_reference: bool
    is_drawn: bool
    draw: str  # the address that draws this column
    without: str
    open: str  # the page that shows this column alone
    key: str  # that draws it: "2" for B


@dataclass(frozen=True, slots=True)
class Drawn:
    """An interval on the axis, in per cent of its width."""

    dot: str
    low: str
    high: str
    shape: str  # "few", "open", "settled"


@dataclass(frozen=True, slots=True)
class Cell:
    value: ComparedValue
    role: str  # "reference", "drawn", "other"
    faces: str  # address of whom it counts; empty where nobody may be seen


@dataclass(frozen=True, slots=True)
class Line:
    figure: ComparedFigure
    cells: tuple[Cell, ...]
    drawn: Drawn | None


@dataclass(frozen=True, slots=True)
class Tick:
    at: str
    text: str  # empty where only the line is drawn


@dataclass(frozen=True, slots=True)
class ComparePage:
    chips: tuple[Chip, ...]
    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    ticks: tuple[Tick, ...]
    strip: tuple[str, str] | None  # x and width of what is no difference to speak of
    swapped: str
    by_group: str
    by_size: str

    @property
    def n_cells(self) -> int:
        """Cells in a row of the table."""
        return 5 + len(self.chips)


def page_of(comparison: Comparison, document: ComparisonDocument) -> ComparePage:
    columns = comparison.columns
    reach = document.axis_points
    return ComparePage(
        chips=tuple(_chip(columns, party) for party in comparison.parties),
        groups=tuple(
            (name, tuple(_line(columns, figure, reach) for figure in figures)) for name, figures in document.groups
        ),
        ticks=tuple(_ticks(reach)),
        strip=_strip(document.margin_points, reach),
        swapped=columns.swapped().to_query(),
        by_group=columns.ordered("group").to_query(),
        by_size=columns.ordered("size").to_query(),
    )


def _chip(columns: Columns, party: Party) -> Chip:
    letter = party.letter
    return Chip(
        party=party,
        is_reference=letter == REFERENCE,
        is_drawn=letter == columns.drawn,
        draw=columns.drawing(letter).to_query(),
        without=columns.without(letter).to_query(),
        open=f"{reverse('audience:audience')}?{party.column.selection.to_query()}",
        key=str(ord(letter) - ord(REFERENCE) + 1),
    )


def _line(columns: Columns, figure: ComparedFigure, reach: int) -> Line:
    cells = tuple(_cell(columns, figure, value) for value in figure.values)
    return Line(figure, cells, _drawn(figure, reach))


def _cell(columns: Columns, figure: ComparedFigure, value: ComparedValue) -> Cell:
    letter = value.letter.lower()
    role = "reference" if letter == REFERENCE else "drawn" if letter == columns.drawn else "other"
    query = f"{columns.to_query()}&{urlencode({'column': letter, 'figure': figure.key})}"
    faces = f"{reverse('comparisons:faces')}?{query}" if value.value is not None else ""
    return Cell(value, role, faces)


def _drawn(figure: ComparedFigure, reach: int) -> Drawn | None:
    if figure.difference is None:
        return None
    value, low, high = figure.difference.points
    shape = "few" if figure.is_few else "settled" if figure.is_said else "open"
    return Drawn(_at(value, reach), _at(max(low, -reach), reach), _at(min(high, reach), reach), shape)


def _ticks(reach: int) -> Sequence[Tick]:
    """Lines every 10 points, labels so that at most five stand beside each other."""
    every = GRID_EACH * max(1, -(-reach // 30))
    return [
        Tick(_at(points, reach), _label(points) if points % every == 0 and abs(points) < reach else "")
        for points in range(-reach + GRID_EACH, reach, GRID_EACH)
    ]


def _label(points: int) -> str:
    return f"+{points}" if points > 0 else f"−{-points}" if points else "0"


def _strip(margin_points: float, reach: int) -> tuple[str, str] | None:
    if not margin_points:
        return None
    return _at(-margin_points, reach), f"{100 * margin_points / reach:.2f}%"


def _at(points: float, reach: int) -> str:
    return f"{50 + 50 * points / reach:.2f}%"
