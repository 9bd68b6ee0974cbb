"""Pieces become tracks, and tracks become people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.testing import Actor, Scene, walk
from analysis.track.embedding_distance import MEAN_FACE
from analysis.track.lifecycle import Lifecycle
from analysis.track.people import find_people
from analysis.types import EMBEDDING_LENGTH, Tracklet


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


def test_a_face_that_is_gone_for_three_seconds_keeps_its_track_and_one_that_is_gone_for_longer_does_not() -> None:
    def missed(n: int) -> Scene:
        return Scene([Actor(1, walk((300, 300), (0, 0)))], 8, missed=frozenset((1, 10 + i) for i in range(n)))

    assert spans(missed(15)) == [(1, 0.0, 8.0)]
    assert spans(missed(16)) == [(1, 0.0, 2.0), (1, 5.2, 8.0)]


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


def test_twins_in_one_picture_are_two_people() -> None:
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


def test_ids_never_jump_between_two_who_are_both_visible_under_false_cuts() -> None:
    """A strobe may be taken for cuts; the two people stay two, each with tracks of their own."""
    left, right = Actor(1, walk((300, 300), (10, 0))), Actor(2, walk((520, 310), (-10, 0)))
    result = Scene([left, right], 6, cuts_s=(1.0, 2.0, 2.4, 3.0, 4.0)).result()
    assert len(result.people) == 2
    for person in result.people:
        names = {int(track.crops.images[0, 0, 0, 0]) for track in result.tracks if track.person_id == person.person_id}
        assert len(names) == 1


def test_a_face_hidden_for_a_second_while_it_walks_keeps_its_track() -> None:
    missed = frozenset((1, sample) for sample in range(12, 16))
    assert spans(Scene([Actor(1, walk((200, 300), (110, 0)))], 8, missed=missed)) == [(1, 0.0, 8.0)]


def test_a_face_hidden_for_three_seconds_keeps_its_track_by_its_embedding() -> None:
    missed = frozenset((1, sample) for sample in range(10, 24))
    assert spans(Scene([Actor(1, walk((300, 300), (15, 5)))], 10, missed=missed)) == [(1, 0.0, 10.0)]


def test_a_face_hidden_for_longer_is_another_track_of_the_same_person() -> None:
    missed = frozenset((1, sample) for sample in range(10, 30))
    assert spans(Scene([Actor(1, walk((300, 300), (5, 0)))], 10, missed=missed)) == [(1, 0.0, 2.0), (1, 6.0, 10.0)]


def test_who_is_hidden_by_the_one_who_crosses_keeps_the_track() -> None:
    """The farther one is not seen for 0.8 s around the moment when both are in one place."""
    near, far = Actor(1, walk((200, 310), (150, 0), 110)), Actor(2, walk((800, 300), (-150, 0), 80))
    missed = frozenset((2, sample) for sample in range(9, 12))
    result = Scene([near, far], 4, missed=missed).result()
    assert [(track.start_s, track.end_s) for track in result.tracks] == [(0.0, 4.0), (0.0, 4.0)]
    for track in result.tracks:
        assert len({int(image[0, 0, 0]) for image in track.crops.images}) == 1


def test_hidden_over_the_border_of_chunks_is_one_track() -> None:
    missed = frozenset((1, sample) for sample in range(16, 25))
    scene = Scene([Actor(1, walk((300, 300), (10, 0)))], 8, missed=missed, chunk_s=4)
    assert spans(scene) == [(1, 0.0, 8.0)]


def test_certainty_is_lower_for_tracks_that_look_less_alike() -> None:
    sure, doubtful = (find_people([looking(0.0), looking(distance, first=50)]) for distance in (0.5, 0.97))
    assert len(sure) == len(doubtful) == 1
    assert sure[0].certainty > 0.99
    assert 0.5 < doubtful[0].certainty < 0.9
    assert len(find_people([looking(0.0), looking(1.1, first=50)])) == 2


def test_among_many_strangers_a_likeness_proves_less() -> None:
    alike = [looking(0.0), looking(0.93, first=50)]
    strangers = [looking(np.sqrt(2), first=50 * (2 + n), axis=2 + n) for n in range(40)]
    assert len(find_people(alike)) == 1
    assert len(find_people([*alike, *strangers])) == 42
    near = [looking(0.0), looking(0.8, first=50)]
    assert len(find_people([*near, *strangers])) == 41


def test_who_a_dissolve_shows_twice_for_a_moment_is_one_person() -> None:
    n = len(looking(0.0).samples)
    assert len(find_people([looking(0.0), looking(0.5, first=n - 3)])) == 1
    assert len(find_people([looking(0.0), looking(0.5, first=n - 6)])) == 2


def looking(distance: float, first: int = 0, axis: int = 1) -> Tracklet:
    """A track whose embedding, seen from the mean face, is at this distance from a fixed one, towards an axis."""
    angle = 2 * np.arcsin(distance / 2)
    towards, aside = np.eye(EMBEDDING_LENGTH, dtype=np.float32)[[0, axis]]
    seen = np.cos(angle) * towards + np.sin(angle) * aside
    # the unit vector that lies in this direction from the mean face
    along = float(seen @ MEAN_FACE)
    reach = -along + np.sqrt(along**2 + 1 - float(MEAN_FACE @ MEAN_FACE))
    [observed] = Scene([Actor(1, walk((300, 300), (0, 0)))], 2).observe()
    track = observed.tracklets[0]
    embeddings = np.tile(MEAN_FACE + reach * seen, (len(track.crops), 1)).astype(np.float32)
    return replace(
        track,
        crops=replace(track.crops, embeddings=embeddings),
        samples=replace(track.samples, sample=track.samples.sample + first),
    )


def test_what_can_never_count_may_be_left_out_unread() -> None:
    rules = Lifecycle(5.0)
    unsure = Actor(2, walk((800, 300), (0, 0), during=(5.0, 8.0)), score=0.9)
    scene = Scene([Actor(1, walk((300, 300), (0, 0))), unsure], 12)
    assert [rules.may_count(piece.samples.scores, 20) for piece in scene.observe()[0].tracklets] == [True, False]
    assert [person for person, _, _ in spans(scene)] == [1]


@pytest.mark.parametrize(("scores", "n_to_border"), [([0.9] * 2, 20), ([0.99] * 3, 20), ([0.9] * 9, 4)])
def test_what_is_brief_sure_or_near_a_border_is_read(scores: list[float], n_to_border: int) -> None:
    assert Lifecycle(5.0).may_count(np.array(scores, np.float32), n_to_border)
