"""People in a part of a video: who is in view there, for how long, what they show and look at.

Ann is in view from 0 to 12 s with a cut at 6 s, happy from 5 s, looking until 3 s; Ben is in view from 4 to 8 s.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from faceapp.results import services
from faceapp.results.selectors import people_of, person_of
from faceapp.segments.window import Window

ANN, BEN = 1, 2
DURATION_S = 12.0


def in_view(run, from_s: float, to_s: float) -> dict[int, float]:
    return {person.person_id: person.in_view_s for person in people_of(run, Window.of(from_s, to_s))}


def test_only_who_is_in_view_there_is_there_and_for_how_long(finished_run):
    assert in_view(finished_run, 1.0, 3.0) == {ANN: 2.0}
    assert in_view(finished_run, 3.0, 5.0) == {ANN: 2.0, BEN: 1.0}
    assert in_view(finished_run, 7.0, 20.0) == {ANN: 5.0, BEN: 1.0}
    assert in_view(finished_run, 2.07, 2.17) == pytest.approx({ANN: 0.1})


def test_the_border_is_half_open(finished_run):
    assert BEN not in in_view(finished_run, 2.0, 4.0)
    assert BEN not in in_view(finished_run, 8.0, 9.0)


def test_the_whole_video_as_a_window_is_the_whole_video(finished_run, alice):
    services.correct_person(run=finished_run, person_id=BEN, field="age", value=44, user=alice)
    assert people_of(finished_run, Window.of(0.0, DURATION_S)) == people_of(finished_run)


def test_expressions_are_those_inside(finished_run):
    ann = person_of(finished_run, ANN, Window.of(4.0, 6.0))
    assert ann.emotion.shares["Happy"] == pytest.approx(0.5, abs=0.11)  # smoothing may move a change by a sample
    assert person_of(finished_run, ANN, Window.of(0.0, 2.0)).emotion.label == "Neutral"
    assert person_of(finished_run, ANN, Window.of(8.0, 10.0)).emotion.shares["Happy"] == 1.0


def test_a_spell_is_cut_at_the_border_and_counts_by_its_whole_length(finished_run):
    whole = person_of(finished_run, ANN)
    assert whole.attention_s == pytest.approx(3.0, abs=0.2)
    first, rest = Window.of(0.0, whole.attention_s - 0.3), Window.of(whole.attention_s - 0.3, DURATION_S)
    assert person_of(finished_run, ANN, first).attention_s == pytest.approx(whole.attention_s - 0.3)
    # 0.3 s alone would be too short to count as looking
    assert person_of(finished_run, ANN, rest).attention_s == pytest.approx(0.3)
    assert person_of(finished_run, ANN, Window.of(5.0, 9.0)).attention_s == 0.0


def test_a_part_and_its_rest_add_up(finished_run):
    for border in (1.0, 2.5, 4.3, 6.0, 7.77):
        part = Window.of(border, border + 3.1)
        rest = part.rest(DURATION_S)
        for whole in people_of(finished_run):
            pieces = [p for w in (part, rest) if (p := person_of(finished_run, whole.person_id, w))]
            assert sum(p.in_view_s for p in pieces) == pytest.approx(whole.in_view_s)
            assert sum(p.attention_s for p in pieces) == pytest.approx(whole.attention_s)
            happy = sum(p.in_view_s * p.emotion.shares["Happy"] for p in pieces)
            assert happy == pytest.approx(whole.in_view_s * whole.emotion.shares["Happy"], abs=0.01)


def test_age_and_name_stay_the_whole_persons(finished_run, alice):
    services.correct_person(run=finished_run, person_id=ANN, field="age", value=44, user=alice)
    services.rename_person(run=finished_run, person_id=ANN, name="Ann", user=alice)
    ann = person_of(finished_run, ANN, Window.of(1.0, 2.0))
    assert (ann.name, ann.age, ann.gender) == (
        "Ann",
        person_of(finished_run, ANN).age,
        person_of(finished_run, ANN).gender,
    )


def test_what_is_off_stays_off(finished_run):
    project = finished_run.video.project
    project.switches = ["age_gender"]
    project.save()
    assert person_of(finished_run, ANN, Window.of(1.0, 3.0)).readings.keys() == {"age", "gender"}


def test_only_tracks_at_a_border_are_read(finished_run):
    people_of(finished_run)  # which reads the project once for all
    with CaptureQueriesContext(connection) as whole:
        people_of(finished_run)
    with CaptureQueriesContext(connection) as between_cuts:
        people_of(finished_run, Window.of(6.0, DURATION_S))
    with CaptureQueriesContext(connection) as cut:
        people_of(finished_run, Window.of(1.0, 7.0))
    assert len(between_cuts) == len(whole)
    assert len(cut) == len(whole) + 1
