"""A track is one person: where somebody else is at the same place, the track ends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis import AnalysisConfig, analyze
from analysis.testing import Actor, Scene, embed, walk
from analysis.track.identity import faces_of
from analysis.track.lifecycle import Lifecycle
from analysis.track.tracker import Tracker
from analysis.types import Floats, Images, Tracklet, VideoResult

PLACE = (400.0, 300.0)


def replaced(gap_s: float, **scene: float) -> Scene:
    """One person for 3 s, then nobody, then another one at the same place."""
    first = Actor(1, walk(PLACE, (0, 0), during=(0, 3)))
    second = Actor(2, walk(PLACE, (0, 0), during=(3 + gap_s, 9)))
    return Scene([first, second], 6 + gap_s, **scene)  # type: ignore[arg-type]


def spans(result: VideoResult) -> list[tuple[float, float, int]]:
    return [(track.start_s, round(track.end_s, 3), track.person_id) for track in result.tracks]


@pytest.mark.parametrize("gap_s", [0.0, 0.2, 0.4, 0.6, 0.8])
def test_fault_76_somebody_else_at_the_same_place_is_another_track_and_person(gap_s: float) -> None:
    assert spans(replaced(gap_s).result()) == [(0.0, 3.0, 1), (3 + gap_s, 6 + gap_s, 2)]


@pytest.mark.parametrize("gap_s", [0.0, 0.4])
def test_fault_76_also_where_a_chunk_ends_between_the_two(gap_s: float) -> None:
    assert spans(replaced(gap_s, chunk_s=3.0).result()) == [(0.0, 3.0, 1), (3 + gap_s, 6 + gap_s, 2)]


def test_who_is_back_at_the_same_place_after_a_moment_is_the_same_track() -> None:
    missed = frozenset((1, sample) for sample in (12, 13, 14))
    assert spans(Scene([Actor(1, walk(PLACE, (0, 0)))], 6, missed=missed).result()) == [(0.0, 6.0, 1)]


def test_who_takes_turns_at_one_place_is_two_people() -> None:
    turns = [Actor(1 + i % 2, walk(PLACE, (0, 0), during=(2 * i, 2 * i + 2))) for i in range(3)]
    result = Scene(turns, 6).result()
    assert len(result.people) == 2
    assert {track.person_id for track in result.tracks if 2 <= track.start_s < 4} == {2}


def n_embedded(scene: Scene) -> int:
    """How many crops the tracker has the embedding read."""
    read = 0

    def counted(faces: Images) -> Floats:
        nonlocal read
        read += len(faces)
        return embed(faces)

    tracker = Tracker(Lifecycle(5.0), counted)
    for sample in range(int(scene.duration_s * 5)):
        tracker.step(
            sample, scene.detections_at(sample), scene.sketches_at(sample), scene.faces_at(sample), starts_shot=False
        )
    return read


def test_the_embedding_is_asked_only_where_the_picture_changes() -> None:
    assert n_embedded(Scene([Actor(1, walk(PLACE, (0, 0)))], 6)) == 0
    assert 0 < n_embedded(replaced(0.0)) <= 4
    assert 0 < n_embedded(replaced(0.4)) <= 4


# --- what is decided when all is known ---


def piece(name: int, samples: range, quality: float = 0.8) -> Tracklet:
    """What was seen of somebody at these samples."""
    time_s = (samples.start / 5, samples.stop / 5)
    scene = Scene([Actor(name, walk(PLACE, (0, 0), during=time_s), quality=quality)], time_s[1])
    [track] = scene.observe()[0].tracklets
    return track


def whom(track: Tracklet) -> tuple[int, int, int]:
    """First and last sample, and how many."""
    samples = track.samples.sample
    assert (np.diff(samples) > 0).all()
    return int(samples[0]), int(samples[-1]), len(samples)


def test_pieces_of_one_face_become_one() -> None:
    parts = [piece(1, range(0, 8)), piece(1, range(8, 9)), piece(1, range(9, 20))]
    assert [whom(face) for face in faces_of(parts, Lifecycle(5.0))] == [(0, 19, 20)]


def test_a_moment_that_looks_like_nobody_belongs_to_the_face_around_it() -> None:
    parts = [piece(1, range(0, 8)), piece(7, range(8, 9), quality=0.1), piece(1, range(9, 20))]
    assert [whom(face) for face in faces_of(parts, Lifecycle(5.0))] == [(0, 19, 20)]


def test_fault_76_pieces_of_two_people_stay_two() -> None:
    parts = [piece(1, range(0, 8)), piece(2, range(8, 10)), piece(2, range(10, 20))]
    assert [whom(face) for face in faces_of(parts, Lifecycle(5.0))] == [(0, 7, 8), (8, 19, 12)]


def test_of_faces_too_brief_to_be_sure_of_those_alike_are_one() -> None:
    parts = [replace(piece(1, range(i, i + 1))) for i in range(4)]
    assert [whom(face) for face in faces_of(parts, Lifecycle(5.0))] == [(0, 3, 4)]


# --- real pictures ---


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gap_same_place.mp4", [(0.0, 3.0, 1), (3.4, 6.4, 2)]),
        ("gap_other_place.mp4", [(0.0, 3.0, 1), (3.4, 6.4, 2)]),
        ("inset_speaker.mp4", [(0.0, 2.0, 1), (2.0, 5.0, 2)]),
    ],
)
def test_fault_76_videos_in_which_somebody_is_replaced(
    data_dir: Path, name: str, expected: list[tuple[float, float, int]]
) -> None:
    result = analyze(data_dir / "small" / name, AnalysisConfig(attributes=()), "cpu")
    assert spans(result) == [
        (pytest.approx(start, abs=0.01), pytest.approx(end, abs=0.01), person) for start, end, person in expected
    ]
