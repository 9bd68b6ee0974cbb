"""tracks.csv, people.csv, samples.csv and figures.csv: tidy, UTF-8, one header line, corrections applied.

Columns are described in docs/how-to/read-the-tables.md. Rows come one by one, so that a long video needs no memory.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Protocol

from analysis.builtin_attributes import GENDER
from analysis.clock import timecode
from faceapp.audience.selectors import VideoAudience
from faceapp.core.spreadsheets import Cell, safe_cell
from faceapp.reports.columns import answer_cells, answer_columns, sample_cells, sample_columns
from faceapp.reports.document import ReportDocument, ReportFigure, ReportShare
from faceapp.results.people import PersonView, TrackView
from faceapp.results.shown import timelines_of
from faceapp.segments.window import Window

SPAN = ("start_s", "start", "end_s", "end", "in_view_s", "attention_s")

PEOPLE = ("video", "person_id", "name", "track_ids", *SPAN, *answer_columns(), "certainty", "static", "corrected")
TRACKS = ("video", "track_id", "person_id", "name", *SPAN, *answer_columns(), "quality", "static", "corrected")
SAMPLES = ("video", "person_id", "track_id", "time_s", "timecode", "x", "y", "width", "height", "score", "quality",
           "yaw", "pitch", *sample_columns(), "corrected")  # fmt: skip
FIGURES = ("video", "figure", "group", "value", "unit", "low", "high", "count", "n")

Row = Sequence[Cell]


class Group(Protocol):
    """What both reports say of people together."""

    @property
    def headline(self) -> Sequence[ReportFigure]: ...
    @property
    def more(self) -> Sequence[ReportFigure]: ...
    @property
    def emotion_time(self) -> Sequence[ReportFigure]: ...
    @property
    def labels(self) -> Mapping[str, Sequence[ReportShare]]: ...
    @property
    def ages(self) -> Sequence[ReportShare]: ...
    @property
    def pyramid(self) -> Sequence[ReportShare]: ...
    @property
    def main_emotions(self) -> Sequence[ReportShare]: ...


def csv_lines(header: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """A file in pieces of about a thousand rows; text that a spreadsheet would run as a formula is neutralised.

    The first piece is made at once: what fails, fails before an answer has begun.
    """
    pieces = _pieces(header, rows)
    return chain([next(pieces)], pieces)


def _pieces(header: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    for k, row in enumerate(rows, start=1):
        writer.writerow([safe_cell(value) for value in row])
        if k % 1000 == 0:
            yield _taken(out)
    yield _taken(out)


def people_rows(audience: VideoAudience) -> Iterator[Row]:
    name = audience.video.name
    for person in audience.people:
        yield (
            name, person.person_id, person.name, " ".join(str(track.track_id) for track in person.tracks),
            *_span(person), *answer_cells(person.readings), _certainty(person), person.is_static, _corrected(person),
        )  # fmt: skip


def _certainty(person: PersonView) -> float | None:
    """Nothing is known of people whom somebody joined by hand."""
    return None if person.is_joined_by_hand else round(person.certainty, 4)


def track_rows(audience: VideoAudience) -> Iterator[Row]:
    """In the order of track_id; `corrected` says what of the track's person was changed by hand."""
    owners = {track.track_id: (person, track) for person in audience.people for track in person.tracks}
    for track_id, (person, track) in sorted(owners.items()):
        yield (
            audience.video.name, track_id, person.person_id, person.name,
            *_span(track), *answer_cells(track.readings), round(track.quality, 4), track.is_static, _corrected(person),
        )  # fmt: skip


def sample_rows(audience: VideoAudience) -> Iterator[Row]:
    """Every analyzed moment of every track, track by track."""
    owner = {track.track_id: person for person in audience.people for track in person.tracks}
    for course in timelines_of(audience.run, None if audience.window is None else list(owner)):
        samples = _inside(course.samples, audience.window)
        yield from _samples(audience.video.name, owner[course.track_id], course.track_id, samples)


def figure_rows(document: ReportDocument) -> Iterator[Row]:
    """All figures of the report, one a row: shares are 0-1, times in seconds."""
    for row in rows_of_group(document):
        yield document.video.name, *row


def rows_of_group(group: Group) -> Iterator[Row]:
    """Everything said of a group of people, from the column `figure` on."""
    for figure in (*group.headline, *group.more):
        yield figure.key, "", *_numbers(figure)
    for figure in group.emotion_time:
        yield "expression_time", figure.key.partition(":")[2], *_numbers(figure)
    for kind, shares in _shares(group):
        for share in shares:
            ends = (round(share.share, 4), "share", round(share.low, 4), round(share.high, 4))
            yield kind, share.key, *ends, share.count, share.n


def _shares(group: Group) -> Iterator[tuple[str, Sequence[ReportShare]]]:
    """Gender and age come first, for they are also told together; then the other labels."""
    yield GENDER.key, group.labels.get(GENDER.key, ())
    yield "age", group.ages
    yield "age_gender", group.pyramid
    yield from ((key, shares) for key, shares in group.labels.items() if key != GENDER.key)
    yield "main_expression", group.main_emotions


def _numbers(figure: ReportFigure) -> Row:
    value, low, high = (None if each is None else round(each, 4) for each in (figure.value, figure.low, figure.high))
    return value, figure.unit, low, high, None, figure.n


def _span(item: PersonView | TrackView) -> Row:
    return item.start_s, timecode(item.start_s), item.end_s, timecode(item.end_s), item.in_view_s, item.attention_s


def _inside(samples: Mapping[str, Any], window: Window | None) -> Mapping[str, Any]:
    """The samples that lie in the window; all columns have a value for each."""
    if window is None:
        return samples
    kept = [k for k, time_s in enumerate(samples["time_s"]) if window.covers(time_s)]
    return {name: [column[k] for k in kept] for name, column in samples.items()}


def _samples(video: str, person: PersonView, track_id: int, samples: Mapping[str, Any]) -> Iterator[Row]:
    n = len(samples["time_s"])
    corrected = _corrected(person)
    for k in range(n):
        time_s = samples["time_s"][k]
        yield (
            video, person.person_id, track_id, time_s, timecode(time_s), *samples["box"][k], samples["score"][k],
            samples["quality"][k], samples["yaw"][k], samples["pitch"][k], *sample_cells(samples, k), corrected,
        )  # fmt: skip


def _corrected(person: PersonView) -> str:
    """What was changed by hand, such as "name tracks"; empty where nothing was."""
    return " ".join(person.corrected_fields)


def _taken(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text
