"""Head direction from five landmarks: signs, sizes, and what must not matter."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.classify.pose import MEAN_FACE, head_pose
from analysis.types import Floats


def _turned(yaw_deg: float, pitch_deg: float, roll_deg: float = 0.0, side_px: float = 60.0) -> Floats:
    """Landmarks [1, 5, 2] of the mean face, turned and seen from far away."""
    yaw, pitch, roll = np.radians([yaw_deg, -pitch_deg, roll_deg])
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(pitch), np.sin(pitch)], [0, -np.sin(pitch), np.cos(pitch)]])
    about_z = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    # tilted towards a shoulder first, then nodded, then turned
    points = MEAN_FACE @ (about_y @ about_x @ about_z).T
    return (points[None, :, :2] * side_px + 300).astype(np.float32)


@given(st.floats(-70, 70), st.floats(-45, 45), st.floats(-40, 40), st.floats(10, 400))
def test_finds_the_direction_at_any_size_and_tilt(yaw: float, pitch: float, roll: float, side_px: float) -> None:
    found_yaw, found_pitch = head_pose(_turned(yaw, pitch, roll, side_px))
    assert found_yaw[0] == pytest.approx(yaw, abs=0.5)
    assert found_pitch[0] == pytest.approx(pitch, abs=0.5)


def test_a_nose_to_the_right_of_the_picture_is_positive_yaw() -> None:
    straight = np.array([[[70, 100], [130, 100], [100, 134], [74, 167], [126, 167]]], np.float32)
    to_the_right = straight + np.array([[0, 0], [0, 0], [12, 0], [0, 0], [0, 0]], np.float32)
    assert head_pose(straight)[0][0] == pytest.approx(0, abs=1)
    assert head_pose(to_the_right)[0][0] > 10


def test_a_nose_lifted_towards_the_eyes_is_positive_pitch() -> None:
    straight = np.array([[[70, 100], [130, 100], [100, 132], [74, 167], [126, 167]]], np.float32)
    lifted = straight + np.array([[0, 0], [0, 0], [0, -10], [0, 0], [0, 0]], np.float32)
    sunk = straight + np.array([[0, 0], [0, 0], [0, 10], [0, 0], [0, 0]], np.float32)
    assert head_pose(lifted)[1][0] > head_pose(straight)[1][0] + 8 > head_pose(sunk)[1][0] + 16


def test_nobody_has_no_pose() -> None:
    yaw, pitch = head_pose(np.zeros((0, 5, 2), np.float32))
    assert yaw.shape == pitch.shape == (0,)


def test_landmarks_in_one_point_give_a_number_all_the_same() -> None:
    yaw, pitch = head_pose(np.full((1, 5, 2), 7, np.float32))
    assert np.isfinite(yaw).all()
    assert np.isfinite(pitch).all()
