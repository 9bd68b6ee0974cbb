"""What the lanes are drawn from."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from faceapp.results.models import Timeline
from faceapp.results.selectors import boxes_of, emotion_spells, looking_spells, people_of, timeline_of
from faceapp.results.views import BOXES_S


def test_a_lane_has_its_tracks_and_spells(finished_run):
    timeline = timeline_of(finished_run)
    assert timeline["video"] == {"duration_s": 12.0, "width": 1280, "height": 720}
    assert timeline["shots"] == [[0.0, 6.0], [6.0, 12.0]]
    ann, ben = timeline["people"]
    assert [(track["start_s"], track["end_s"]) for track in ann["tracks"]] == [(0.0, 6.0), (6.0, 12.0)]
    assert [label for label, *_ in ann["tracks"][0]["emotions"]] == ["Neutral", "Happy"]
    assert ann["tracks"][0]["looking"] == [[0.0, pytest.approx(3.0, abs=0.21)]]
    assert ben["tracks"][0]["start_s"] == pytest.approx(4.0, abs=0.21)
    for track in ann["tracks"]:
        assert track["emotions"][0][1] == track["start_s"]
        assert track["emotions"][-1][2] == track["end_s"]


def test_boxes_are_those_of_the_stretch_and_one_sample_around_it(finished_run):
    part = boxes_of(finished_run, 1.0, 2.0)
    assert (part["from_s"], part["to_s"]) == (1.0, 2.0)
    ((track_id, seen),) = part["tracks"].items()
    assert seen["sample"] == [4, 5, 6, 7, 8, 9, 10]
    whole = Timeline.objects.get(track__run=finished_run, track__track_id=track_id).samples["box"]
    assert seen["box"] == [number for box in whole[4:11] for number in box]


def test_stretches_together_hold_every_box(finished_run):
    samples = {}
    for from_s in range(0, 12, 2):
        for track_id, seen in boxes_of(finished_run, from_s, from_s + 2)["tracks"].items():
            samples.setdefault(track_id, set()).update(seen["sample"])
            assert len(seen["box"]) == 4 * len(seen["sample"])
    stored = Timeline.objects.filter(track__run=finished_run).values_list("track__track_id", "samples")
    assert samples == {track_id: {round(time_s * 5) for time_s in columns["time_s"]} for track_id, columns in stored}


def test_boxes_are_asked_for_by_run_and_stretch(alice_client, charlie_client, finished_run):
    address = reverse("results:boxes", args=[finished_run.video_id])
    good = {"run": finished_run.pk, "from": BOXES_S * 0}
    assert alice_client.get(address, good).status_code == 200
    assert charlie_client.get(address, good).status_code == 404
    for change in ({"from": "7"}, {"from": "-30"}, {"from": "²"}, {"from": "9" * 30}, {"from": ""}, {"run": "x"}):
        assert alice_client.get(address, good | change).status_code == 404
    assert alice_client.get(address, good | {"from": 30 * 10**5}).json()["tracks"] == {}


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
    assert len(queries) == 6
    with CaptureQueriesContext(connection) as queries:
        people_of(finished_run)
    assert len(queries) == 3
    with CaptureQueriesContext(connection) as queries:
        boxes_of(finished_run, 0.0, 12.0)
    assert len(queries) == 1
