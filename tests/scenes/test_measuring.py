"""What the figures of `evaluate_tracking` say of results that are right, wrong, or neither."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analysis.config import AnalysisConfig
from analysis.evaluate.scenes.render import Truth
from analysis.evaluate.scenes.script import FRAME_RATE
from analysis.evaluate.tracking import compare, summarize
from analysis.testing import Actor, Scene, walk
from analysis.types import VideoResult

pytest.importorskip("trackeval", reason="needs trackeval: pip install --no-deps trackeval==1.3.0")

LEFT, RIGHT = Actor(1, walk((300, 300), (20, 0))), Actor(2, walk((900, 300), (-20, 0)))
SCENE = Scene([LEFT, RIGHT], 6.0)


def truth_of(scene: Scene) -> Truth:
    """What is to be seen in a scene of boxes, frame by frame."""
    rows = [
        (frame, actor.name, place)
        for frame in range(int(scene.duration_s * FRAME_RATE))
        for actor in scene.actors
        if (place := actor.path(frame / FRAME_RATE)) is not None
    ]
    times_s = np.array([frame for frame, _, _ in rows]) / FRAME_RATE
    return Truth(
        frame=np.array([frame for frame, _, _ in rows]),
        person=np.array([person for _, person, _ in rows]),
        shot=np.searchsorted(np.array(scene.cuts_s), times_s, "right"),
        boxes=np.array([[x - s / 2, y - s / 2, x + s / 2, y + s / 2] for _, _, (x, y, s) in rows], np.float32),
        visible=np.ones(len(rows), np.float32),
        is_clear=np.ones(len(rows), np.bool_),
        shot_starts_s=scene.cuts_s,
        transitions_s=tuple(0.0 for _ in scene.cuts_s),
    )


def figures(truth: Truth, result: VideoResult) -> dict[str, Any]:
    return summarize([compare(0, truth, result)])


def test_a_result_that_is_right_gets_full_marks() -> None:
    scene = replace(SCENE, cuts_s=(3.0,))
    found = figures(truth_of(scene), scene.result())
    assert found["track_idf1"] == found["person_idf1"] == found["mota"] == 1.0
    assert found["switches_per_100_tracks"] == found["count_error"] == 0
    assert (found["n_tracks"], found["n_people"]) == (4, 2)


def test_ids_that_change_places_are_switches() -> None:
    result = SCENE.result()
    first, second = result.tracks
    halves = [np.arange(15), np.arange(15, 30)]
    changed = replace(
        result, tracks=(mixed(first, second, halves[0], halves[1]), mixed(second, first, halves[0], halves[1]))
    )
    found = figures(truth_of(SCENE), changed)
    assert found["track_idf1"] == pytest.approx(0.5)
    assert found["switches_per_100_tracks"] == 100
    assert found["mota"] == pytest.approx(1 - 2 / 60, abs=1e-4)


def mixed(one: Any, other: Any, early: Any, late: Any) -> Any:
    """The track of one face that goes on as the other's."""
    box = np.concatenate([one.samples.box[early], other.samples.box[late]])
    return replace(one, samples=replace(one.samples, box=box))


def test_one_person_taken_for_two_over_a_cut_costs_the_people_and_not_the_tracks() -> None:
    scene = Scene([LEFT], 6.0, cuts_s=(3.0,))
    result = scene.result()
    [person] = result.people
    before, after = result.tracks
    torn = replace(
        result,
        tracks=(before, replace(after, person_id=2)),
        people=(person, replace(person, person_id=2)),
    )
    found = figures(truth_of(scene), torn)
    assert found["track_idf1"] == 1.0
    assert found["person_idf1"] == pytest.approx(0.5)
    assert found["count_error"] == 1.0


def test_a_hidden_face_may_be_found_or_not() -> None:
    truth = truth_of(SCENE)
    hidden = replace(truth, is_clear=~((truth.person == 1) & (truth.frame >= 2 * FRAME_RATE) & (truth.frame < 60)))
    unseen = replace(SCENE, missed=frozenset((1, sample) for sample in range(10, 14)))
    for result in (SCENE.result(), unseen.result()):
        assert figures(hidden, result)["mota"] == 1.0
    assert figures(truth, unseen.result())["mota"] < 1.0


def test_back_after_a_long_absence_is_another_track_of_the_same_person() -> None:
    back = Actor(1, lambda time_s: (300, 300, 80) if time_s < 3 or time_s >= 7 else None)
    scene = Scene([back], 10.0)
    found = figures(truth_of(scene), scene.result())
    assert (found["n_tracks"], found["n_people"]) == (2, 1)
    assert found["track_idf1"] == found["person_idf1"] == 1.0


def test_who_is_hardly_to_be_seen_may_be_counted_or_not() -> None:
    truth = truth_of(SCENE)
    blurred = replace(truth, is_clear=truth.person == 2)
    alone = Scene([RIGHT], 6.0).result()
    assert figures(blurred, SCENE.result())["count_error"] == figures(blurred, alone)["count_error"] == 0
    assert figures(truth, alone)["count_error"] == 0.5


def test_scenes_are_weighed_by_what_they_hold() -> None:
    right = compare(0, truth_of(SCENE), SCENE.result())
    nobody = Scene([], 6.0, config=AnalysisConfig()).result()
    wrong = compare(1, truth_of(SCENE), nobody)
    found = summarize([right, wrong])
    assert found["recall"] == 0.5
    assert found["count_error"] == 0.5
