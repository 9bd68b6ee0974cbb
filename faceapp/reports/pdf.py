"""The report of one video as a PDF: the document as JSON, and the people's faces.

Names and other texts of users reach typst as strings in JSON, never as markup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from analysis.attributes import Attribute
from analysis.builtin_attributes import EMOTION
from analysis.clock import clock, duration, timecode
from analysis.types import LabelEstimate, Reading
from faceapp.audience.figures import other_labels
from faceapp.audience.wording import in_sentence, name_of
from faceapp.core.percent import leaders, percent, span
from faceapp.reports import drawing
from faceapp.reports.document import ReportDocument, ReportFigure, ReportPerson, ReportReaction, ReportVideo
from faceapp.reports.typesetting import Sheet, day
from faceapp.runs.files import portrait_name

MOST_PEOPLE = 60  # with faces and lanes; the others are counted, and stand in people.csv


def render(document: ReportDocument, *, poster: str = "", made_at: datetime | None = None) -> bytes:
    """PDF/A-2a and PDF/UA-1.

    Args:
        poster: of the video, as the media storage calls it; may be empty.
        made_at: stands on the first page; nowby default.
    """
    made_at = made_at or timezone.now()
    with Sheet("report.typ") as sheet:
        return sheet.typeset(_content(document, _pictures(document, poster, sheet), made_at), made_at)


def _pictures(document: ReportDocument, poster: str, sheet: Sheet) -> dict[str, str]:
    """Faces and poster by person_id and "poster"; what is missing or broken is left out."""
    wanted = {
        f"{p.person_id}": portrait_name(UUID(document.run_id), *p.portrait) for p in _shown(document) if p.portrait
    }
    if poster:
        wanted["poster"] = poster
    return sheet.pictures(wanted)


def _content(document: ReportDocument, pictures: dict[str, str], made_at: datetime) -> dict[str, Any]:
    n_rest = len(document.people) - len(_shown(document))
    return {
        "tokens": drawing.tokens(),
        "document": document.to_dict(),
        "made_at": day(made_at),
        "analysed_at": day(datetime.fromisoformat(document.analysed_at)),
        "more": more_of(document.more, document.n_static),
        "duration": duration_of(document.video),
        "poster": pictures.get("poster"),
        "scales": [drawing.headline_scale(figure) for figure in document.headline],
        "pyramid": drawing.pyramid(document.pyramid),
        "labels": drawing.label_charts(document.labels),
        "label_heads": [attribute.short for attribute in _label_columns(document)],
        "emotion_time": drawing.emotion_bars(document.emotion_time),
        "reaction": drawing.reaction(document.reaction),
        "reaction_sentence": reaction_peaks(document.reaction),
        "people": [_person(person, document, pictures) for person in _shown(document)],
        "n_rest": n_rest,
    }


def duration_of(video: ReportVideo) -> str:
    """ "3:04", or which part of it the report is of: "0:18.0–0:45.0 of 3:04"."""
    whole = clock(video.duration_s)
    return f"{video.read.words} of {whole}" if video.read else whole


def reaction_peaks(reaction: ReportReaction | None) -> str:
    """Every peak with its time; where nothing is drawn, why."""
    if reaction is None or not (reaction.has_curve and reaction.peaks):
        return reaction.sentence if reaction else ""
    said = (
        f"{peak.emotion} peaks at {clock(peak.at_s)} with "
        f"{in_sentence(peak.share.text, peak.share.interval)}, n = {peak.share.n}."
        for peak in reaction.peaks
    )
    return " ".join(said)


def more_of(figures: Sequence[ReportFigure], n_static: int) -> str:
    """The line under the headline: figures that are something, and how many faces were left out."""
    said = [_more(figure) for figure in figures if figure.value]
    if n_static:
        said.append(f"{n_static} {'face that never moves' if n_static == 1 else 'faces that never move'} left out")
    return "  ·  ".join(said)


def _more(figure: ReportFigure) -> str:
    median = "" if figure.unit == "people" or figure.n == 1 else "median "
    value = in_sentence(figure.text, figure.interval) + (" years" if figure.unit == "years" else "")
    return f"{figure.term}: {median}{value}"


def _shown(document: ReportDocument) -> tuple[ReportPerson, ...]:
    return document.people[:MOST_PEOPLE]


def shown_longest(shares: Mapping[str, float]) -> list[str]:
    """The expression besides Neutral with the largest share; several where their shares read alike."""
    return leaders({name: share for name, share in shares.items() if name in EMOTION.telling_keys})


def _person(person: ReportPerson, document: ReportDocument, pictures: dict[str, str]) -> dict[str, Any]:
    age, gender, emotion = person.age, person.gender, person.emotion
    shares = emotion.shares if emotion else {}
    longest = shown_longest(shares)
    return {
        "name": person.name,
        "face": pictures.get(str(person.person_id)),
        "age": f"{age.years}" if age else "",
        "age_interval": span(age.low, age.high) if age and age.low != age.high else "",
        "gender": _answer(gender),
        "labels": [_answer(person.readings.get(attribute.key)) for attribute in _label_columns(document)],
        "emotions": longest,
        "emotion_share": percent(shares[longest[0]]) if longest else "",
        "when": span(timecode(person.start_s), timecode(person.end_s)),
        "in_view": duration(person.in_view_s),
        "attention": duration(person.attention_s) if person.attention_s is not None else "",
        "corrected": ", ".join(person.corrected),
        "is_static": person.is_static,
        "lane": drawing.lane(person, document.video.duration_s),
    }


def _label_columns(document: ReportDocument) -> list[Attribute]:
    """Attributes with a column of their own in the table of people."""
    return [attribute for attribute in other_labels() if attribute.switch.key in document.attributes]


def _answer(reading: Reading | None) -> str:
    return name_of(reading.label) if isinstance(reading, LabelEstimate) else ""
