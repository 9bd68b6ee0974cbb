"""Few people are drawn one by one, their intervals stand in the table; expressions stand out of a line of people."""

from __future__ import annotations

from typing import Any

import pytest

from faceapp.audience.charts.expression_time import emotion_time_chart
from faceapp.audience.charts.expressions import LABEL_PX, reaction_chart
from faceapp.audience.charts.groups import shares_chart
from faceapp.audience.charts.parts import Chart, Column
from faceapp.audience.charts.pyramid import pyramid_chart
from faceapp.audience.figures import audience_of
from faceapp.audience.reaction import reaction_of
from tests.faceapp.audience.cast import made_person


def people(n: int) -> list[Any]:
    emotion = {"Happy": 0.2, "Neutral": 0.8}
    women = [made_person(k, age=30, gender="female", emotion=emotion) for k in range(n - 1)]
    return [*women, made_person(n, age=50, gender="male", ethnicity="Black", emotion={"Neutral": 1.0})]


def charts_of(n: int) -> dict[str, Chart]:
    everyone = people(n)
    figures = audience_of(everyone)
    column = Column("ethnicity", "Perceived ethnicity", "group")
    shares = shares_chart(
        "ethnicity",
        "",
        figures.labels["ethnicity"],
        "",
        word="",
        column=column,
        faces=lambda _: "/faces",
        by="ethnicity",
    )
    return {
        "pyramid": pyramid_chart(figures, everyone, lambda _: "/faces"),
        "shares": shares,
        "time": emotion_time_chart(figures.emotion_time),
    }


def traces(chart: Chart) -> list[dict[str, Any]]:
    assert chart.spec is not None
    return list(chart.spec["data"])


def whiskers_of(chart: Chart) -> list[Any]:
    return [trace for trace in traces(chart) if any(trace.get("error_x", {}).get("array", ()))]


@pytest.mark.parametrize("name", ["pyramid", "shares", "time"])
def test_whiskers_need_thirty_people(name: str) -> None:
    few, many = charts_of(29)[name], charts_of(30)[name]
    assert not whiskers_of(few)
    assert "in the table" in few.foot
    assert whiskers_of(many)
    assert "whiskers" in many.foot
    assert {"low", "high"} <= {column.name for column in few.table.columns}


def test_a_dot_is_a_person() -> None:
    few = charts_of(6)
    women, men = traces(few["pyramid"])
    assert list(women["x"]) == [-0.5, -1.5, -2.5, -3.5, -4.5]
    assert (list(men["x"]), list(men["y"])) == ([0.5], ["45–54"])
    assert set(women["customdata"]) == {"/faces"}
    by_group = {trace["name"]: len(trace["x"]) for trace in traces(few["shares"])}
    assert (by_group["White"], by_group["Black"], by_group["Asian"]) == (5, 1, 0)


def test_neutral_is_the_line_of_people_in_view() -> None:
    """Three are in view, then two; one smiles for a second."""
    calm = dict.fromkeys(range(4), "Neutral")
    reaction = reaction_of([calm | {1: "Happy"}, calm, {0: "Neutral", 1: "Neutral"}], 4.0)
    chart = reaction_chart(reaction, lambda _: "", 1)
    happy, in_view = traces(chart)
    assert (happy["name"], happy["stackgroup"]) == ("Happy", "people")
    assert list(in_view["y"]) == [3, 3, 2, 2, 2]
    assert "stackgroup" not in in_view
    assert [entry.label for entry in chart.legend] == ["Happy", "In view; the rest is neutral"]


@pytest.mark.parametrize(("at_s", "anchor"), [(1, "left"), (10, "center"), (19, "right")])
def test_the_label_of_a_peak_has_room(at_s: int, anchor: str) -> None:
    calm = dict.fromkeys(range(21), "Neutral")
    chart = reaction_chart(reaction_of([calm | {at_s: "Happy"} for _ in range(5)], 21.0), lambda _: "", 1)
    assert chart.spec is not None
    (note,) = chart.spec["layout"]["annotations"]
    assert note["xanchor"] == anchor
    assert chart.spec["layout"]["margin"]["t"] == LABEL_PX
