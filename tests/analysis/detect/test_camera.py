"""A swing of the camera is told from things that move before it, and faces are looked for where it puts them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from analysis.detect.camera import Camera, shift
from analysis.detect.sparse import moved
from analysis.types import Image, SampledFrame

GROUND = cv2.resize(np.random.default_rng(3).integers(30, 220, (24, 60, 3)).astype(np.uint8), (2400, 960))


def frame(sample: int, left: int, top: int = 100, starts_shot: bool = False, ground: Image = GROUND) -> SampledFrame:
    """A part of the ground, 1280 by 720, from this corner."""
    return SampledFrame(sample, sample + 1, ground[top : top + 720, left : left + 1280].copy(), starts_shot)


def ways(frames: list[SampledFrame]) -> list[tuple[float, float]]:
    camera = Camera()
    return [camera.follow(one).camera_px for one in frames]


def test_fault_76_a_swing_is_measured_in_both_directions() -> None:
    found = ways([frame(0, 300), frame(1, 460), frame(2, 640, 160), frame(3, 500, 160)])
    assert np.array(found) == pytest.approx(np.array([(0, 0), (160, 0), (340, 60), (200, 60)]), abs=4)


def test_fault_76_a_swing_over_a_blurred_ground_is_measured_from_its_first_frame_on() -> None:
    """Most of a calm picture changes little while it moves; known, the swing must leave next to nothing of that."""
    calm = cv2.GaussianBlur(GROUND, (0, 0), 60)
    found = ways([frame(0, 300, ground=calm), frame(1, 500, ground=calm), frame(2, 690, ground=calm)])
    assert np.array(found) == pytest.approx(np.array([(0, 0), (200, 0), (390, 0)]), abs=8)


def test_pictures_that_are_compared_stay_as_they_are() -> None:
    before, after = GROUND[:90, :160, 1].copy(), GROUND[:90, 20:180, 1].copy()
    kept = before.tobytes(), after.tobytes()
    shift(before, after)
    assert (before.tobytes(), after.tobytes()) == kept


def test_a_camera_that_stands_still_does_not_swing() -> None:
    noisy = [frame(i, 300) for i in range(4)]
    rng = np.random.default_rng(0)
    for one in noisy:
        one.image[:] = np.clip(one.image + rng.normal(0, 4, one.image.shape), 0, 255)
    assert ways(noisy) == [(0.0, 0.0)] * 4


def test_something_that_moves_before_it_is_no_swing() -> None:
    frames = [frame(i, 300) for i in range(4)]
    for i, one in enumerate(frames):
        one.image[200:500, 100 + 150 * i : 400 + 150 * i] = 128
    assert ways(frames) == [(0.0, 0.0)] * 4


def test_a_shot_begins_anew_and_another_picture_is_no_swing() -> None:
    other = GROUND[:, ::-1].copy()
    assert ways([frame(0, 300), frame(1, 400), frame(2, 500, starts_shot=True)])[-1] == (0.0, 0.0)
    assert ways([frame(0, 300), frame(1, 300, ground=other)])[-1] == (0.0, 0.0)


def test_a_face_is_expected_where_the_swing_puts_it() -> None:
    seen, to = (SampledFrame(i, i + 1, GROUND, False, at) for i, at in enumerate([(0.0, 0.0), (160.0, -20.0)]))
    box = np.array([[500, 300, 560, 370]], np.float32)
    assert moved(box, seen, to).tolist() == [[340, 320, 400, 390]]
