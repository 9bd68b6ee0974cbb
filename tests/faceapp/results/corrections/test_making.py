"""What a person changes by hand lies on top of the estimates, everything recounts, and it can be undone."""

from __future__ import annotations

import contextlib
from itertools import pairwise

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from analysis.config import AnalysisConfig
from faceapp.results import services
from faceapp.results.models import Correction, Person, Track
from faceapp.results.selectors import joined_person_of, people_of, person_of, timeline_of
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
    with pytest.raises(CorrectionRefused, match="cannot be the same person"):
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
    with pytest.raises(CorrectionRefused, match="switched off"):
        services.correct_person(run=finished_run, person_id=ANN, field="ethnicity", value="Asian", user=alice)


# ---------------------------------------------------------------- undoing


@pytest.fixture
def crowd(video, alice):
    """Four people of one track each, person 2 with two: 3 is in view before 1, and 2 while 3 was."""
    from faceapp.runs.models import Run

    run = Run.objects.create(
        video=video, started_by=alice, state=Run.State.SUCCEEDED, config=AnalysisConfig().to_dict()
    )
    spells = {1: [(5, 6)], 2: [(1, 2), (7, 8)], 3: [(1, 3)], 4: [(9, 10)]}
    for person_id, times in spells.items():
        row = Person.objects.create(run=run, person_id=person_id, certainty=1, start_s=0, end_s=1, in_view_s=1)
        for start_s, end_s in times:
            facts = {"start_s": start_s, "end_s": end_s, "in_view_s": end_s - start_s, "quality": 1}
            Track.objects.create(run=run, person=row, track_id=run.tracks.count() + 1, **facts)
    return run


def test_fault_80_an_undo_that_would_put_somebody_in_two_places_says_what_to_undo_first(crowd, alice):
    services.merge_people(run=crowd, person_id=3, into=1, user=alice)
    moved = services.move_track(run=crowd, track_id=4, to=None, user=alice)  # what was person 3
    merged = services.merge_people(run=crowd, person_id=2, into=1, user=alice)
    before = everyone(crowd)
    with pytest.raises(
        CorrectionRefused, match=r"Person 1 would be in two places at 0:01\.0\. First undo that Person 2"
    ):
        services.undo(moved)
    assert everyone(crowd) == before == {1: [2, 1, 3], 4: [5], 5: [4]}
    assert services.undo(merged)
    assert services.undo(moved)
    assert everyone(crowd) == {1: [4, 1], 2: [2, 3], 4: [5]}


def test_undoing_takes_back_what_means_nothing_without_it(crowd, alice):
    moved = services.move_track(run=crowd, track_id=3, to=None, user=alice)
    named = services.rename_person(run=crowd, person_id=5, name="Eve", user=alice)
    kept = services.rename_person(run=crowd, person_id=2, name="Bea", user=alice)
    assert services.undo(moved) == (moved, named)
    named.refresh_from_db()
    kept.refresh_from_db()
    assert named.undone_at is not None
    assert kept.undone_at is None


def test_who_loses_the_last_track_takes_the_name_along(crowd, alice):
    services.rename_person(run=crowd, person_id=4, name="Dan", user=alice)
    moved = services.move_track(run=crowd, track_id=5, to=1, user=alice)
    assert (person_of(crowd, 1).name, person_of(crowd, 4)) == ("Dan", None)
    services.undo(moved)
    assert (person_of(crowd, 1).name, person_of(crowd, 4).name) == ("Person 1", "Dan")


def test_an_undo_from_an_old_tab_changes_nothing_twice(crowd, alice):
    made = services.rename_person(run=crowd, person_id=1, name="Ann", user=alice)
    again = Correction.objects.get(pk=made.pk)
    assert services.undo(made) == (made,)
    assert services.undo(again) == ()


def test_corrections_in_any_order_keep_what_must_hold(crowd, alice):
    """One person is never in two places, each track has one person, and a name is there until it is taken back."""
    tracks = {track.track_id: track for track in crowd.tracks.all()}

    class Corrections(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            crowd.corrections.all().delete()
            self.made = []

        def tried(self, correct, **values):
            try:
                self.made.append(correct(run=crowd, user=alice, **values))
            except CorrectionRefused:
                return

        @rule(person_id=st.integers(1, 7), into=st.integers(1, 7))
        def merge(self, person_id, into):
            self.tried(services.merge_people, person_id=person_id, into=into)

        @rule(track_id=st.sampled_from(sorted(tracks)), to=st.none() | st.integers(1, 7))
        def move(self, track_id, to):
            self.tried(services.move_track, track_id=track_id, to=to)

        @rule(person_id=st.integers(1, 7), name=st.sampled_from(["Ann", "Bea", "Cem"]))
        def rename(self, person_id, name):
            self.tried(services.rename_person, person_id=person_id, name=name)

        @precondition(lambda self: self.made)
        @rule(data=st.data())
        def undo(self, data):
            """Also what was undone already, as an old tab would."""
            correction = data.draw(st.sampled_from(self.made))
            with contextlib.suppress(CorrectionRefused):
                services.undo(Correction.objects.get(pk=correction.pk))

        @precondition(lambda self: self.made)
        @rule()
        def undo_the_last(self):
            """The state before it was right, so it is never refused."""
            standing = crowd.corrections.filter(undone_at=None).last()
            if standing:
                assert services.undo(standing)[0] == standing

        @invariant()
        def each_track_has_one_person(self):
            assert sorted(track for owned in everyone(crowd).values() for track in owned) == sorted(tracks)

        @invariant()
        def nobody_is_in_two_places(self):
            for owned in everyone(crowd).values():
                spells = sorted((tracks[track].start_s, tracks[track].end_s) for track in owned)
                assert all(end <= start for (_, end), (start, _) in pairwise(spells))

        @invariant()
        def no_name_is_lost(self):
            """Every name that stands is somebody's, or that somebody was named anew, or joined somebody with a name."""
            people = {person.person_id: person for person in people_of(crowd)}
            for each in crowd.corrections.filter(undone_at=None, kind=Correction.Kind.RENAME):
                owner = people.get(each.person_id) or joined_person_of(crowd, each.person_id)
                assert owner is not None
                assert "name" in owner.corrected_fields

    run_state_machine_as_test(Corrections, settings=settings(max_examples=30, stateful_step_count=20, deadline=None))
