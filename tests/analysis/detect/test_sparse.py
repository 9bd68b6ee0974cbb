"""Between whole searches a closer look is enough: who enters is found in time, and nothing crosses a cut."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Photo

from analysis import geometry
from analysis.config import AnalysisConfig
from analysis.detect import open_detector
from analysis.detect.sparse import UNSEARCHED_S, SparseSearch, around, expected_boxes
from analysis.runtime import Device
from analysis.track.lifecycle import Lifecycle
from analysis.types import Detections, Floats, Image, SampledFrame

RATE = 5.0


class Scribe:
    """A detector that finds one face, at its frame's number, and notes what it was asked."""

    weights: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.searched: list[int] = []
        self.looked: dict[int, Floats] = {}

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        self.searched += [int(image[0, 0, 0]) for image in images]
        return [_face_at(int(image[0, 0, 0])) for image in images]

    def refine(self, images: Sequence[Image], boxes: Sequence[Floats]) -> list[Detections]:
        self.looked |= {int(image[0, 0, 0]): some for image, some in zip(images, boxes, strict=True)}
        return [_face_at(int(image[0, 0, 0])) for image in images]


def _face_at(x: int) -> Detections:
    return Detections(np.array([[x, 0, x + 40, 50]], np.float32), np.zeros((1, 5, 2), np.float32), np.ones(1, "f4"))


def _frame(number: int, *, sample: int | None = None, starts_shot: bool = False, length: int = 1) -> SampledFrame:
    first = number if sample is None else sample
    return SampledFrame(first, first + length, np.full((8, 8, 3), number, np.uint8), starts_shot)


def _run(frames: Sequence[SampledFrame], rate: float = RATE) -> Scribe:
    scribe = Scribe()
    search = SparseSearch(rate, lambda height_px, width_px: scribe)
    done = [one for frame in frames for one in search.take(frame)] + search.finish()
    assert [frame.first_sample for frame, _ in done] == [frame.first_sample for frame in frames]
    assert [int(found.boxes[0, 0]) for _, found in done] == [int(frame.image[0, 0, 0]) for frame in frames]
    return scribe


def _spared(searched: Sequence[int], n: int) -> list[int]:
    """How many frames lie before, between and after those of n that are searched."""
    return (np.diff([-1, *searched, n]) - 1).tolist()


@pytest.mark.parametrize("rate", [1.0, 2.0, 5.0, 10.0, 25.0])
def test_who_stays_long_enough_to_make_a_track_is_in_a_frame_that_is_searched(rate: float) -> None:
    for n in (40, 41, 42, 43):
        before, *between, after = _spared(_run([_frame(i) for i in range(n)], rate).searched, n)
        for spared in (*between, after + before):  # the next chunk begins as this one does
            assert spared < Lifecycle(rate).confirm
            assert (spared - 1) / rate < UNSEARCHED_S


@pytest.mark.parametrize("rate", [1.0, 5.0, 10.0])
def test_shots_that_are_too_short_for_a_track_are_searched_once(rate: float) -> None:
    for n in range(1, Lifecycle(rate).confirm + 1):
        frames = [_frame(i, starts_shot=i > 0 and i % n == 0) for i in range(3 * n)]
        searched = set(_run(frames, rate).searched)
        assert all(searched & set(range(start, start + n)) for start in range(0, 3 * n, n))


def test_at_five_samples_a_second_two_frames_of_three_are_spared() -> None:
    scribe = _run([_frame(i) for i in range(41)])
    assert scribe.searched == [*range(0, 41, 3)]
    assert set(scribe.looked) | set(scribe.searched) == set(range(41))


def test_nothing_is_expected_from_across_a_cut() -> None:
    for cut in range(1, 12):
        scribe = _run([_frame(i, starts_shot=i == cut) for i in range(14)])
        assert {0, cut} <= set(scribe.searched)
        assert set(scribe.looked) | set(scribe.searched) == set(range(14))
        for number, boxes in scribe.looked.items():
            assert len(boxes)
            assert ((boxes[:, 0] >= cut) == (number >= cut)).all()


def test_in_the_last_frame_of_a_shot_a_face_is_expected_where_it_was_just_found() -> None:
    frames = [_frame(i, starts_shot=i == 8) for i in range(13)]
    scribe = _run(frames)
    assert scribe.searched == [0, 3, 6, 8, 11]
    np.testing.assert_array_equal(scribe.looked[7][:, 0], [6])
    np.testing.assert_array_equal(scribe.looked[12][:, 0], [11])


def test_frames_that_stay_for_long_are_each_searched() -> None:
    frames = [_frame(i, sample=3 * i, length=3) for i in range(9)]
    assert sorted(_run(frames).searched) == list(range(9))


def test_a_face_is_expected_on_its_way_from_one_search_to_the_next() -> None:
    looked = _run([_frame(i) for i in range(13)]).looked
    assert len(looked) == 8
    for number, boxes in looked.items():
        np.testing.assert_allclose(boxes, [[number, 0, number + 40, 50]], atol=1e-4)


class ShortSighted(Scribe):
    """Finds nobody when it only looks near, or only when it looks all around."""

    def __init__(self, score: float = 1.0, *, sees_around: bool = False) -> None:
        super().__init__()
        self._score = score
        self._sees_around = sees_around

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        return [self._weighed(found) for found in super().detect(images)]

    def refine(self, images: Sequence[Image], boxes: Sequence[Floats]) -> list[Detections]:
        found = super().refine(images, boxes)
        is_seen = [self._sees_around and len(some) > 1 for some in boxes]
        return [self._weighed(one) if is_it else Detections.none() for one, is_it in zip(found, is_seen, strict=True)]

    def _weighed(self, found: Detections) -> Detections:
        return Detections(found.boxes, found.landmarks, np.full(len(found), self._score, np.float32))


def _run_short_sighted(detector: ShortSighted, *, step_px: int = 1) -> list[Detections]:
    search = SparseSearch(RATE, lambda height_px, width_px: detector)
    frames = [_frame(i * step_px, sample=i) for i in range(7)]
    return [found for frame in frames for _, found in search.take(frame)] + [found for _, found in search.finish()]


def test_a_sure_face_that_is_not_found_again_is_looked_for_all_around() -> None:
    detector = ShortSighted(sees_around=True)
    found = _run_short_sighted(detector)
    assert all(len(one) == 1 for one in found)
    assert all(len(boxes) == 9 for boxes in detector.looked.values())
    assert detector.looked.keys().isdisjoint(detector.searched)


def test_a_doubtful_one_is_not() -> None:
    detector = ShortSighted(score=0.6, sees_around=True)
    _run_short_sighted(detector)
    assert all(len(boxes) == 1 for boxes in detector.looked.values())


@pytest.mark.parametrize(("step_px", "may_have_run"), [(1, False), (36, True)])
def test_a_face_that_may_have_run_is_searched_for_in_the_whole_frame(step_px: int, may_have_run: bool) -> None:
    detector = ShortSighted()
    found = _run_short_sighted(detector, step_px=step_px)
    assert detector.looked
    assert set(detector.looked).issubset(detector.searched) == may_have_run
    assert all(len(one) == 1 for one in found) == may_have_run


def test_all_around_is_half_a_face_to_every_side() -> None:
    box = np.array([[100, 100, 140, 160]], np.float32)
    sides = {(int(x), int(y)) for x, y, _, _ in around(box)}
    assert sides == {(x, y) for x in (80, 100, 120) for y in (70, 100, 130)} - {(100, 100)}
    np.testing.assert_array_equal(around(box)[:, 2:] - around(box)[:, :2], [[40, 60]] * 8)


def test_who_is_seen_at_one_end_only_is_looked_for_there() -> None:
    stays = np.array([[100, 100, 140, 150]], np.float32)
    enters = np.array([[400, 100, 440, 150]], np.float32)
    expected = expected_boxes(stays, np.concatenate([enters, stays + 8]), 0.5)
    assert sorted(expected[:, 0].tolist()) == [104, 400]
    assert expected_boxes(stays[:0], enters, 0.5).tolist() == enters.tolist()
    assert expected_boxes(stays[:0], enters[:0], 0.5).shape == (0, 4)


@pytest.fixture(scope="module")
def photo(data_dir: Path) -> Image:
    return np.asarray(Photo.open(data_dir / "photos" / "cf_012_4.jpg").convert("RGB"))


@pytest.mark.parametrize("moved", [0.0, 0.1, 0.2])
def test_refining_finds_the_faces_of_the_whole_search_where_they_moved_to(photo: Image, moved: float) -> None:
    mtcnn = open_detector(AnalysisConfig(), *photo.shape[:2], Device())
    found = mtcnn.detect([photo])[0]
    sides = found.boxes[:, 2:] - found.boxes[:, :2]
    for direction in ((1, 0), (0, 1), (-1, -1)):
        shift = np.tile(sides * moved * np.array(direction, np.float32), (1, 2))
        refined = mtcnn.refine([photo], [found.boxes + shift])[0]
        assert len(refined) == len(found) == 4
        nearest = geometry.iou(found.boxes, refined.boxes)
        assert (nearest.max(axis=1) > 0.8).all()
        off = np.linalg.norm(refined.landmarks[nearest.argmax(axis=1)] - found.landmarks, axis=2).mean(axis=1)
        assert (off < 0.05 * sides[:, 1]).all()


def test_refining_where_nobody_is_finds_nobody(photo: Image) -> None:
    mtcnn = open_detector(AnalysisConfig(), *photo.shape[:2], Device())
    nowhere = np.array([[0, 0, 50, 60], [-40, -40, 10, 10]], np.float32)
    assert [len(found) for found in mtcnn.refine([photo, photo], [nowhere, nowhere[:0]])] == [0, 0]


def test_haar_may_search_the_whole(photo: Image) -> None:
    haar = open_detector(AnalysisConfig(detector="haar"), *photo.shape[:2], Device())
    found, refined = haar.detect([photo])[0], haar.refine([photo], [np.zeros((0, 4), np.float32)])[0]
    np.testing.assert_array_equal(found.boxes, refined.boxes)
