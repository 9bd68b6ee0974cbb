"""What the PDF draws, as plain numbers between 0 and 1: typst does the geometry, Python the counting."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from analysis.builtin_attributes import EMOTION
from analysis.clock import NARROW
from faceapp.audience.bands import AGE_BANDS
from faceapp.audience.charts.attention import count_step
from faceapp.audience.charts.expressions import people_ticks
from faceapp.audience.charts.parts import percent_ticks, time_ticks
from faceapp.audience.figures import LEAST_PEOPLE, AttentionBin, other_labels
from faceapp.audience.intervals import wilson
from faceapp.audience.reaction import MOVING, SHOWN, banded
from faceapp.audience.wording import name_of
from faceapp.core.categories import light_tokens
from faceapp.reports.document import ReportFigure, ReportPerson, ReportReaction, ReportShare

LANE_BINS = 480  # a lane of the PDF is 80 mm long: finer than a printer shows
CURVES = EMOTION.loud_keys
TYPST_DASHES = {"dot": "dotted", "dash": "dashed", "dashdot": "dash-dotted", "longdash": "loosely-dashed"}


@cache
def tokens() -> dict[str, str]:
    """The light colors of pages by name: of static/css/tokens.css, and of the labels of attributes."""
    text = Path(settings.BASE_DIR, "static/css/tokens.css").read_text(encoding="utf-8")
    light = text.partition('[data-bs-theme="dark"]')[0]
    found = {**dict(re.findall(r"--([\w-]+):\s*(#[0-9a-fA-F]{3,6})\s*;", light)), **light_tokens()}
    return {
        name: color if len(color) == 7 else f"#{''.join(2 * c for c in color[1:])}" for name, color in found.items()
    }


def headline_scale(figure: ReportFigure) -> dict[str, float] | None:
    """Where a figure and its interval lie on their scale, 0-1; None for a count."""
    if figure.value is None or figure.unit == "people":
        return None
    start, end = {"share": (0.0, 1.0), "points": (-100.0, 100.0)}.get(
        figure.unit, (0.0, 2.2 * (figure.high or figure.value) or 1.0)
    )
    ends = (figure.value, figure.low, figure.high)
    places = [None if each is None else (each - start) / (end - start) for each in ends]
    return {name: place for name, place in zip(("tick", "low", "high"), places, strict=True) if place is not None}


def pyramid(pyramid: Sequence[ReportShare], words: Mapping[str, str] | None = None) -> dict[str, Any] | None:
    """Rows from old to young; lengths on the axis of the ticks. `words` stand in the place of a band's bars."""
    shares = {share.key: share for share in pyramid}
    if not shares:
        return None
    bands = list(dict.fromkeys(key.partition(":")[0] for key in shares))
    drawn = [shares[f"{band}:{gender}"] for band in bands for gender in ("female", "male")]
    ticks, texts, end = percent_ticks(max([share.high for share in drawn if share.count], default=0.01))
    bars = {
        band: {gender: _bar(shares[f"{band}:{gender}"], end) for gender in ("female", "male")} for band in bands
    } | {band: {"words": said} for band, said in (words or {}).items()}
    ordered = [band.key for band in reversed(AGE_BANDS) if band.key in bars]
    rows = [{"band": name_of(band), **bars[band]} for band in ordered]
    unknown = sum(shares[f"{band}:unknown"].count for band in bands)
    return {
        "rows": rows,
        "ticks": [tick / end for tick in ticks],
        "texts": texts,
        "n": drawn[0].n,
        "n_unknown": unknown,
    }


def bars(shares: Sequence[ReportShare]) -> list[dict[str, Any]]:
    """Largest first, unknown last."""
    return bars_in_order(sorted(shares, key=lambda share: (share.key == "unknown", -share.count)))


def label_charts(labels: Mapping[str, Sequence[ReportShare]]) -> list[dict[str, Any]]:
    """Bars of each attribute that gives one label; gender is drawn together with age."""
    return [
        {"key": each.key, "title": each.term, "bars": bars(shares), "n": shares[0].n}
        for each in other_labels()
        if (shares := labels.get(each.key))
    ]


def bars_in_order(ordered: Sequence[ReportShare]) -> list[dict[str, Any]]:
    """As they come; lengths are parts of the longest whisker."""
    end = max((share.high for share in ordered), default=1.0)
    return [
        {"name": s.name, "key": s.key.lower(), "text": s.text, "interval": s.interval, "count": s.count,
         "value": s.share / end, "low": s.low / end, "high": s.high / end}
        for s in ordered
    ]  # fmt: skip


def histogram(bins: Sequence[AttentionBin]) -> dict[str, Any] | None:
    """Watchers by attention time: [x from, x to, height] of each bar, 0-1, with both axes."""
    if not bins:
        return None
    width = (bins[0].to_s or 1.0) - bins[0].from_s
    end_s = bins[-1].from_s + width
    top = max(each.count for each in bins)
    every = max(len(bins) // 6, 1)
    x_ticks = [k * width for k in range(0, len(bins) + 1, every)]
    y_ticks = range(0, top + 1, count_step(top))
    return {
        "bars": [[each.from_s / end_s, (each.from_s + width) / end_s, each.count / top] for each in bins],
        "x_ticks": [tick / end_s for tick in x_ticks],
        "x_texts": [*(f"{tick:g}" for tick in x_ticks[:-1]), f"{x_ticks[-1]:g}{NARROW}s"],
        "y_ticks": [tick / top for tick in y_ticks],
        "y_texts": [str(tick) for tick in y_ticks],
    }


def emotion_bars(figures: Sequence[ReportFigure]) -> list[dict[str, Any]]:
    """In the fixed order of expressions."""
    by_key = {figure.key.partition(":")[2]: figure for figure in figures}
    end = max((figure.high or figure.value or 0.0 for figure in figures), default=0.0) or 1.0
    return [
        {
            "name": figure.term,
            "key": name.lower(),
            "text": figure.text,
            "interval": figure.interval,
            "value": (figure.value or 0.0) / end,
            "low": None if figure.low is None else figure.low / end,
            "high": None if figure.high is None else figure.high / end,
        }
        for name in SHOWN
        if (figure := by_key.get(name))
    ]


def reaction(reaction: ReportReaction | None) -> dict[str, Any] | None:
    """Curves with bands where five or more are in view; else a stream of people."""
    if reaction is None or not any(reaction.n_present):
        return None
    n_steps = len(reaction.n_present)
    start_s, length_s = reaction.start_s, n_steps * reaction.step_s
    ticks, labels = time_ticks(start_s + length_s, start_s, count=8)
    axis = {"x_ticks": [(tick - start_s) / length_s for tick in ticks], "x_texts": labels}
    if reaction.has_curve:
        return {"kind": "curves", **axis, **_curves(reaction)}
    return {"kind": "stream", **axis, **_stream(reaction)}


def lane(person: ReportPerson, duration_s: float) -> dict[str, Any]:
    """Plates where the face is in view, beads and threads for what it shows; 0-1 along the video."""
    whole = duration_s or 1.0
    return {
        "plates": [[start / whole, min(end / whole, 1.0)] for start, end in person.presence],
        "spells": _binned(person, whole),
    }


def _binned(person: ReportPerson, duration_s: float) -> list[list[Any]]:
    """Spells as runs of bins, each bin showing what fills most of it."""
    width = duration_s / LANE_BINS
    bins: list[Counter[str]] = [Counter() for _ in range(LANE_BINS)]
    for spell in person.spells:
        first, last = int(spell.start_s / width), min(int(spell.end_s / width - 1e-9), LANE_BINS - 1)
        for k in range(first, last + 1):
            overlap = min(spell.end_s, (k + 1) * width) - max(spell.start_s, k * width)
            bins[k][spell.label] += max(round(overlap * 1e6), 1)
    runs: list[list[Any]] = []
    for k, shown in enumerate(bins):
        label = max(shown, key=lambda name: shown[name]).lower() if shown else ""
        if runs and runs[-1][0] == label:
            runs[-1][2] = (k + 1) / LANE_BINS
        else:
            runs.append([label, k / LANE_BINS, (k + 1) / LANE_BINS])
    return [run for run in runs if run[0]]


def _bar(share: ReportShare, end: float) -> dict[str, float | None]:
    if not share.count:
        return {"value": 0.0, "low": None, "high": None}
    return {"value": share.share / end, "low": share.low / end, "high": share.high / end}


def _curves(reaction: ReportReaction) -> dict[str, Any]:
    """Stretches of points [x, value, low, high]; those with a band are the page's."""
    n_steps = len(reaction.n_present)
    stretches: dict[str, list[list[list[float]]]] = {name: [] for name in CURVES}
    highest = dict.fromkeys(CURVES, 0.0)
    for name in CURVES:
        stretch: list[list[float]] = []
        for step, (count, n) in enumerate(zip(reaction.n_showing[name], reaction.n_present, strict=True)):
            interval = wilson(count, n) if n >= LEAST_PEOPLE else None
            if interval is None:
                stretches[name].append(stretch)
                stretch = []
                continue
            stretch.append([(step + 0.5) / n_steps, count / n, *interval])
            highest[name] = max(highest[name], count / n)
        stretches[name].append(stretch)
    with_band = banded({name: highest[name] for name in MOVING})
    tops = [high for name in with_band for stretch in stretches[name] for _, _, _, high in stretch]
    ticks, texts, end = percent_ticks(max([0.2, *tops]))
    lines = [
        {"key": name.lower(), "name": name, "is_banded": name in with_band, "dash": _dash(name),
         "stretches": [[[x, *(min(value / end, 1.0) for value in values)] for x, *values in stretch]
                       for stretch in stretches[name] if len(stretch) > 1]}
        for name in CURVES
    ]  # fmt: skip
    return {"lines": lines, "y_ticks": [tick / end for tick in ticks], "y_texts": texts}


def _stream(reaction: ReportReaction) -> dict[str, Any]:
    """Columns a step, stacked from Angry up to Happy: [x from, x to, y from, y to] for each expression."""
    n_steps, top = len(reaction.n_present), max(reaction.n_present)
    below = [0] * n_steps
    areas = []
    for name in reversed(SHOWN):
        counts = reaction.n_showing[name]
        blocks = []
        start = 0
        for step in range(1, n_steps + 1):
            if step < n_steps and (counts[step], below[step]) == (counts[start], below[start]):
                continue
            if counts[start]:
                low = below[start] / top
                blocks.append([start / n_steps, step / n_steps, low, low + counts[start] / top])
            start = step
        below = [each + count for each, count in zip(below, counts, strict=True)]
        if blocks:
            areas.append({"key": name.lower(), "name": name.capitalize(), "blocks": blocks})
    ticks = people_ticks(top)
    return {"areas": areas, "y_ticks": [tick / top for tick in ticks], "y_texts": [str(tick) for tick in ticks]}


def _dash(label: str) -> str:
    """How typst calls the dash of a label's line."""
    dash = EMOTION.label(label).dash
    return TYPST_DASHES.get(dash, dash)
