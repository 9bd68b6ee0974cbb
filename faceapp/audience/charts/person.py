"""Charts of one person: expression over time with gaps, and the pooled labels. Age and gender: person_age.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.attributes import Attribute
from analysis.builtin_attributes import EMOTION
from analysis.types import EMOTIONS, UNKNOWN, LabelEstimate, Reading
from faceapp.audience.charts.groups import bars_height_px, bars_spec
from faceapp.audience.charts.parts import (
    Chart,
    Column,
    Legend,
    Row,
    Spec,
    Table,
    layout,
    spec_of,
    time_ticks,
    token,
)
from faceapp.audience.reaction import SHOWN
from faceapp.audience.wording import counted
from faceapp.core.percent import certainty

SMOOTH_S = 1.0  # the stack is a running mean over this long
GAP_S = 1.5  # samples further apart than this leave a gap
PALE = 18  # per cent: Neutral is most of most people, and the others stand out of it
SERIES = SHOWN[:-1]  # without unknown: a distribution has none
MOST_POINTS = 1500


@dataclass(frozen=True, slots=True)
class TrackCourse:
    """One track's samples and single pictures, as `Timeline` keeps them."""

    start_s: float
    end_s: float
    samples: Mapping[str, Any]
    crop_predictions: Mapping[str, Any]


def expression_chart(courses: Sequence[TrackCourse], duration_s: float, sample_rate: float) -> Chart:
    """What the face shows, as shares that add up to 100 %, stacked from Angry to Happy."""
    stretches = [part for course in courses for part in _stretches(course.samples, sample_rate)]
    n = sum(len(times) for times, _ in stretches)
    return Chart(
        key="person-expression",
        title="Expression over time",
        facts=f"{sample_rate:g} samples per second, smoothed over {SMOOTH_S:g} s",
        word="expression",
        sentence="",
        foot=f"n = {counted(n, 'sample', 'samples')}",
        table=_expression_table(stretches),
        spec=_expression_spec(stretches, duration_s) if stretches else None,
        height_px=222,
        legend=tuple(Legend(name.lower(), name, "", name) for name in SERIES),
        empty="Expressions were not analyzed. They are switched off, or the face was never clear enough.",
    )


def label_chart(attribute: Attribute, reading: Reading | None, n_pictures: int, *, is_by_hand: bool = False) -> Chart:
    """The pooled distribution: how sure the network is of each label. Nothing is drawn of what was set by hand."""
    said = reading if isinstance(reading, LabelEstimate) else None
    key, title = f"person-{attribute.key}", attribute.term
    if said and is_by_hand:
        return Chart(
            key=key,
            title=title,
            facts=f"{said.label}, set by hand",
            word=attribute.word,
            sentence="",
            foot="",
            table=Table((), ()),
            spec=None,
            height_px=0,
            empty="Set by hand. Undo the correction to show the original estimate.",
        )
    shares = sorted(said.distribution.items(), key=lambda item: -item[1]) if said else []
    unsure = (
        " The result is unknown because no group reaches the required confidence."
        if said and said.label == UNKNOWN
        else ""
    )
    return Chart(
        key=key,
        title=title,
        word=attribute.word,
        sentence=f"Confidence of the network for each group.{unsure}" if said else "",
        foot=f"n = {counted(n_pictures, 'picture', 'pictures')}",
        table=Table(
            (Column(attribute.key, title), Column("confidence", "Confidence", "certainty")),
            tuple(Row((name, value)) for name, value in shares),
        ),
        spec=bars_spec(
            [name for name, _ in shares],
            [value for _, value in shares],
            [(certainty(value), "") for _, value in shares],
        )
        if shares
        else None,
        height_px=bars_height_px(len(shares)),
        empty=f"{attribute.short} is switched off for this video.",
    )


Stretch = tuple[list[float], list[list[float]]]  # times, and for each the six shares


def _stretches(samples: Mapping[str, Any], sample_rate: float) -> list[Stretch]:
    """A track's smoothed distributions, cut where samples are missing."""
    times = list(samples.get("time_s", ()))
    rows = samples.get("emotion_distribution")
    if rows is None or not times:
        return []
    parts: list[Stretch] = [([], [])]
    for time_s, row in zip(times, rows, strict=True):
        if parts[-1][0] and time_s - parts[-1][0][-1] > GAP_S:
            parts.append(([], []))
        parts[-1][0].append(time_s)
        parts[-1][1].append(list(row))
    return [(times, _smooth(times, rows)) for times, rows in parts]


def _smooth(times: Sequence[float], rows: Sequence[Sequence[float]]) -> list[list[float]]:
    """A running mean over SMOOTH_S around each sample: sums slide along, so that long tracks stay cheap."""
    smooth, low, high = [], 0, 0
    sums = [0.0] * len(EMOTIONS)
    for time_s in times:
        while high < len(times) and times[high] <= time_s + SMOOTH_S / 2 + 1e-9:
            sums = [total + value for total, value in zip(sums, rows[high], strict=True)]
            high += 1
        while times[low] < time_s - SMOOTH_S / 2 - 1e-9:
            sums = [total - value for total, value in zip(sums, rows[low], strict=True)]
            low += 1
        whole = sum(sums) or 1.0
        smooth.append([max(value, 0.0) / whole for value in sums])
    return smooth


def _expression_spec(stretches: Sequence[Stretch], duration_s: float) -> Spec:
    every = max(sum(len(times) for times, _ in stretches) // MOST_POINTS, 1)
    traces: list[Spec] = []
    for k, (times, rows) in enumerate(stretches):
        shown = [i for i in range(len(times)) if i % every == 0 or i == len(times) - 1]
        for name in reversed(SERIES):
            place = EMOTIONS.index(name)
            traces.append(
                {
                    "type": "scatter",
                    "mode": "lines",
                    "name": name,
                    "legendgroup": name,
                    "stackgroup": f"track{k}",
                    "x": [round(times[i], 3) for i in shown],
                    "y": [round(rows[i][place], 4) for i in shown],
                    "line": {"width": 0, "color": token(name)},
                    "fillcolor": token(name, PALE if EMOTION.label(name).is_rest else None),
                    "hovertemplate": "%{y:.0%}",
                }
            )
    ticks, labels = time_ticks(duration_s)
    gaps = _gaps([(times[0], times[-1]) for times, _ in stretches], duration_s)
    notes = [
        {"x": (start + end) / 2, "y": 0.5, "text": "not in view", "showarrow": False, "name": f"gap {end - start:.3f}",
         "bgcolor": token("surface"), "borderpad": 3,
         "font": {"size": 12, "color": token("ink-3")}}
        for start, end in gaps
    ]  # fmt: skip
    return spec_of(
        traces,
        layout(
            height_px=222,
            hovermode="x unified",
            margin={"l": 44, "r": 10, "t": 8, "b": 26},
            xaxis={"range": [0, duration_s], "tickvals": ticks, "ticktext": labels,
                   "unifiedhovertitle": {"text": "%{x:.1f} s"}},
            yaxis={"range": [0, 1], "tickvals": [0, 0.5, 1], "ticktext": ["0", "50", "100\u202f%"]},
            annotations=notes,
        ),
    )  # fmt: skip


def _gaps(seen: Sequence[tuple[float, float]], duration_s: float) -> list[tuple[float, float]]:
    gaps, last_s = [], 0.0
    for start, end in sorted(seen):
        if start > last_s:
            gaps.append((last_s, start))
        last_s = max(last_s, end)
    if duration_s > last_s:
        gaps.append((last_s, duration_s))
    return gaps


def _expression_table(stretches: Sequence[Stretch]) -> Table:
    """One row a second: the first sample of each."""
    columns = (Column("time_s", "Time", "clock"), *(Column(name.lower(), name, "share") for name in SERIES))
    rows, last = [], -1
    for times, shares in sorted(stretches, key=lambda stretch: stretch[0][0]):
        for time_s, row in zip(times, shares, strict=True):
            if int(time_s) != last:
                last = int(time_s)
                rows.append(Row((time_s, *(row[EMOTIONS.index(name)] for name in SERIES))))
    return Table(columns, tuple(rows))
