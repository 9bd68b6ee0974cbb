"""A face keeps its number from sample to sample, and only as long as it is sure to be the same."""

from __future__ import annotations

import numpy as np

from analysis.testing import Actor, Scene, embed, walk
from analysis.track.lifecycle import Lifecycle
from analysis.track.tracker import Tracker
from analysis.types import Floats, Images


def numbers_by_actor(scene: Scene) -> dict[int, list[int]]:
    """The tracklets that each actor was given, without repetitions, in order."""
    tracker = Tracker(Lifecycle(scene.config.sample_rate), embed)
    cuts = {int(np.ceil(cut * scene.config.sample_rate)) for cut in scene.cuts_s}
    given: dict[int, list[int]] = {}
    for sample in range(int(scene.duration_s * scene.config.sample_rate)):
        assigned = tracker.step(
            sample, scene.detections_at(sample), scene.sketches_at(sample), scene.faces_at(sample), sample in cuts
        )
        for (actor, _), number in zip(scene.seen_at(sample), assigned.tolist(), strict=True):
            if not given.get(actor.name) or given[actor.name][-1] != number:
                given.setdefault(actor.name, []).append(number)
    return given


def test_a_face_that_sits_still_is_one_tracklet() -> None:
    assert numbers_by_actor(Scene([Actor(1, walk((300, 300), (0, 0)))], 4)) == {1: [0]}


def test_a_face_that_crosses_the_picture_is_one_tracklet() -> None:
    assert numbers_by_actor(Scene([Actor(1, walk((100, 300), (250, 20)))], 4)) == {1: [0]}


def test_two_faces_that_pass_each_other_keep_their_numbers() -> None:
    left, right = Actor(1, walk((200, 300), (160, 0), 80)), Actor(2, walk((900, 330), (-160, 0), 90))
    assert {len(numbers) for numbers in numbers_by_actor(Scene([left, right], 4)).values()} == {1}


def test_a_face_overlooked_for_most_of_a_second_keeps_its_number() -> None:
    missed = frozenset((1, sample) for sample in (7, 8, 9, 10))
    assert numbers_by_actor(Scene([Actor(1, walk((300, 300), (60, 0)))], 4, missed=missed)) == {1: [0]}


def test_a_face_unseen_for_two_seconds_gets_a_new_number() -> None:
    missed = frozenset((1, sample) for sample in range(7, 17))
    assert numbers_by_actor(Scene([Actor(1, walk((300, 300), (0, 0)))], 5, missed=missed)) == {1: [0, 1]}


def test_a_cut_ends_every_tracklet_even_when_a_face_stays_in_its_place() -> None:
    assert numbers_by_actor(Scene([Actor(1, walk((300, 300), (0, 0)))], 4, cuts_s=(2.0,))) == {1: [0, 1]}


def test_a_face_somewhere_else_is_somebody_else() -> None:
    first = Actor(1, walk((200, 300), (0, 0), during=(0, 2)))
    second = Actor(2, walk((900, 300), (0, 0), during=(2, 4)))
    assert numbers_by_actor(Scene([first, second], 4)) == {1: [0], 2: [1]}


def test_a_weak_detection_begins_nothing_but_prolongs_what_is_there() -> None:
    weak = Actor(1, walk((300, 300), (0, 0)), score=0.75)
    assert numbers_by_actor(Scene([weak], 1)) == {1: [-1]}
    scene = Scene([Actor(1, walk((300, 300), (0, 0)))], 1)
    tracker = Tracker(Lifecycle(5.0), embed)
    assert tracker.step(0, scene.detections_at(0), scene.sketches_at(0), scene.faces_at(0), False).tolist() == [0]
    assert tracker.step(
        1, Scene([weak], 1).detections_at(1), scene.sketches_at(1), scene.faces_at(1), False
    ).tolist() == [0]


def test_numbers_belong_to_the_instance() -> None:
    scene = Scene([Actor(1, walk((300, 300), (0, 0)))], 1)
    assert Tracker(Lifecycle(5.0), embed).step(
        0, scene.detections_at(0), scene.sketches_at(0), scene.faces_at(0), False
    ).tolist() == [0]
    assert Tracker(Lifecycle(5.0), embed).step(
        0, scene.detections_at(0), scene.sketches_at(0), scene.faces_at(0), False
    ).tolist() == [0]


def test_a_face_that_jumps_past_others_is_known_by_its_embedding() -> None:
    others = [Actor(n, walk((250 + 200 * n, 300), (0, 0), 90)) for n in range(4)]
    crossing = Actor(9, walk((200, 320), (900, 0), 95))
    numbers = numbers_by_actor(Scene([*others, crossing], 1.2))
    assert {name: len(given) for name, given in numbers.items()} == dict.fromkeys([0, 1, 2, 3, 9], 1)


def n_embedded(scene: Scene, n_samples: int) -> int:
    """How many crops a tracker reads."""
    n_embedded = 0

    def counted(faces: Images) -> Floats:
        nonlocal n_embedded
        n_embedded += len(faces)
        return embed(faces)

    tracker = Tracker(Lifecycle(5.0), counted)
    for sample in range(n_samples):
        tracker.step(sample, scene.detections_at(sample), scene.sketches_at(sample), scene.faces_at(sample), False)
    return n_embedded


def test_a_face_alone_is_never_embedded() -> None:
    assert n_embedded(Scene([Actor(1, walk((300, 300), (20, 0)))], 4), 20) == 0


def test_faces_that_pass_each_other_are() -> None:
    left, right = Actor(1, walk((200, 300), (160, 0), 80)), Actor(2, walk((900, 330), (-160, 0), 90))
    assert 0 < n_embedded(Scene([left, right], 4), 20) < 20
