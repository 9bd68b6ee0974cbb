"""A person's charts: gaps stay empty, shares add up, what is switched off says so."""

from __future__ import annotations

import pytest

from analysis.builtin_attributes import ETHNICITY
from analysis.types import AgeEstimate
from faceapp.audience.charts.person import TrackCourse, expression_chart, label_chart
from faceapp.audience.charts.person_age import DRAWN_PX, age_chart
from tests.faceapp.audience.cast import made_label


def course(start_s: float, end_s: float, row: list[float], rate: float = 5.0) -> TrackCourse:
    times = [round(start_s + k / rate, 3) for k in range(int((end_s - start_s) * rate))]
    samples = {"time_s": times, "emotion_distribution": [row] * len(times)}
    crops = {"time_s": times[:2], "quality": [0.9, 0.8], "age_years": [30.0, 34.0], "female": [0.9, 0.4]}
    return TrackCourse(start_s, end_s, samples, crops)


WOMAN = made_label("female", ("female", "male"))
HAPPY = [0.0, 0.8, 0.2, 0.0, 0.0, 0.0]
SAD = [0.0, 0.0, 0.3, 0.7, 0.0, 0.0]


def test_a_gap_between_tracks_stays_empty_and_says_so() -> None:
    chart = expression_chart([course(0, 4, HAPPY), course(10, 12, SAD)], duration_s=20.0, sample_rate=5.0)
    assert chart.spec is not None
    assert {trace["stackgroup"] for trace in chart.spec["data"]} == {"track0", "track1"}
    notes = chart.spec["layout"]["annotations"]
    assert [note["text"] for note in notes] == ["not in view", "not in view"]
    assert [round(note["x"], 1) for note in notes] == [6.9, 15.9]


def test_the_stack_adds_up_to_one_at_every_moment() -> None:
    chart = expression_chart([course(0, 4, HAPPY)], duration_s=4.0, sample_rate=5.0)
    assert chart.spec is not None
    for shares in zip(*(trace["y"] for trace in chart.spec["data"]), strict=True):
        assert sum(shares) == pytest.approx(1.0, abs=1e-3)


def test_the_running_mean_is_over_a_second() -> None:
    times = [k / 5 for k in range(20)]
    rows = [HAPPY if time_s < 2 else SAD for time_s in times]
    track = TrackCourse(0, 4, {"time_s": times, "emotion_distribution": rows}, {})
    chart = expression_chart([track], duration_s=4.0, sample_rate=5.0)
    assert chart.spec is not None
    happy = next(trace for trace in chart.spec["data"] if trace["name"] == "Happy")
    by_time = dict(zip(happy["x"], happy["y"], strict=True))
    assert (by_time[1.0], by_time[3.0]) == (pytest.approx(0.8), pytest.approx(0.0, abs=1e-9))
    assert 0.2 < by_time[2.0] < 0.6


def test_each_picture_is_a_dot_under_the_pooled_age() -> None:
    chart = age_chart([course(0, 4, HAPPY)], AgeEstimate(32, 27, 38), WOMAN, duration_s=4.0)
    assert chart.spec is not None
    assert chart.facts == "Estimate 32 (27–38); female, 90\u202f%"
    above = [trace for trace in chart.spec["data"] if trace.get("yaxis") != "y2"]
    assert [list(trace["y"]) for trace in above] == [[27, 27], [38, 38], [30.0, 34.0], [32, 32]]


def test_gender_is_a_strip_of_24_px_under_the_ages() -> None:
    chart = age_chart([course(0, 4, HAPPY)], AgeEstimate(32, 27, 38), WOMAN, duration_s=4.0)
    assert chart.spec is not None
    low, high = chart.spec["layout"]["yaxis2"]["domain"]
    assert (high - low) * DRAWN_PX == pytest.approx(24)
    assert chart.spec["layout"]["yaxis"]["domain"][0] > high
    _, female, male = (trace for trace in chart.spec["data"] if trace.get("yaxis") == "y2")
    assert (list(female["y"]), list(male["y"])) == ([0.9], [0.4])
    assert [row.values for row in chart.table.rows] == [(0.0, 30.0, 0.9), (0.2, 34.0, 0.4)]


def test_an_answer_set_by_hand_is_not_passed_off_as_pooled() -> None:
    courses = [course(0, 4, HAPPY)]
    by_hand = made_label("unknown", ("female", "male"))
    age = age_chart(courses, AgeEstimate(44, 44, 44), by_hand, 4.0, by_hand=("age", "gender"))
    assert (age.facts, "band" in age.foot) == ("44, set by hand; unknown, set by hand", False)
    assert label_chart(ETHNICITY, by_hand, 8, is_by_hand=True).spec is None


def test_what_is_switched_off_is_said_and_not_drawn() -> None:
    silent = TrackCourse(0, 4, {"time_s": [0.0]}, {})
    charts = (
        expression_chart([silent], 4.0, 5.0),
        age_chart([silent], None, None, 4.0),
        label_chart(ETHNICITY, None, 0),
    )
    for chart in charts:
        assert chart.spec is None
        assert "switched off" in chart.empty


def test_an_unsure_network_says_unknown() -> None:
    chart = label_chart(ETHNICITY, made_label("unknown", ("White", "Black", "Asian", "Indian", "Hispanic")), 8)
    assert "The result is unknown" in chart.sentence
