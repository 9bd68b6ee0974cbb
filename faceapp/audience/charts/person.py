"""Charts of one person: expression over time with gaps, the course of age and gender, the shares of ethnicity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.types import EMOTIONS, UNKNOWN, AgeEstimate, LabelEstimate
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
from faceapp.core.percent import NARROW, certainty, span

SMOOTH_S = 1.0  # the stack is a running mean over this long
GAP_S = 1.5  # samples further apart than this leave a gap
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
        facts=f"{sample_rate:g} samples a second, smoothed over {SMOOTH_S:g} s",
        word="expression",
        sentence="",
        foot=f"n = {n} samples",
        table=_expression_table(stretches),
        spec=_expression_spec(stretches, duration_s) if stretches else None,
        height_px=222,
        legend=tuple(Legend(name.lower(), name, "", name) for name in SERIES),
        empty="The expression was not read: it is switched off, or the face was never clear enough.",
    )


def age_chart(
    courses: Sequence[TrackCourse], age: AgeEstimate | None, duration_s: float, *, is_by_hand: bool = False
) -> Chart:
    """What each of the best pictures says, under the pooled answer and its interval, or what was set by hand."""
    points = _crop_points(courses, "age_years")
    table = Table((Column("time_s", "Time", "clock"), Column("age_years", "Years", "number")), _rows(points))
    return Chart(
        key="person-age",
        title="Apparent age",
        facts=_by_hand(age.years, is_by_hand) or f"pooled {age.years}, {span(age.low, age.high)}" if age else "",
        word="apparent_age",
        sentence="",
        foot=f"n = {len(points)} pictures{'' if is_by_hand else f', band 90{NARROW}%'}",
        table=table,
        spec=_age_spec(points, age, duration_s) if age and points else None,
        height_px=178,
        empty="Age is switched off for this video.",
    )


def gender_chart(
    courses: Sequence[TrackCourse], gender: LabelEstimate | None, duration_s: float, *, is_by_hand: bool = False
) -> Chart:
    points = _crop_points(courses, "female")
    table = Table((Column("time_s", "Time", "clock"), Column("female", "Female", "share")), _rows(points))
    pooled = f"pooled {gender.label}, {certainty(gender.confidence)}" if gender else ""
    answer = _by_hand(gender.label, is_by_hand) if gender else ""
    return Chart(
        key="person-gender",
        title="Perceived gender",
        facts=answer or pooled,
        word="perceived_gender",
        sentence="",
        foot=f"n = {len(points)} pictures",
        table=table,
        spec=_gender_spec(points, duration_s) if gender and points else None,
        height_px=178,
        empty="Gender is switched off for this video.",
    )


def ethnicity_chart(ethnicity: Any, n_pictures: int, *, is_by_hand: bool = False) -> Chart:
    """The pooled distribution: how sure the network is of each group. Nothing is drawn of what was set by hand."""
    if ethnicity and is_by_hand:
        return Chart(
            key="person-ethnicity",
            title="Perceived ethnicity",
            facts=_by_hand(ethnicity.label, is_by_hand),
            word="perceived_ethnicity",
            sentence="",
            foot="",
            table=Table((), ()),
            spec=None,
            height_px=0,
            empty="Set by hand. The network's estimate is kept, and comes back when the correction is undone.",
        )
    shares = sorted(ethnicity.distribution.items(), key=lambda item: -item[1]) if ethnicity else []
    unsure = " The answer is unknown: none is sure enough." if ethnicity and ethnicity.label == UNKNOWN else ""
    return Chart(
        key="person-ethnicity",
        title="Perceived ethnicity",
        word="perceived_ethnicity",
        sentence=f"How sure the network is of each group.{unsure}" if ethnicity else "",
        foot=f"n = {n_pictures} pictures",
        table=Table(
            (Column("ethnicity", "Perceived ethnicity"), Column("confidence", "Confidence", "certainty")),
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
        empty="Ethnicity is switched off for this video.",
    )


def _by_hand(answer: object, is_by_hand: bool) -> str:
    return f"{answer}, set by hand" if is_by_hand else ""


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
                    "fillcolor": token(name),
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


def _age_spec(points: Sequence[tuple[float, float]], age: AgeEstimate, duration_s: float) -> Spec:
    ticks, labels = time_ticks(duration_s, count=4)
    years = [value for _, value in points]
    low, high = min([*years, age.low]) - 3, max([*years, age.high]) + 3
    across = {"type": "scatter", "mode": "lines", "x": [0, duration_s], "hoverinfo": "skip", "line": {"width": 0}}
    traces = [
        {**across, "y": [age.low, age.low]},
        {**across, "y": [age.high, age.high], "fill": "tonexty", "fillcolor": token("accent", 16)},
        _dots(points, token("ink-3", 75), "%{y:.0f} years at %{x:.1f} s<extra></extra>"),
        {**across, "y": [age.years, age.years], "line": {"width": 2, "color": token("accent")}},
    ]
    return spec_of(
        traces,
        layout(
            height_px=178,
            hovermode="closest",
            margin={"l": 36, "r": 10, "t": 8, "b": 26},
            xaxis={"range": [0, duration_s], "tickvals": ticks, "ticktext": labels},
            yaxis={"range": [max(low, 0), high], "nticks": 5},
        ),
    )


def _gender_spec(points: Sequence[tuple[float, float]], duration_s: float) -> Spec:
    ticks, labels = time_ticks(duration_s, count=4)
    half = {"type": "scatter", "mode": "lines", "x": [0, duration_s], "y": [0.5, 0.5], "hoverinfo": "skip",
            "line": {"width": 1, "dash": "dash", "color": token("line-strong")}}  # fmt: skip
    female = [point for point in points if point[1] >= 0.5]
    male = [point for point in points if point[1] < 0.5]
    said = "%{y:.0%} female at %{x:.1f} s<extra></extra>"
    traces = [half, _dots(female, token("female", 80), said), _dots(male, token("male", 80), said)]
    return spec_of(
        traces,
        layout(
            height_px=178,
            hovermode="closest",
            margin={"l": 52, "r": 10, "t": 8, "b": 26},
            xaxis={"range": [0, duration_s], "tickvals": ticks, "ticktext": labels},
            yaxis={"range": [-0.04, 1.04], "tickvals": [0, 0.5, 1], "ticktext": ["Male", "50\u202f%", "Female"]},
        ),
    )


def _dots(points: Sequence[tuple[float, float]], color: str, hover: str) -> Spec:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x for x, _ in points],
        "y": [y for _, y in points],
        "marker": {"size": 5, "color": color},
        "hovertemplate": hover,
    }


def _crop_points(courses: Sequence[TrackCourse], column: str) -> list[tuple[float, float]]:
    """(time, value) of every picture that was judged, in time order."""
    points = []
    for course in courses:
        values = course.crop_predictions.get(column)
        if values is not None:
            points += list(zip(course.crop_predictions["time_s"], values, strict=True))
    return sorted(points)


def _rows(points: Sequence[tuple[float, float]]) -> tuple[Row, ...]:
    return tuple(Row(point) for point in points)


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
