from __future__ import annotations

import numpy as np
import pytest

from analysis.builtin_attributes import GAZE
from analysis.classify.motion import CAMERA_PITCH_DEG, FaceMotion, gaze_of
from models.motion_points import COEFFICIENTS, N_POINTS


def _motion(
    yaw_deg: float = 0, pitch_deg: float = CAMERA_PITCH_DEG, head_deg: float = 0, shut: float = 0
) -> FaceMotion:
    coefficients = np.zeros((1, len(COEFFICIENTS)), np.float32)
    coefficients[0, [COEFFICIENTS.index("eyeBlinkLeft"), COEFFICIENTS.index("eyeBlinkRight")]] = shut
    angles = np.array([[head_deg, 0, 0, yaw_deg, pitch_deg]], np.float32)
    return FaceMotion(np.zeros((1, N_POINTS, 2), np.float32), coefficients, angles, np.ones(1, np.float32))


@pytest.mark.parametrize(
    ("motion", "label"),
    [
        (_motion(), "camera"),
        (_motion(yaw_deg=6), "camera"),
        (_motion(yaw_deg=25), "right"),
        (_motion(yaw_deg=-25), "left"),
        (_motion(pitch_deg=30), "up"),
        (_motion(pitch_deg=-20), "down"),
        (_motion(yaw_deg=70), "away"),
        (_motion(yaw_deg=30, head_deg=75), "away"),
    ],
)
def test_where_eyes_look_is_told_as_seen_in_the_picture(motion: FaceMotion, label: str) -> None:
    told = gaze_of(motion)
    assert told.sum() == pytest.approx(1, abs=1e-5)
    assert GAZE.label_keys[int(told[0].argmax())] == label


def test_closed_eyes_say_nothing() -> None:
    assert gaze_of(_motion(shut=0.9)).max() < GAZE.floor


def test_the_camera_is_the_less_likely_the_further_the_eyes_are_off() -> None:
    camera = [gaze_of(_motion(yaw_deg=deg))[0, GAZE.label_keys.index("camera")] for deg in (0, 5, 10, 15, 30)]
    assert camera == sorted(camera, reverse=True)
