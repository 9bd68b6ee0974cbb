"""figures.csv of a selection: everyone together, then each video; columns: docs/how-to/read-the-tables.md."""

from __future__ import annotations

from collections.abc import Iterator

from faceapp.reports import tables
from faceapp.reports.audience.breakdown import Breakdown
from faceapp.reports.audience.document import AudienceDocument

FIGURES = ("video", "video_id", "figure", "group", "value", "unit", "low", "high", "count", "n", "note")
VALUE, N = 2, 7  # their places in a row, from `figure` on


def figure_rows(document: AudienceDocument) -> Iterator[tables.Row]:
    """Empty `video` stands for all of them."""
    for row in _rows(document.breakdown) if document.videos else ():
        yield "", "", *row
    for video in document.videos:
        for row in _rows(video.breakdown):
            yield video.name, video.video_id, *row


def _rows(said: Breakdown) -> Iterator[tables.Row]:
    """What is left out has no value, and words in `note`."""
    for row in tables.rows_of_group(said):
        yield *row, said.words if row[VALUE] is None and row[N] else ""
    for each in said.not_said:
        yield each.figure, each.group, None, "share", None, None, None, each.n, each.words
