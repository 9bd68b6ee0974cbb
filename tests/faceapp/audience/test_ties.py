"""No winner among equals, and one is one (fault 87)."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

import pytest

from analysis.attributes import attributes
from faceapp.audience.charts.attention import screen_time_chart, videos_chart
from faceapp.audience.charts.expression_time import emotion_time_chart
from faceapp.audience.charts.groups import label_sentence
from faceapp.audience.charts.parts import Chart
from faceapp.audience.figures import audience_of
from faceapp.audience.summary import summary_of
from faceapp.audience.wording import counted, listed
from faceapp.core.percent import leaders
from tests.faceapp.audience.cast import made_person


def audience(*people: Any, name: str = "Advert", duration_s: float = 20.0) -> Any:
    return SimpleNamespace(
        video=SimpleNamespace(pk=uuid.uuid4(), name=name), length_s=duration_s, people=people, run=None
    )


def screen_time(*in_view_s: float) -> Chart:
    people = [made_person(n, in_view_s=seconds) for n, seconds in enumerate(in_view_s, start=1)]
    return screen_time_chart(audience(*people), {})


@pytest.mark.parametrize(
    ("values", "first"),
    [
        ({"a": 0.4, "b": 0.2}, ["a"]),
        ({"a": 0.402, "b": 0.398}, ["a", "b"]),
        ({"a": 0.0, "b": 0.0}, []),
        ({"a": 0.004}, []),
        ({}, []),
    ],
)
def test_those_that_read_alike_lead_together(values: dict[str, float], first: list[str]) -> None:
    assert leaders(values) == first


def test_lists_and_counts_read_as_english() -> None:
    assert [listed(names) for names in (["A"], ["A", "B"], ["A", "B", "C"])] == ["A", "A and B", "A, B and C"]
    assert [counted(n, "person", "people") for n in (0, 1, 2)] == ["0 people", "1 person", "2 people"]


def test_fault_87_people_in_view_equally_long() -> None:
    assert screen_time(9.0, 5.0).sentence == "Person 1 is in view longest, 9.0\u202fs of 20.0\u202fs."
    both = "Person 1 and Person 2 are in view longest, 9.0\u202fs of 20.0\u202fs each."
    assert screen_time(9.02, 8.98, 3.0).sentence == both
    assert screen_time(*[9.0] * 6).sentence == "6 people are in view longest, 9.0\u202fs of 20.0\u202fs each."


def test_fault_87_one_person_is_no_people() -> None:
    alone = screen_time(9.0)
    assert alone.foot == "n = 1 person"
    assert alone.sentence == "Person 1 is in view for 9.0\u202fs of 20.0\u202fs."
    assert emotion_time_chart(audience_of([made_person()]).emotion_time).foot.startswith("n = 1 person,")


def test_fault_87_videos_with_equally_many_people() -> None:
    one, two = [made_person()], [made_person(1), made_person(2)]
    assert videos_chart([audience(*two, name="A"), audience(*one)], {}).sentence == "A shows the most people, 2."
    assert videos_chart([audience(*two), audience(*two)], {}).sentence == "2 videos show the most people, 2 each."


def test_fault_87_equal_groups_and_expressions() -> None:
    people = [
        made_person(1, ethnicity="White", emotion={"Happy": 0.5, "Sad": 0.1, "Neutral": 0.4}),
        made_person(2, ethnicity="Asian", emotion={"Happy": 0.1, "Sad": 0.5, "Neutral": 0.4}),
    ]
    figures = audience_of(people)
    said = "White and Asian are perceived equally often, for 50\u202f% of the people each."
    assert label_sentence(attributes()["ethnicity"], figures.labels["ethnicity"]) == said
    said = "Happy and Sad were the most common expressions after neutral: 30\u202f% of the time in view each."
    assert emotion_time_chart(figures.emotion_time).sentence == said
    assert any(
        "Happy and Sad were the most common expressions after neutral: 30\u202f%" in line
        for line in summary_of(figures)
    )
