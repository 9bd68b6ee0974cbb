"""The audience report as a PDF, in the hand of the report of one video."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from analysis.clock import clock, duration
from faceapp.audience.figures import other_labels
from faceapp.reports import drawing
from faceapp.reports.audience.breakdown import Breakdown
from faceapp.reports.audience.document import AudienceDocument, ReportedVideo
from faceapp.reports.document import ReportFigure, ReportShare
from faceapp.reports.pdf import more_of
from faceapp.reports.typesetting import Sheet, day

POSTER_PX = (480, 270)  # sharp in print where one stands beside the title
COLUMNS = (
    ("apparent_age", "Median age", "age_gender"),
    ("gender", "Female / male / unknown, %", "age_gender"),
    ("conversion_ratio", "Looked at camera", "attention"),
    ("attention_time", "Time looking", "attention"),
    ("net_positivity", "Expression balance", "emotion"),
)  # key, words, attribute


def render(document: AudienceDocument, *, made_at: datetime | None = None) -> bytes:
    """PDF/A-2a and PDF/UA-1; `made_at` stands on the first page, now if it is not said."""
    made_at = made_at or timezone.now()
    with Sheet("audience.typ") as sheet:
        posters = sheet.pictures({v.video_id: v.poster for v in document.videos if v.poster}, within_px=POSTER_PX)
        return sheet.typeset(_content(document, posters, made_at), made_at)


def _content(document: AudienceDocument, posters: dict[str, str], made_at: datetime) -> dict[str, Any]:
    said = document.breakdown
    columns = [column for column in COLUMNS if column[2] in document.attributes]
    return {
        "tokens": drawing.tokens(),
        "document": document.to_dict(),
        "made_at": day(made_at),
        "more": more_of(said.more, document.n_static),
        "words": said.words,
        "n_watchers": _n_watchers(said),
        "scales": [drawing.headline_scale(figure) for figure in said.headline],
        "pyramid": _pyramid(said),
        "ages": [{**bar, "key": "accent"} for bar in drawing.bars_in_order(said.ages[::-1])],
        "genders": drawing.bars(said.labels.get("gender", ())),
        "labels": _labels(said),
        "emotion_time": drawing.emotion_bars(said.emotion_time),
        "attention": drawing.histogram(document.attention_bins),
        "reaction": drawing.reaction(document.reaction),
        "in_place_of": {n.figure: n.words for n in said.not_said if not n.group} | _attention_words(said),
        "heads": [{"key": key, "words": words} for key, words, _ in columns],
        "videos": [_video(video, posters, columns) for video in document.videos],
    }


def _labels(said: Breakdown) -> list[dict[str, Any]]:
    """Bars of each attribute that gives one label; without bars where words stand in their place."""
    drawn = drawing.label_charts(said.labels)
    left_out = [
        {"key": each.key, "title": each.term, "bars": [], "n": 0} for each in other_labels() if said.words_for(each.key)
    ]
    return drawn + left_out


def _pyramid(said: Breakdown) -> dict[str, Any] | None:
    """Bands of fewer than five people have words for bars; None where these are most of the people."""
    if 3 * sum(share.count for share in said.pyramid) < 2 * max((share.n for share in said.pyramid), default=1):
        return None
    return drawing.pyramid(said.pyramid, {each.group: each.words for each in said.not_said if each.group})


def _n_watchers(said: Breakdown) -> int:
    figure = said.figure("attention_time")
    return figure.n if figure else 0


def _attention_words(said: Breakdown) -> dict[str, str]:
    """Where there are watchers, but too few."""
    figure = said.figure("attention_time")
    return {"attention": said.words} if figure and figure.n and figure.value is None else {}


def _video(video: ReportedVideo, posters: dict[str, str], columns: Sequence[tuple[str, str, str]]) -> dict[str, Any]:
    said = video.breakdown
    in_view = said.figure("in_view")
    return {
        "name": video.name,
        "poster": posters.get(video.video_id),
        "length": clock(video.duration_s),
        "n_people": video.n_people,
        "in_view": duration(in_view.value) if in_view and in_view.value is not None else "–",
        "words": video.whole,
        "cells": [_cell(key, said) for key, _, _ in columns],
    }


def _cell(key: str, said: Breakdown) -> dict[str, Any]:
    if key == "gender":
        return {"shares": [_part(share) for share in said.labels.get("gender", ())]}
    figure = said.figure(key)
    return {"text": _text(figure), "is_left_out": bool(figure and figure.n and figure.value is None)}


def _text(figure: ReportFigure | None) -> str:
    if figure is None or not figure.n:
        return "–"
    return "< 5 people" if figure.value is None else figure.text


def _part(share: ReportShare) -> dict[str, Any]:
    return {"key": share.key.lower(), "share": share.share, "text": f"{100 * share.share:.0f}"}
