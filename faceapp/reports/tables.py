"""tracks.csv, people.csv, samples.csv and figures.csv: tidy, UTF-8, one header line, corrections applied.

Columns are described in docs/how-to/read-the-tables.md. Rows come one by one, so that a long video needs no memory.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Protocol

from analysis.builtin_attributes import ETHNICITIES
from analysis.clock import timecode
from analysis.types import EMOTIONS, UNKNOWN, LabelEstimate
from faceapp.audience.selectors import VideoAudience
from faceapp.audience.spreadsheets import Cell, safe_cell
from faceapp.reports.document import ReportDocument, ReportFigure, ReportShare
from faceapp.results.models import Timeline
from faceapp.results.people import Estimated, PersonView, TrackView

ANSWERS = ("age", "age_low", "age_high", "gender", "gender_confidence", "ethnicity", "ethnicity_confidence")
ETHNICITY_COLUMNS = tuple(f"ethnicity_{name.lower()}" for name in ETHNICITIES)
EMOTION_COLUMNS = tuple(f"emotion_{name.lower()}" for name in (*EMOTIONS, UNKNOWN))
SPAN = ("start_s", "start", "end_s", "end", "in_view_s", "attention_s")

PEOPLE = ("video", "person_id", "name", "track_ids", *SPAN, *ANSWERS, *ETHNICITY_COLUMNS, "emotion", *EMOTION_COLUMNS,
          "certainty", "static", "corrected")  # fmt: skip
TRACKS = ("video", "track_id", "person_id", "name", *SPAN, *ANSWERS, *ETHNICITY_COLUMNS, "emotion", *EMOTION_COLUMNS,
          "quality", "static", "corrected")  # fmt: skip
SAMPLES = ("video", "person_id", "track_id", "time_s", "timecode", "x", "y", "width", "height", "score", "quality",
           "yaw", "pitch", "looking", "emotion", *(name.lower() for name in EMOTIONS), "corrected")  # fmt: skip
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
    def genders(self) -> Sequence[ReportShare]: ...
    @property
    def ages(self) -> Sequence[ReportShare]: ...
    @property
    def pyramid(self) -> Sequence[ReportShare]: ...
    @property
    def ethnicities(self) -> Sequence[ReportShare]: ...
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
            *_span(person), *_answers(person), round(person.certainty, 4), person.is_static, _corrected(person),
        )  # fmt: skip


def track_rows(audience: VideoAudience) -> Iterator[Row]:
    """In the order of track_id; `corrected` says what of the track's person was changed by hand."""
    owners = {track.track_id: (person, track) for person in audience.people for track in person.tracks}
    for track_id, (person, track) in sorted(owners.items()):
        yield (
            audience.video.name, track_id, person.person_id, person.name,
            *_span(track), *_answers(track), round(track.quality, 4), track.is_static, _corrected(person),
        )  # fmt: skip


def sample_rows(audience: VideoAudience) -> Iterator[Row]:
    """Every analysed moment of every track, track by track."""
    owner = {track.track_id: person for person in audience.people for track in person.tracks}
    rows = Timeline.objects.filter(track__run=audience.run).order_by("track__track_id")
    for track_id, samples in rows.values_list("track__track_id", "samples").iterator(chunk_size=8):
        yield from _samples(audience.video.name, owner[track_id], track_id, samples)


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
    for kind, shares in (
        ("gender", group.genders),
        ("age", group.ages),
        ("age_gender", group.pyramid),
        ("ethnicity", group.ethnicities),
        ("main_expression", group.main_emotions),
    ):
        for share in shares:
            ends = (round(share.share, 4), "share", round(share.low, 4), round(share.high, 4))
            yield kind, share.key, *ends, share.count, share.n


def _numbers(figure: ReportFigure) -> Row:
    value, low, high = (None if each is None else round(each, 4) for each in (figure.value, figure.low, figure.high))
    return value, figure.unit, low, high, None, figure.n


def _span(item: PersonView | TrackView) -> Row:
    return item.start_s, timecode(item.start_s), item.end_s, timecode(item.end_s), item.in_view_s, item.attention_s


def _answers(item: Estimated) -> Row:
    age, gender, emotion = item.age, item.gender, item.emotion
    reading = item.readings.get("ethnicity")
    ethnicity = reading if isinstance(reading, LabelEstimate) else None
    return (
        *((age.years, age.low, age.high) if age else (None, None, None)),
        *((gender.label, gender.confidence) if gender else (None, None)),
        *((ethnicity.label, ethnicity.confidence) if ethnicity else (None, None)),
        *(ethnicity.distribution.get(name) if ethnicity else None for name in ETHNICITIES),
        emotion.label if emotion else None,
        *(emotion.shares.get(name) if emotion else None for name in (*EMOTIONS, UNKNOWN)),
    )


def _samples(video: str, person: PersonView, track_id: int, samples: Mapping[str, Any]) -> Iterator[Row]:
    n = len(samples["time_s"])
    nothing = [None] * n
    looking, emotion = samples.get("looking") or nothing, samples.get("emotion") or nothing
    distribution = samples.get("emotion_distribution") or [[None] * len(EMOTIONS)] * n
    corrected = _corrected(person)
    for k in range(n):
        time_s = samples["time_s"][k]
        yield (
            video, person.person_id, track_id, time_s, timecode(time_s), *samples["box"][k], samples["score"][k],
            samples["quality"][k], samples["yaw"][k], samples["pitch"][k], looking[k], emotion[k], *distribution[k],
            corrected,
        )  # fmt: skip


def _corrected(person: PersonView) -> str:
    """What was changed by hand, such as "name tracks"; empty where nothing was."""
    return " ".join(person.corrected_fields)


def _taken(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text
