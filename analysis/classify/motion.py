"""How a face moves: key points, coefficients of expression, where head and eyes turn, and whether it is a face."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.builtin_attributes import ACTION_UNITS, GAZE
from analysis.runtime import Device, in_f32, load
from analysis.types import Distributions, Floats, Images
from models.face_measures import measures
from models.motion_points import COEFFICIENTS

CAMERA_PITCH_DEG = 5.5  # what eyes that look into the camera are read as, by the teacher and so by the network
CONE_DEG, BLUR_DEG = 12.0, 3.0  # half-width of the cone that counts as the camera, and how soft its border is
FAR_DEG = 40.0  # past which a gaze is "away", whatever its direction
TURNED_DEG = 50.0  # of the head, past which its eyes say nothing but "away"
SHUT = 0.55  # coefficient of the lids from which on eyes count as closed
_LIDS = [COEFFICIENTS.index(name) for name in ("eyeBlinkLeft", "eyeBlinkRight")]
_DIRECTIONS_DEG = {"right": 0.0, "up": 90.0, "left": 180.0, "down": 270.0}


class FaceMotion(NamedTuple):
    """What the network says of n crops; see `models.motion.MotionNetwork`."""

    points: Floats  # [n, 78, 2], fractions of the crop
    coefficients: Floats  # [n, 52] 0-1
    angles_deg: Floats  # [n, 5] yaw, pitch, roll of the head, yaw and pitch of the gaze
    presence: Floats  # [n] 0-1, that this is a face


class MotionReader:
    """One small network for gaze and action units; it runs once, whichever of them are on."""

    def __init__(self, device: Device) -> None:
        self._network = load("motion", in_f32(device), (1, 4, 8))  # irises are told to a fraction of a pixel

    def read(self, crops: Images) -> FaceMotion:
        """What is said of crops [n, s, s, 3] aligned to its template."""
        points, coefficients, angles_deg, presence = self._network.batched(np.ascontiguousarray(crops))
        return FaceMotion(points, coefficients, angles_deg, presence[:, 0])

    def predict(self, crops: Images) -> Distributions:
        """ "gaze" [n, 6] and the measures of "action_units" [n, m] for crops aligned to its template."""
        motion = self.read(crops)
        return {GAZE.key: gaze_of(motion), ACTION_UNITS.key: measures(motion.points, motion.coefficients)}


def gaze_of(motion: FaceMotion) -> Floats:
    """Distributions [n, 6] over the labels of gaze; even where the eyes are closed."""
    x = motion.angles_deg[:, 3].astype(np.float64)
    y = motion.angles_deg[:, 4].astype(np.float64) - CAMERA_PITCH_DEG
    off_deg = np.hypot(x, y)
    camera = _rising(CONE_DEG - off_deg)
    head_deg = np.hypot(*motion.angles_deg[:, :2].T.astype(np.float64))
    away = (1 - camera) * np.maximum(_rising(off_deg - FAR_DEG), _rising(head_deg - TURNED_DEG))
    direction_deg = np.degrees(np.arctan2(y, x))
    towards = {
        name: np.maximum(np.cos(np.radians(direction_deg - middle)), 0) ** 2 for name, middle in _DIRECTIONS_DEG.items()
    }  # the squares sum to 1
    rest = 1 - camera - away
    columns = {"camera": camera, "away": away, **{name: rest * share for name, share in towards.items()}}
    told = np.stack([columns[name] for name in GAZE.label_keys], axis=1)
    is_shut = motion.coefficients[:, _LIDS].mean(axis=1) >= SHUT
    return np.where(is_shut[:, None], 1 / len(GAZE.labels), told).astype(np.float32)


def _rising(deg: NDArray[np.float64]) -> NDArray[np.float64]:
    """From 0 to 1 around 0 degrees."""
    share: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(deg / BLUR_DEG, -30, 30)))
    return share
