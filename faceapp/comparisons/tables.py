"""The comparison as a CSV file: one row per figure and column; columns: docs/how-to/read-the-tables.md."""

from __future__ import annotations

from collections.abc import Iterator

from faceapp.comparisons.document import ComparedFigure, ComparisonDocument
from faceapp.reports import tables

COLUMNS = (
    "column", "name", "definition", "figure", "group", "value", "unit", "low", "high", "n", "note",
    "difference", "difference_low", "difference_high", "n_pairs", "verdict",
)  # fmt: skip


def figure_rows(document: ComparisonDocument) -> Iterator[tables.Row]:
    """Column by column; the difference from A stands with the column that is compared."""
    for k, column in enumerate(document.columns):
        for figure in document.figures:
            value = figure.values[k]
            yield (
                column.letter, column.name, column.definition, figure.figure, figure.answer, rounded(value.value),
                figure.unit, rounded(value.low), rounded(value.high), value.n, value.withheld,
                *(_difference(figure) if column.letter == document.drawn else (None,) * 5),
            )  # fmt: skip


def rounded(value: float | None) -> float | None:
    """As files and programs get a number: four digits."""
    return None if value is None else round(value, 4)


def _difference(figure: ComparedFigure) -> tables.Row:
    difference = figure.difference
    if difference is None:
        return None, None, None, figure.n_pairs, figure.verdict
    ends = (rounded(difference.value), rounded(difference.low), rounded(difference.high))
    return *ends, figure.n_pairs, figure.verdict
