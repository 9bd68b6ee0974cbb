"""The report of one video as a PDF: the document as JSON, and the people's faces.

Names and other texts of users reach typst as strings in JSON, never as markup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from analysis.clock import clock, timecode
from faceapp.audience.wording import in_sentence, seconds_text
from faceapp.core.percent import percent, span
from faceapp.reports import drawing
from faceapp.reports.document import ReportDocument, ReportFigure, ReportPerson, ReportReaction
from faceapp.reports.typesetting import Sheet, day
from faceapp.runs.files import portrait_name

MOST_PEOPLE = 60  # with faces and lanes; the others are counted, and stand in people.csv


def render(document: ReportDocument, *, poster: str = "", made_at: datetime | None = None) -> bytes:
    """PDF/A-2a and PDF/UA-1.

    Args:
        poster: of the video, as the media storage calls it; may be empty.
        made_at: stands on the first page; now, if it is not said.
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
        "duration": clock(document.video.duration_s),
        "poster": pictures.get("poster"),
        "scales": [drawing.headline_scale(figure) for figure in document.headline],
        "pyramid": drawing.pyramid(document.pyramid),
        "ethnicities": drawing.bars(document.ethnicities),
        "emotion_time": drawing.emotion_bars(document.emotion_time),
        "reaction": drawing.reaction(document.reaction),
        "reaction_sentence": reaction_peaks(document.reaction),
        "people": [_person(person, document, pictures) for person in _shown(document)],
        "n_rest": n_rest,
    }


def reaction_peaks(reaction: ReportReaction | None) -> str:
    """Every peak with its time; nothing where people are counted instead."""
    if reaction is None or not reaction.has_curve:
        return ""
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


def strongest(shares: Mapping[str, float]) -> dict[str, float]:
    """What is shown most besides Neutral: several where they are written with the same share."""
    shown = {name: share for name, share in shares.items() if name not in ("Neutral", "unknown") and share > 0}
    most = percent(max(shown.values(), default=0.0))
    return {name: share for name, share in shown.items() if percent(share) == most}


def _person(person: ReportPerson, document: ReportDocument, pictures: dict[str, str]) -> dict[str, Any]:
    age, gender, ethnicity, emotion = person.age, person.gender, person.ethnicity, person.emotion
    shown = strongest(emotion.shares if emotion else {})
    return {
        "name": person.name,
        "face": pictures.get(str(person.person_id)),
        "age": f"{age.years}" if age else "",
        "age_interval": span(age.low, age.high) if age and age.low != age.high else "",
        "gender": gender.label.capitalize() if gender else "",
        "ethnicity": ethnicity.label.capitalize() if ethnicity else "",
        "emotions": list(shown),
        "emotion_share": next(map(percent, shown.values()), ""),
        "when": span(timecode(person.start_s), timecode(person.end_s)),
        "in_view": seconds_text(person.in_view_s),
        "attention": seconds_text(person.attention_s) if person.attention_s is not None else "",
        "corrected": ", ".join(person.corrected),
        "is_static": person.is_static,
        "lane": drawing.lane(person, document.video.duration_s),
    }
