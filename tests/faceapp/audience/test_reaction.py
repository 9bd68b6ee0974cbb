"""Who is in view each second, and what they show."""

from __future__ import annotations

import pytest

from faceapp.audience.charts.expressions import reaction_sentence
from faceapp.audience.reaction import reaction_of, samples_of, seconds_of, step_for


def test_a_second_shows_what_most_of_its_samples_show() -> None:
    track = samples_of([0.0, 0.2, 0.4, 1.0, 1.2, 1.4], ["Sad", "Happy", "Happy", "unknown", "Sad", "Sad"])
    assert seconds_of([track], sample_rate=5, duration_s=2.0) == {0: "Happy", 1: "Sad"}


def test_a_persons_tracks_never_count_twice_in_one_second() -> None:
    tracks = [{0: {"Happy": 5}, 1: {"Sad": 2}}, {1: {"Angry": 3}, 2: {"Sad": 5}}]
    assert seconds_of(tracks, sample_rate=5, duration_s=3.0) == {0: "Happy", 1: "Angry", 2: "Sad"}


def test_fault_79_at_a_cut_only_the_people_of_one_side_are_in_view() -> None:
    before = seconds_of([samples_of([0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2], ["Happy"] * 7)], 5, 2.0)
    after = seconds_of([samples_of([1.4, 1.6, 1.8], ["Sad"] * 3)], 5, 2.0)
    assert reaction_of([before, after], 2.0).n_present == (1, 1)


def test_the_last_second_may_be_shorter() -> None:
    track = samples_of([0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2], ["Happy"] * 7)
    assert seconds_of([track], sample_rate=5, duration_s=1.4) == {0: "Happy", 1: "Happy"}


def test_in_steps_of_several_seconds_half_a_step_counts() -> None:
    there, briefly = dict.fromkeys(range(10), "Happy"), {0: "Sad"}
    assert reaction_of([there, briefly], 10.0, step_s=5).n_present == (1, 1)


def test_the_curve_is_drawn_only_where_five_are_in_view() -> None:
    people = [{0: "Happy", 1: "Happy"} for _ in range(4)] + [{1: "Sad"}]
    reaction = reaction_of(people, duration_s=2.5)
    assert reaction.n_present == (4, 5, 0)
    happy = reaction.curves["Happy"]
    assert happy[0] is None
    assert happy[2] is None
    assert happy[1] is not None
    assert (happy[1].count, happy[1].n) == (4, 5)
    assert reaction.strongest == ["Happy", "Sad"]


def test_everyone_present_shows_exactly_one_thing() -> None:
    reaction = reaction_of([{0: "Happy", 3: "unknown"}, {0: "Other"}], duration_s=4.0)
    for second, n in enumerate(reaction.n_present):
        assert sum(counts[second] for counts in reaction.n_showing.values()) == n


def test_an_empty_video_has_an_empty_reaction() -> None:
    assert reaction_of([], 0.0).n_present == ()


def test_shares_are_drawn_only_where_they_say_more_than_counts() -> None:
    five_for_one_second = [{0: "Happy"} for _ in range(5)] + [dict.fromkeys(range(9), "Neutral")]
    assert not reaction_of(five_for_one_second, 9.0).has_curve
    assert reaction_of([{0: "Happy", 1: "Sad"} for _ in range(5)], 3.0).has_curve
    assert not reaction_of([{0: "Neutral"} for _ in range(5)], 1.0).has_curve


def test_long_videos_are_counted_in_coarser_steps() -> None:
    assert [step_for(seconds) for seconds in (60, 900, 901, 3600, 4 * 3600)] == [1, 1, 2, 5, 30]
    reaction = reaction_of([{0: "Happy", 1: "Sad", 2: "Sad", 7: "Angry", 8: "Angry", 9: "Angry"}], 10.0, step_s=5)
    assert (reaction.n_present, reaction.n_showing["Sad"], reaction.n_showing["Angry"]) == ((1, 1), (1, 0), (0, 1))


def happy_at(*seconds: int, length_s: int = 6) -> dict[int, str]:
    return {second: "Happy" if second in seconds else "Neutral" for second in range(length_s)}


def test_a_peak_is_where_a_curve_rises_and_falls_again() -> None:
    reaction = reaction_of([happy_at(2, 3), happy_at(2), happy_at(2), happy_at(), happy_at()], 6.0)
    peak = reaction.peaks["Happy"]
    assert (peak.at_s, peak.share.count, peak.share.n) == (2, 3, 5)
    assert reaction.highest == [peak]


@pytest.mark.parametrize(
    ("seconds", "why"),
    [((0,), "at the start"), ((5,), "at the end"), ((1, 4), "at two moments alike"), (tuple(range(6)), "throughout")],
)
def test_fault_87_no_peak_of_nothing(seconds: tuple[int, ...], why: str) -> None:
    people = [happy_at(*seconds) for _ in range(3)] + [happy_at(), happy_at()]
    reaction = reaction_of(people, 6.0)
    assert reaction.peaks == {}, why
    assert reaction.has_curve
    assert reaction_sentence(reaction) == "No expression has a peak."


def test_fault_87_one_person_alone_is_no_peak_of_a_group() -> None:
    assert reaction_of([happy_at(3), *(happy_at() for _ in range(13))], 6.0).peaks == {}


def test_fault_87_equal_peaks_are_told_as_equal() -> None:
    both = {0: "Neutral", 1: "Happy", 2: "Neutral", 3: "Sad", 4: "Neutral"}
    calm = dict.fromkeys(range(5), "Neutral")
    reaction = reaction_of([both, both, calm, calm, calm], 5.0)
    assert reaction_sentence(reaction) == "Happy at 0:01 and Sad at 0:03 peak equally high, with 40\u202f%."
