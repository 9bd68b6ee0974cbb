"""The report as a PDF: typst sets it from a folder of our templates, the document as JSON, and the people's faces.

Names and other texts of users reach typst as strings in JSON, never as markup.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import typst
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from analysis.clock import clock, timecode
from faceapp.audience.wording import in_sentence, seconds_text
from faceapp.core.percent import percent, span
from faceapp.reports import drawing
from faceapp.reports.document import ReportDocument, ReportFigure, ReportPerson, ReportReaction
from faceapp.runs.files import portrait_name

TEMPLATES = Path(__file__).parent / "typst"
MOST_PEOPLE = 60  # with faces and lanes; the others are counted, and stand in people.csv
STANDARDS: list[Any] = ["a-2a", "ua-1"]


def render(document: ReportDocument, *, poster: str = "", made_at: datetime | None = None) -> bytes:
    """PDF/A-2a and PDF/UA-1.

    Args:
        poster: of the video, as the media storage calls it; may be empty.
        made_at: stands on the first page; now, if it is not said.
    """
    made_at = made_at or timezone.now()
    with tempfile.TemporaryDirectory(prefix="faceline-report-") as name:
        folder = Path(name)
        for template in TEMPLATES.glob("*.typ"):
            shutil.copyfile(template, folder / template.name)
        pictures = _pictures(document, poster, folder)
        content = _content(document, pictures, made_at)
        (folder / "data.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        pdf = typst.compile(
            folder / "report.typ",
            root=folder,
            font_paths=[TEMPLATES / "fonts"],
            package_path=folder,  # no packages from the network, ever
            package_cache_path=folder,
            pdf_standards=STANDARDS,
            timestamp=made_at.astimezone(UTC).replace(microsecond=0),
        )
    assert isinstance(pdf, bytes)
    return pdf


def _pictures(document: ReportDocument, poster: str, folder: Path) -> dict[str, str]:
    """Copies faces and poster beside the template; what is missing or broken is left out."""
    wanted = {
        f"{p.person_id}": portrait_name(UUID(document.run_id), *p.portrait) for p in _shown(document) if p.portrait
    }
    if poster:
        wanted["poster"] = poster
    pictures = {}
    for key, name in wanted.items():
        if default_storage.exists(name):
            with default_storage.open(name) as source, (folder / f"{key}.jpg").open("wb") as target:
                shutil.copyfileobj(source, target)
            if _is_whole(folder / f"{key}.jpg"):
                pictures[key] = f"{key}.jpg"
    return pictures


def _is_whole(path: Path) -> bool:
    """Whether it can be drawn: a report without one face is better than no report."""
    try:
        with Image.open(path) as image:
            image.load()
    except (OSError, ValueError):
        return False
    return True


def _content(document: ReportDocument, pictures: dict[str, str], made_at: datetime) -> dict[str, Any]:
    n_rest = len(document.people) - len(_shown(document))
    return {
        "tokens": drawing.tokens(),
        "document": document.to_dict(),
        "made_at": _day(made_at),
        "analysed_at": _day(datetime.fromisoformat(document.analysed_at)),
        "more": "  ·  ".join([*map(_more, filter(_is_said, document.more)), *_left_out(document.n_static)]),
        "duration": clock(document.video.duration_s),
        "poster": pictures.get("poster"),
        "scales": [drawing.headline_scale(figure) for figure in document.headline],
        "pyramid": drawing.pyramid(document),
        "ethnicities": drawing.bars(document.ethnicities),
        "emotion_time": drawing.emotion_bars(document.emotion_time),
        "reaction": drawing.reaction(document.reaction),
        "reaction_sentence": _reaction_sentence(document.reaction),
        "people": [_person(person, document, pictures) for person in _shown(document)],
        "n_rest": n_rest,
    }


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _reaction_sentence(reaction: ReportReaction | None) -> str:
    if reaction is None or not reaction.has_curve:
        return reaction.sentence if reaction else ""
    said = (
        f"{peak.emotion} peaks at {clock(peak.at_s)} with "
        f"{in_sentence(peak.share.text, peak.share.interval)}, n = {peak.share.n}."
        for peak in reaction.peaks
    )
    return " ".join(said)


def _left_out(n_static: int) -> list[str]:
    if not n_static:
        return []
    return [f"{n_static} {'face that never moves' if n_static == 1 else 'faces that never move'} left out"]


def _is_said(figure: ReportFigure) -> bool:
    return bool(figure.value)


def _more(figure: ReportFigure) -> str:
    median = "" if figure.unit == "people" else "median "
    value = in_sentence(figure.text, figure.interval) + (" years" if figure.unit == "years" else "")
    return f"{figure.term}: {median}{value}"


def _shown(document: ReportDocument) -> tuple[ReportPerson, ...]:
    return document.people[:MOST_PEOPLE]


def _person(person: ReportPerson, document: ReportDocument, pictures: dict[str, str]) -> dict[str, Any]:
    age, gender, ethnicity, emotion = person.age, person.gender, person.ethnicity, person.emotion
    shown = {k: v for k, v in (emotion.shares if emotion else {}).items() if k not in ("Neutral", "unknown") and v > 0}
    strongest = max(shown, key=lambda name: shown[name]) if shown else ""
    return {
        "name": person.name,
        "face": pictures.get(str(person.person_id)),
        "age": f"{age.years}" if age else "",
        "age_interval": span(age.low, age.high) if age and age.low != age.high else "",
        "gender": gender.label.capitalize() if gender else "",
        "ethnicity": ethnicity.label.capitalize() if ethnicity else "",
        "emotion": strongest,
        "emotion_share": percent(shown[strongest]) if strongest else "",
        "when": span(timecode(person.start_s), timecode(person.end_s)),
        "in_view": seconds_text(person.in_view_s),
        "attention": seconds_text(person.attention_s) if person.attention_s is not None else "",
        "corrected": ", ".join(person.corrected),
        "is_static": person.is_static,
        "lane": drawing.lane(person, document.video.duration_s),
    }
