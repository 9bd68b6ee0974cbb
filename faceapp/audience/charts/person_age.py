"""Apparent age and perceived gender of one person: what each of the best pictures says, on one axis of time."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from analysis.clock import NARROW
from analysis.types import AgeEstimate, LabelEstimate
from faceapp.audience.charts.parts import Chart, Column, Row, Spec, Table, layout, spec_of, time_ticks, token
from faceapp.audience.charts.person import TrackCourse
from faceapp.audience.wording import counted
from faceapp.core.percent import certainty, span

HEIGHT_PX = 222
MARGIN = {"l": 52, "r": 10, "t": 8, "b": 26}
DRAWN_PX = HEIGHT_PX - MARGIN["t"] - MARGIN["b"]
STRIP_PX = 24  # of gender, at the foot
APART_PX = 14

Points = Sequence[tuple[float, float]]  # (time_s, value) of every picture that was judged


def age_chart(
    courses: Sequence[TrackCourse],
    age: AgeEstimate | None,
    gender: LabelEstimate | None,
    duration_s: float,
    *,
    by_hand: Collection[str] = (),
) -> Chart:
    """Ages as dots under the pooled answer and its interval, or what was set by hand; gender as a strip below.

    `by_hand` names what was set by hand, of "age" and "gender".
    """
    ages, females = _points(courses, "age_years"), _points(courses, "female")
    return Chart(
        key="person-age",
        title="Apparent age and perceived gender",
        facts=_answers(age, gender, by_hand),
        word="apparent_age",
        sentence="",
        foot=f"n = {counted(len(ages), 'picture', 'pictures')}{'' if 'age' in by_hand else f', band 90{NARROW}%'}",
        table=_table(ages, females),
        spec=_spec(ages, females, age, duration_s) if age and gender and ages else None,
        height_px=HEIGHT_PX,
        empty="Age and gender are switched off for this video.",
    )


def _answers(age: AgeEstimate | None, gender: LabelEstimate | None, by_hand: Collection[str]) -> str:
    said = []
    if age:
        said.append(
            f"{age.years}, set by hand" if "age" in by_hand else f"Estimate {age.years} ({span(age.low, age.high)})"
        )
    if gender:
        doubt = "set by hand" if "gender" in by_hand else certainty(gender.confidence)
        said.append(f"{gender.label}, {doubt}")
    return "; ".join(said)


def _points(courses: Sequence[TrackCourse], column: str) -> Points:
    """In time order."""
    points = []
    for course in courses:
        values = course.crop_predictions.get(column)
        if values is not None:
            points += list(zip(course.crop_predictions["time_s"], values, strict=True))
    return sorted(points)


def _table(ages: Points, females: Points) -> Table:
    female_at = dict(females)
    columns = (
        Column("time_s", "Time", "clock"),
        Column("age_years", "Years", "number"),
        Column("female", "Female", "share"),
    )
    return Table(columns, tuple(Row((time_s, years, female_at.get(time_s))) for time_s, years in ages))


def _spec(ages: Points, females: Points, age: AgeEstimate, duration_s: float) -> Spec:
    ticks, labels = time_ticks(duration_s)
    years = [value for _, value in ages]
    low, high = min([*years, age.low]) - 3, max([*years, age.high]) + 3
    return spec_of(
        [*_age_traces(ages, age, duration_s), *_gender_traces(females, duration_s)],
        layout(
            height_px=HEIGHT_PX,
            hovermode="closest",
            margin=MARGIN,
            xaxis={"range": [0, duration_s], "tickvals": ticks, "ticktext": labels, "anchor": "y2"},
            yaxis={"range": [max(low, 0), high], "nticks": 5, "domain": [(STRIP_PX + APART_PX) / DRAWN_PX, 1]},
            yaxis2={
                "domain": [0, STRIP_PX / DRAWN_PX],
                "range": [-0.12, 1.12],
                "tickvals": [0.1, 0.9],
                "ticktext": ["Male", "Female"],
                "tickfont": {"color": token("ink-3"), "size": 11},
                "showgrid": False,
                "zeroline": False,
                "fixedrange": True,
                "automargin": True,
            },
        ),
    )


def _age_traces(ages: Points, age: AgeEstimate, duration_s: float) -> list[Spec]:
    across = {"type": "scatter", "mode": "lines", "x": [0, duration_s], "hoverinfo": "skip", "line": {"width": 0}}
    return [
        {**across, "y": [age.low, age.low]},
        {**across, "y": [age.high, age.high], "fill": "tonexty", "fillcolor": token("accent", 16)},
        _dots(ages, token("ink-3", 75), "%{y:.0f} years at %{x:.1f} s<extra></extra>"),
        {**across, "y": [age.years, age.years], "line": {"width": 2, "color": token("accent")}},
    ]


def _gender_traces(females: Points, duration_s: float) -> list[Spec]:
    half = {"type": "scatter", "mode": "lines", "x": [0, duration_s], "y": [0.5, 0.5], "hoverinfo": "skip",
            "line": {"width": 1, "color": token("line-strong")}, "yaxis": "y2"}  # fmt: skip
    said = "%{y:.0%} female at %{x:.1f} s<extra></extra>"
    female = [point for point in females if point[1] >= 0.5]
    male = [point for point in females if point[1] < 0.5]
    dots = (_dots(female, token("female"), said), _dots(male, token("male"), said))
    return [half, *({**each, "yaxis": "y2"} for each in dots)]


def _dots(points: Points, color: str, hover: str) -> Spec:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x for x, _ in points],
        "y": [y for _, y in points],
        "marker": {"size": 5, "color": color},
        "hovertemplate": hover,
    }
