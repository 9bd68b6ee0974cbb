"""Whether eyes can be read, and what they say of looking at the camera."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.builtin_attributes import GAZE
from analysis.types import Floats

LEAST_EYES_PX = 20.0  # between the eyes; under it an iris is a pixel or two
HEAD_STEEPNESS = 4.0
CAMERA = GAZE.label_keys.index("camera")


def where_readable(distribution: Floats, landmarks: Floats) -> Floats:
    """Distributions [n, 6] over where eyes look, without an opinion where these are too small.

    Args:
        landmarks: [n, 5, 2] px of the frame.
    """
    apart_px = np.linalg.norm(landmarks[:, 1] - landmarks[:, 0], axis=1)
    even = np.full_like(distribution, 1 / distribution.shape[1])
    readable: Floats = np.where((apart_px >= LEAST_EYES_PX)[:, None], distribution, even)
    return readable


def is_readable(distribution: Floats, floor: float) -> NDArray[np.bool_]:
    """[n]: whether the eyes say anything."""
    sure: NDArray[np.bool_] = distribution.max(axis=1) >= floor
    return sure


def at_camera(distribution: Floats) -> NDArray[np.bool_]:
    """[n]: whether the eyes look at the camera."""
    camera: NDArray[np.bool_] = distribution.argmax(axis=1) == CAMERA
    return camera


def camera_score(distribution: Floats, can_be_read: NDArray[np.bool_], facing: Floats) -> Floats:
    """[n] 0-1: how much somebody looks into the camera; by the head alone at most a half.

    Args:
        facing: [n] of `analysis.aggregate.attention.facing`.
    """
    by_head = 0.5 / (1 + np.exp(-HEAD_STEEPNESS * facing))
    score: Floats = np.where(can_be_read, distribution[:, CAMERA], by_head).astype(np.float32)
    return score
