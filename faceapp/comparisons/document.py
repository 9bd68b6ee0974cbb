"""The one document of a comparison: page, PDF, CSV and API print these numbers and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from analysis.clock import half_up
from faceapp.audience.figures import FEW
from faceapp.comparisons import wording
from faceapp.comparisons.columns import REFERENCE, Order
from faceapp.comparisons.comparing import POINTS_PER, ComparedRow
from faceapp.comparisons.selectors import Comparison, Party
from faceapp.comparisons.verdicts import MARGIN_POINTS, Verdict
from faceapp.library.models import Project
from faceapp.reports.document import plain

LEAST_AXIS = 30  # points to either side of zero
JUDGED = frozenset(each.value for each in (Verdict.NO_DIFFERENCE, Verdict.HIGHER, Verdict.LOWER, Verdict.NOT_SETTLED))
MOST_NAMED = 3  # figures in the sentence above the table


@dataclass(frozen=True, slots=True)
class ComparedColumn:
    """One column as exports name it; `letter` is "A" to "F"."""

    letter: str
    name: str
    facts: str
    definition: str
    n_people: int


@dataclass(frozen=True, slots=True)
class ComparedValue:
    """A figure of one column. `withheld` stands in the place of a value that may not be told."""

    letter: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    text: str
    interval: str
    withheld: str


@dataclass(frozen=True, slots=True)
class ComparedDifference:
    """The drawn column − A in the unit of the figure; `points` are value and ends on the common axis."""

    value: float
    low: float
    high: float
    text: str
    interval: str
    points: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    """One line of the table."""

    key: str  # "gender:female"
    figure: str  # as in figures.csv
    answer: str
    group: str
    term: str
    detail: str
    unit: str
    swatch: str
    values: tuple[ComparedValue, ...]  # of every column, A first
    difference: ComparedDifference | None
    n: str
    n_pairs: int | None
    verdict: str
    words: str

    @property
    def is_said(self) -> bool:
        """B is higher or lower."""
        return self.verdict in (Verdict.HIGHER.value, Verdict.LOWER.value)

    @property
    def is_few(self) -> bool:
        return self.verdict == Verdict.TOO_FEW.value


@dataclass(frozen=True, slots=True)
class ComparisonDocument:
    """Everything that is said. Without a second column there are no differences."""

    columns: tuple[ComparedColumn, ...]
    drawn: str  # the letter that is compared with A, in capitals; empty without a second column
    order: Order
    relation: str  # one sentence: different people, the same, or some in both
    is_paired: bool
    margin_points: float
    axis_points: int  # the axis goes from −this to +this
    figures: tuple[ComparedFigure, ...]  # in the order asked for
    finding: str  # one sentence: what is settled
    notes: tuple[str, ...]

    @property
    def groups(self) -> list[tuple[str, list[ComparedFigure]]]:
        """Figures under their headings; under none in the order of size."""
        if self.order == "size":
            return [("", list(self.figures))]
        found: dict[str, list[ComparedFigure]] = {}
        for figure in self.figures:
            found.setdefault(figure.group, []).append(figure)
        return list(found.items())

    def to_dict(self) -> dict[str, Any]:
        content: dict[str, Any] = plain(asdict(self))
        return content


def document_of(comparison: Comparison, margin_points: float = MARGIN_POINTS) -> ComparisonDocument:
    drawn = comparison.drawn.letter if comparison.drawn else ""
    figures = [_figure(row, drawn) for row in comparison.rows if _is_anything(row)]
    if comparison.columns.order == "size":
        figures.sort(key=_size)
    return ComparisonDocument(
        columns=tuple(_column(party) for party in comparison.parties),
        drawn=drawn.upper(),
        order=comparison.columns.order,
        relation=_relation(comparison),
        is_paired=comparison.is_paired,
        margin_points=margin_points,
        axis_points=_axis(figures),
        figures=tuple(figures),
        finding=_finding(figures, drawn.upper()) if drawn else "",
        notes=_notes(margin_points, figures),
    )


def projects_of(comparison: Comparison) -> list[Project]:
    """Of all columns, each once."""
    found = {each.video.project_id: each.video.project for party in comparison.parties for each in party.audiences}
    return list(found.values())


def _column(party: Party) -> ComparedColumn:
    return ComparedColumn(party.letter.upper(), party.name, party.facts, party.definition, party.n)


def _is_anything(row: ComparedRow) -> bool:
    """Not a figure that nobody in any column has, such as an age band without people."""
    return any(figure.value for figure in row.figures.values()) or any(row.withheld.values())


def _figure(row: ComparedRow, drawn: str) -> ComparedFigure:
    measure = row.measure
    of_b = row.figures.get(drawn)
    return ComparedFigure(
        key=measure.key,
        figure=measure.figure,
        answer=measure.answer,
        group=measure.group,
        term=measure.term,
        detail=measure.detail,
        unit=measure.unit,
        swatch=measure.swatch,
        values=tuple(_value(row, letter) for letter in row.figures),
        difference=_difference(row),
        n=wording.n_text(row.n_pairs, row.figures[REFERENCE], of_b) if of_b else f"{row.figures[REFERENCE].n}",
        n_pairs=row.n_pairs,
        verdict=row.verdict.value,
        words=wording.words_of(row.verdict, drawn) if drawn else "",
    )


def _value(row: ComparedRow, letter: str) -> ComparedValue:
    figure, withheld = row.figures[letter], row.withheld.get(letter, "")
    return ComparedValue(
        letter=letter.upper(),
        value=figure.value,
        low=figure.low,
        high=figure.high,
        n=figure.n,
        text="" if withheld else wording.figure_text(figure),
        interval=wording.range_text(figure),
        withheld=withheld,
    )


def _difference(row: ComparedRow) -> ComparedDifference | None:
    if row.difference is None or row.points is None:
        return None
    unit = row.measure.unit
    return ComparedDifference(
        value=row.difference.value,
        low=row.difference.low,
        high=row.difference.high,
        text=wording.difference_text(row.difference, unit),
        interval=wording.ends_text(row.difference, unit),
        points=row.points,
    )


def _size(figure: ComparedFigure) -> tuple[bool, bool, float]:
    """The largest difference first; what is too few or withheld last."""
    size = abs(figure.difference.points[0]) if figure.difference else 0.0
    return figure.difference is None, figure.is_few, -size


def _axis(figures: Sequence[ComparedFigure]) -> int:
    """Wide enough for every difference that is drawn, in steps of 10."""
    drawn = [abs(each.difference.points[0]) for each in figures if each.difference and not each.is_few]
    return max(LEAST_AXIS, 10 * -(-half_up(max(drawn, default=0.0) + 0.5) // 10))


def _relation(comparison: Comparison) -> str:
    a, b = comparison.reference, comparison.drawn
    if a is None or b is None or not (a.n and b.n):
        return ""
    name, n = b.letter.upper(), comparison.n_in_both
    if comparison.is_paired and min(a.n, b.n) > n:
        each = f"only they are in the figures of A and {name}, each compared with themselves"
        return f"Paired: A and {name} are parts of one video; {n} people are in both; {each}."
    if comparison.is_paired:
        each = "each is compared with themselves"
        return f"Paired: A and {name} are parts of one video; {n} people are in both and {each}."
    if not n:
        return f"Different people in A and {name}: compared as two groups."
    if n in (a.n, b.n) and a.n != b.n:
        inside, whole = (name, "A") if n == b.n else ("A", name)
        return f"All {n} people of {inside} are also in {whole}: compared as two groups, intervals are too wide."
    return f"{n} people are in A and in {name}: compared as two groups, intervals are too wide."


def _finding(figures: Sequence[ComparedFigure], letter: str) -> str:
    """Which figures differ, the largest difference first."""
    said = sorted((each for each in figures if each.is_said), key=_size)
    if said:
        names = ", ".join(f"{each.term} {_with_unit(each)}" for each in said[:MOST_NAMED])
        more = f" and {len(said) - MOST_NAMED} more" if len(said) > MOST_NAMED else ""
        n = len(said)
        return f"{letter} differs from A in {n} {'figure' if n == 1 else 'figures'}: {names}{more}."
    if any(each.verdict in JUDGED for each in figures):
        return f"No figure of {letter} is settled to be higher or lower than that of A."
    return f"Too few people to compare A and {letter}: {FEW} or more are needed on each side."


def _with_unit(figure: ComparedFigure) -> str:
    text = figure.difference.text if figure.difference else ""
    return f"{text} points" if figure.unit in ("share", "points") else text


def _notes(margin_points: float, figures: Sequence[ComparedFigure]) -> tuple[str, ...]:
    """What the foot of the table says."""
    units = {each.unit for each in figures}
    scale: Mapping[str, str] = {
        "s": f"1 s is drawn as {POINTS_PER['s']:g} points",
        "years": f"1 year as {POINTS_PER['years']:g}",
    }
    n_tried = sum(each.verdict in JUDGED for each in figures)
    drawn = ", ".join(words for unit, words in scale.items() if unit in units)
    corrected = f" Higher or lower is said only where it also holds among all {n_tried} figures together."
    return (
        f"Differences in points, with a 95 % interval of each figure alone.{corrected if n_tried else ''}",
        *([f"Gray strip: ±{margin_points:g} points, the least that counts as a difference."] if margin_points else []),
        *([f"{drawn}."] if drawn else []),
        "Fewer than five people: not shown.",
    )
