"""Pieces become tracks, and tracks become people."""

from __future__ import annotations

from analysis.testing import Actor, Scene, walk


def spans(scene: Scene) -> list[tuple[int, float, float]]:
    return [(track.person_id, track.start_s, track.end_s) for track in scene.result().tracks]


def test_a_track_runs_over_the_border_of_chunks() -> None:
    scene = Scene([Actor(1, walk((200, 300), (40, 0)))], 12, chunk_s=4)
    assert len(scene.observe()) == 3
    assert spans(scene) == [(1, 0.0, 12.0)]


def test_chunks_change_nothing() -> None:
    actors = [Actor(1, walk((200, 300), (40, 0))), Actor(2, walk((900, 350), (-30, 0), during=(1, 9)))]
    assert spans(Scene(actors, 12, chunk_s=4)) == spans(Scene(actors, 12))


def test_a_hand_before_the_face_for_two_seconds_does_not_end_the_track() -> None:
    missed = frozenset((1, sample) for sample in range(10, 21))
    assert spans(Scene([Actor(1, walk((300, 300), (5, 0)))], 8, missed=missed)) == [(1, 0.0, 8.0)]


def test_another_face_in_the_same_place_after_two_seconds_is_another_track_and_person() -> None:
    first, second = Actor(1, walk((300, 300), (0, 0), during=(0, 2))), Actor(2, walk((300, 300), (0, 0), during=(4, 8)))
    assert spans(Scene([first, second], 8)) == [(1, 0.0, 2.0), (2, 4.0, 8.0)]


def test_a_cut_ends_the_track_and_the_person_stays() -> None:
    result = Scene([Actor(1, walk((300, 300), (0, 0)))], 6, cuts_s=(3.0,)).result()
    assert [(track.start_s, track.end_s) for track in result.tracks] == [(0.0, 3.0), (3.0, 6.0)]
    assert [person.track_ids for person in result.people] == [(1, 2)]
    assert [(shot.start_s, shot.end_s) for shot in result.shots] == [(0.0, 3.0), (3.0, 6.0)]


def test_a_track_ends_with_its_shot_when_the_cut_lies_between_samples() -> None:
    result = Scene([Actor(1, walk((300, 300), (0, 0)))], 6, cuts_s=(2.9,)).result()
    assert [(track.start_s, track.end_s) for track in result.tracks] == [(0.0, 2.9), (3.0, 6.0)]


def test_who_comes_back_is_the_same_person() -> None:
    a = Actor(1, lambda t: (300, 300, 80) if t < 3 or t >= 8 else None)
    b = Actor(2, walk((700, 300), (0, 0)))
    result = Scene([a, b], 12).result()
    assert [person.track_ids for person in result.people] == [(1, 3), (2,)]
    assert all(person.certainty > 0.8 for person in result.people)


def test_fault_32_twins_in_one_picture_are_two_people() -> None:
    left, right = Actor(1, walk((300, 300), (0, 0))), Actor(1, walk((800, 300), (0, 0)))
    assert len(Scene([left, right], 4).result().people) == 2


def test_a_single_false_detection_is_no_track() -> None:
    flicker = Actor(2, walk((900, 200), (0, 0), during=(1.0, 1.3)))
    assert spans(Scene([Actor(1, walk((300, 300), (0, 0))), flicker], 4)) == [(1, 0.0, 4.0)]


def test_a_video_of_one_frame_has_its_face() -> None:
    assert spans(Scene([Actor(1, walk((300, 300), (0, 0)))], 0.04)) == [(1, 0.0, 0.04)]


def test_twelve_people_over_many_cuts_are_twelve() -> None:
    actors = [
        Actor(n, lambda t, n=n: (150 + 300 * (n % 4), 150 + 200 * (n // 4), 70) if (int(t) + n) % 3 else None)  # type: ignore[misc]
        for n in range(12)
    ]
    result = Scene(actors, 12, cuts_s=tuple(float(second) for second in range(1, 12))).result()
    assert len(result.people) == 12


def test_fault_33_ids_never_jump_between_two_who_are_both_visible_under_false_cuts() -> None:
    """A strobe may be taken for cuts; the two people stay two, each with tracks of their own."""
    left, right = Actor(1, walk((300, 300), (10, 0))), Actor(2, walk((520, 310), (-10, 0)))
    result = Scene([left, right], 6, cuts_s=(1.0, 2.0, 2.4, 3.0, 4.0)).result()
    assert len(result.people) == 2
    for person in result.people:
        names = {int(track.crops.images[0, 0, 0, 0]) for track in result.tracks if track.person_id == person.person_id}
        assert len(names) == 1
