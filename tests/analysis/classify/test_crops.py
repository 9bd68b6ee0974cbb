"""Aligned crops: the landmarks come to lie where the template says, and shrinking skips no pixels."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.classify.crops import align, align_all
from analysis.types import Floats, Image
from models import registry

SIDE_PX = 112
TEMPLATE = np.array(registry.template("face").landmarks, np.float32)


def _placed(scale_px: float, angle_deg: float, x: float, y: float) -> Floats:
    """The template's landmarks in a frame, at this size and tilt."""
    angle = np.radians(angle_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return ((TEMPLATE - 0.5) * scale_px @ turn.T + [x, y]).astype(np.float32)


def _dotted(landmarks: Floats, radius_px: float) -> Image:
    image = np.zeros((720, 1280, 3), np.uint8)
    for x, y in landmarks:
        cv2.circle(image, (round(float(x)), round(float(y))), max(1, round(radius_px)), (255, 255, 255), -1)
    return image


@settings(max_examples=25, deadline=None)
@given(st.floats(60, 600), st.floats(-40, 40))
def test_landmarks_come_to_lie_on_the_template(scale_px: float, angle_deg: float) -> None:
    landmarks = _placed(scale_px, angle_deg, 640, 360)
    crop = align(_dotted(landmarks, scale_px / 40), landmarks, "face", SIDE_PX)
    for x, y in TEMPLATE * SIDE_PX:
        near = crop[max(0, int(y) - 8) : int(y) + 9, max(0, int(x) - 8) : int(x) + 9, 0].astype(float)
        rows, columns = np.mgrid[: near.shape[0], : near.shape[1]]
        assert near.sum() > 0
        center_x = (columns * near).sum() / near.sum() + max(0, int(x) - 8)
        center_y = (rows * near).sum() / near.sum() + max(0, int(y) - 8)
        assert abs(center_x - x) < 1.5 + SIDE_PX / scale_px
        assert abs(center_y - y) < 1.5 + SIDE_PX / scale_px


def test_shrinking_takes_the_mean_and_does_not_flicker() -> None:
    checks = np.indices((720, 1280)).sum(axis=0) % 2 * 255
    image = np.repeat(checks[..., None], 3, axis=2).astype(np.uint8)
    crop = align(image, _placed(900, 3, 640, 360), "face", SIDE_PX)
    inside = crop[30:80, 30:80].astype(float)
    assert abs(inside.mean() - 127.5) < 3
    assert inside.std() < 20


def test_beyond_the_border_is_black() -> None:
    image = np.full((720, 1280, 3), 200, np.uint8)
    crop = align(image, _placed(200, 0, 0, 360), "face", SIDE_PX)
    assert crop[:, :30].max() == 0
    assert crop[40:80, 80:].min() == 200


@pytest.mark.parametrize("place", [(-5000.0, 100.0), (640.0, 9000.0)])
def test_a_face_outside_the_frame_is_a_black_crop(place: tuple[float, float]) -> None:
    image = np.full((720, 1280, 3), 200, np.uint8)
    for scale_px in (50, 1000):
        assert align(image, _placed(scale_px, 0, *place), "face", SIDE_PX).max() == 0


def test_no_faces_no_crops() -> None:
    image = np.zeros((100, 100, 3), np.uint8)
    assert align_all(image, np.zeros((0, 5, 2), np.float32), "emotion", 80).shape == (0, 80, 80, 3)
