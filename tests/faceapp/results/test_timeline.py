"""What the lanes are drawn from."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from faceapp.results.selectors import emotion_spells, looking_spells, people_of, timeline_of


def test_a_lane_has_its_tracks_spells_and_boxes(finished_run):
    timeline = timeline_of(finished_run)
    assert timeline["video"] == {"duration_s": 12.0, "width": 1280, "height": 720}
    assert timeline["shots"] == [[0.0, 6.0], [6.0, 12.0]]
    ann, ben = timeline["people"]
    assert [(track["start_s"], track["end_s"]) for track in ann["tracks"]] == [(0.0, 6.0), (6.0, 12.0)]
    assert [label for label, *_ in ann["tracks"][0]["emotions"]] == ["Neutral", "Happy"]
    assert ann["tracks"][0]["looking"] == [(0.0, pytest.approx(3.0, abs=0.21))]
    assert ben["tracks"][0]["start_s"] == pytest.approx(4.0, abs=0.21)
    for track in ann["tracks"]:
        assert len(track["box"]) == 4 * len(track["sample"])
        assert track["emotions"][0][1] == track["start_s"]
        assert track["emotions"][-1][2] == track["end_s"]


def test_looking_spells_add_up_to_the_attention_time(finished_run):
    lanes = {lane["person_id"]: lane for lane in timeline_of(finished_run)["people"]}
    for person in people_of(finished_run):
        spells = [spell for track in lanes[person.person_id]["tracks"] for spell in track["looking"]]
        assert sum(end - start for start, end in spells) == pytest.approx(person.attention_s, abs=0.01)


def test_a_gap_ends_a_spell():
    samples = {"time_s": [0.0, 0.2, 1.0, 1.2], "emotion": ["Sad"] * 4, "looking": [True, True, True, False]}
    assert emotion_spells(samples, 1.4, 5.0) == [("Sad", 0.0, 0.4), ("Sad", 1.0, 1.4)]
    assert looking_spells(samples, 1.4, 5.0, 0.4) == [(0.0, 0.4)]


def test_a_switched_off_attribute_has_no_spells():
    samples = {"time_s": [0.0, 0.2]}
    assert emotion_spells(samples, 0.4, 5.0) == []
    assert looking_spells(samples, 0.4, 5.0, 0.5) == []


def test_the_number_of_queries_does_not_grow_with_the_tracks(finished_run):
    with CaptureQueriesContext(connection) as queries:
        timeline_of(finished_run)
    assert len(queries) == 5
    with CaptureQueriesContext(connection) as queries:
        people_of(finished_run)
    assert len(queries) == 3
