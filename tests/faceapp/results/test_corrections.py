"""What a person changes by hand lies on top of the estimates, everything recounts, and it can be undone."""

from __future__ import annotations

import pytest

from faceapp.results import services
from faceapp.results.models import Correction, Person, Track
from faceapp.results.selectors import people_of, person_of, timeline_of
from faceapp.results.services import CorrectionRefused

ANN, BEN = 1, 2


def everyone(run) -> dict[int, list[int]]:
    return {person.person_id: [track.track_id for track in person.tracks] for person in people_of(run)}


def test_a_name_is_given_and_taken_back(finished_run, alice):
    made = services.rename_person(run=finished_run, person_id=ANN, name="  Ann \n Smith ", user=alice)
    ann = person_of(finished_run, ANN)
    assert (ann.name, ann.corrected_fields, ann.is_corrected) == ("Ann Smith", ("name",), True)
    assert made.made_by == alice
    assert timeline_of(finished_run)["people"][0]["name"] == "Ann Smith"
    assert services.undo(made)
    assert not services.undo(made)
    assert person_of(finished_run, ANN).name == "Person 1"
    assert not person_of(finished_run, ANN).is_corrected


def test_a_value_set_by_hand_is_certain_and_leaves_the_estimate_alone(finished_run, alice):
    before = list(Person.objects.values())
    services.correct_person(run=finished_run, person_id=BEN, field="age", value=44, user=alice)
    services.correct_person(run=finished_run, person_id=BEN, field="ethnicity", value="Indian", user=alice)
    ben = person_of(finished_run, BEN)
    assert (ben.age.years, ben.age.low, ben.age.high) == (44, 44, 44)
    ethnicity = ben.readings["ethnicity"]
    assert (ethnicity.label, ethnicity.confidence) == ("Indian", 1.0)
    assert ethnicity.distribution["Black"] == 0.0
    assert ben.gender.label == "male"
    assert ben.corrected_fields == ("age", "ethnicity")
    assert list(Person.objects.values()) == before


def test_moving_a_track_to_a_new_person_parts_them_and_recounts(finished_run, alice):
    whole = person_of(finished_run, ANN)
    first, second = (track.track_id for track in whole.tracks)
    made = services.move_track(run=finished_run, track_id=second, to=None, user=alice)
    assert everyone(finished_run)[ANN] == [first]
    new = person_of(finished_run, made.payload["to"])
    assert (new.name, new.in_view_s) == ("Person 3", 6.0)
    assert person_of(finished_run, ANN).in_view_s == whole.in_view_s - 6.0
    assert new.emotion.label == "Happy"
    assert new.attention_s + person_of(finished_run, ANN).attention_s == pytest.approx(whole.attention_s)
    services.undo(made)
    assert person_of(finished_run, ANN) == whole


def test_merged_people_are_pooled_and_the_one_who_stays_keeps_the_name(finished_run, alice):
    _, second = (track.track_id for track in person_of(finished_run, ANN).tracks)
    parted = services.move_track(run=finished_run, track_id=second, to=None, user=alice)
    new_id = parted.payload["to"]
    services.rename_person(run=finished_run, person_id=new_id, name="Her again", user=alice)
    services.rename_person(run=finished_run, person_id=ANN, name="Ann", user=alice)
    services.merge_people(run=finished_run, person_id=new_id, into=ANN, user=alice)
    ann = person_of(finished_run, ANN)
    assert ann.name == "Ann"
    assert ann.in_view_s == 12.0
    assert ann.gender.label == "female"
    assert new_id not in everyone(finished_run)


def test_a_new_person_never_takes_an_id_that_was_used_before(finished_run, alice):
    first, second = (track.track_id for track in person_of(finished_run, ANN).tracks)
    made = services.move_track(run=finished_run, track_id=second, to=None, user=alice)
    services.undo(made)
    again = services.move_track(run=finished_run, track_id=first, to=None, user=alice)
    assert again.payload["to"] == made.payload["to"] + 1


def test_a_correction_whose_ground_is_undone_changes_nothing(finished_run, alice):
    second = person_of(finished_run, ANN).tracks[1].track_id
    parted = services.move_track(run=finished_run, track_id=second, to=None, user=alice)
    services.correct_person(run=finished_run, person_id=parted.payload["to"], field="age", value=80, user=alice)
    services.undo(parted)
    assert everyone(finished_run).keys() == {ANN, BEN}
    assert person_of(finished_run, ANN).age.years != 80


@pytest.mark.parametrize(
    ("field", "value"), [("age", 101), ("age", -1), ("age", "30"), ("gender", "x"), ("ethnicity", ""), ("name", "x")]
)
def test_values_that_cannot_be_are_refused(finished_run, alice, field, value):
    with pytest.raises(CorrectionRefused):
        services.correct_person(run=finished_run, person_id=ANN, field=field, value=value, user=alice)
    assert not Correction.objects.exists()


def test_people_who_are_in_view_together_cannot_be_one(finished_run, alice):
    with pytest.raises(CorrectionRefused, match="in view at 0:04"):
        services.merge_people(run=finished_run, person_id=BEN, into=ANN, user=alice)
    ben_track = person_of(finished_run, BEN).tracks[0].track_id
    with pytest.raises(CorrectionRefused, match="two places"):
        services.move_track(run=finished_run, track_id=ben_track, to=ANN, user=alice)


def test_nobody_and_nothing_are_refused(finished_run, alice):
    with pytest.raises(CorrectionRefused):
        services.rename_person(run=finished_run, person_id=99, name="Nobody", user=alice)
    with pytest.raises(CorrectionRefused):
        services.rename_person(run=finished_run, person_id=ANN, name=" ", user=alice)
    with pytest.raises(CorrectionRefused):
        services.move_track(run=finished_run, track_id=99, to=None, user=alice)
    with pytest.raises(CorrectionRefused):
        services.merge_people(run=finished_run, person_id=ANN, into=ANN, user=alice)


def test_a_switched_off_attribute_cannot_be_filled_in(finished_run, alice):
    for row in (*Person.objects.all(), *Track.objects.all()):
        del row.readings["ethnicity"]
        row.save()
    with pytest.raises(CorrectionRefused, match="switched it off"):
        services.correct_person(run=finished_run, person_id=ANN, field="ethnicity", value="Asian", user=alice)
