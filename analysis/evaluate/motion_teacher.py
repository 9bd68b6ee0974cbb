"""Google's face mesh and its coefficients of expression: the teachers of `models.motion`, and what it is measured by.

FaceMesh V2 (478 points and whether this is a face at all) and the blendshape network behind it (52 coefficients), both
Apache-2.0, https://ai.google.dev/edge/mediapipe/solutions/vision/face_landmarker. Their files do not ship: whoever
trains or measures names a folder that holds them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis import geometry
from analysis.runtime import compiled_file
from analysis.types import Floats, Image

MESH, COEFFICIENTS, CANONICAL = "face_landmarks_detector.tflite", "face_blendshapes.tflite", "canonical_face_model.obj"
SIDE_PX = 256
N_POINTS = 478
# what the blendshape network reads: kLandmarksSubsetIdxs of MediaPipe's face_blendshapes_graph.cc
READ_POINTS = (
    0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58, 61, 63, 65, 66, 67, 70, 78, 80,
    81, 82, 84, 87, 88, 91, 93, 95, 103, 105, 107, 109, 127, 132, 133, 136, 144, 145, 146, 148, 149, 150, 152, 153,
    154, 155, 157, 158, 159, 160, 161, 162, 163, 168, 172, 173, 176, 178, 181, 185, 191, 195, 197, 234, 246, 249, 251,
    263, 267, 269, 270, 276, 282, 283, 284, 285, 288, 291, 293, 295, 296, 297, 300, 308, 310, 311, 312, 314, 317, 318,
    321, 323, 324, 332, 334, 336, 338, 356, 361, 362, 365, 373, 374, 375, 377, 378, 379, 380, 381, 382, 384, 385, 386,
    387, 388, 389, 390, 397, 398, 400, 402, 405, 409, 415, 454, 466, 468, 469, 470, 471, 472, 473, 474, 475, 476, 477,
)  # fmt: skip
# points that hardly move with an expression: brow bone, nose, temples, eye corners
STABLE_POINTS = (
    4, 5, 6, 8, 9, 10, 21, 33, 54, 67, 103, 109, 127, 133, 151, 162, 168, 195, 197, 234, 251, 263, 284, 297, 332, 338,
    356, 362, 389, 454, 2, 98, 327, 48, 278, 1, 122, 351, 193, 417,
)  # fmt: skip
EYES = ((33, 133, 468), (362, 263, 473))  # corners and iris; left as seen in the picture first
EYEBALL_CM = 1.15  # radius; the canonical model is in cm
INTO_HEAD = 0.85  # of the radius, from the middle of the corners to the center of the ball


@dataclass(frozen=True, slots=True)
class TaughtMotion:
    """What the teachers say of one face."""

    points: Floats  # [478, 3] px of the picture, z in the same unit, negative towards the camera
    presence: float  # 0-1, that this is a face
    coefficients: Floats  # [52] 0-1
    pose_deg: Floats  # [3] yaw, pitch, roll of the head; yaw and pitch as in `analysis.classify.pose`
    gaze_deg: Floats  # [2] yaw and pitch of the eyes in front of the camera, mean of both


class Teacher:
    """The teachers of a folder, opened.

    Raises:
        FileNotFoundError: one of the three files is missing.
    """

    def __init__(self, folder: Path) -> None:
        for name in (MESH, COEFFICIENTS, CANONICAL):
            if not (folder / name).is_file():
                raise FileNotFoundError(f"{folder / name} does not exist.")
        self._mesh = compiled_file(folder / MESH, (1, SIDE_PX, SIDE_PX, 3))
        self._coefficients = compiled_file(folder / COEFFICIENTS, (1, len(READ_POINTS), 2))
        vertices = [line.split()[1:4] for line in (folder / CANONICAL).read_text().splitlines() if line[:2] == "v "]
        # as the mesh has it: y downwards, z away from the camera
        self._canonical = np.array(vertices, np.float64) * (1, -1, -1)

    def read(self, image: Image, landmarks: Floats, passes: int = 1) -> TaughtMotion:
        """The face of a picture whose five landmarks [5, 2], px, are known.

        Args:
            passes: with two, the second looks where the first found eyes and mouth: for landmarks that are guessed.
        """
        for _ in range(passes):
            transform = _crop_transform(landmarks)
            crop = cv2.warpAffine(image, transform, (SIDE_PX, SIDE_PX), flags=cv2.INTER_LINEAR)
            points, presence, *_ = self._mesh(crop[None].astype(np.float32) / 255)
            points = points.reshape(N_POINTS, 3)
            landmarks = geometry.apply(geometry.inverted(transform), five_of(points[:, :2]))
        (coefficients,) = self._coefficients(np.ascontiguousarray(points[None, READ_POINTS, :2]))
        back = geometry.inverted(transform)
        scale = float(np.hypot(*back[:, 0]))
        placed = np.concatenate([geometry.apply(back, points[:, :2]), points[:, 2:] * scale], axis=1)
        pose_deg, gaze_deg = self.directions(placed)
        sure = float(1 / (1 + np.exp(-float(presence.reshape(-1)[0]))))
        return TaughtMotion(placed.astype(np.float32), sure, coefficients.reshape(-1).copy(), pose_deg, gaze_deg)

    def directions(self, points: Floats) -> tuple[Floats, Floats]:
        """Yaw, pitch and roll of the head [3], and yaw and pitch of the gaze [2], degrees, from points [478, 3]."""
        stable = list(STABLE_POINTS)
        rotation, scale = _rotation(self._canonical[stable], points[stable].astype(np.float64))
        ahead, right = rotation @ (0, 0, -1), rotation @ (1, 0, 0)
        pose = [
            np.degrees(np.arctan2(ahead[0], -ahead[2])),
            np.degrees(np.arctan2(-ahead[1], np.hypot(ahead[0], ahead[2]))),
            np.degrees(np.arctan2(right[1], right[0])),
        ]
        radius = EYEBALL_CM * scale
        offsets = []
        for first, second, iris in EYES:
            ball = points[[first, second]].mean(axis=0) - INTO_HEAD * radius * ahead
            offsets.append((points[iris, :2] - ball[:2]) / radius)
        x, y = np.clip(np.mean(offsets, axis=0), -1, 1)
        return np.array(pose, np.float32), np.array([np.degrees(np.arcsin(x)), np.degrees(np.arcsin(-y))], np.float32)


def five_of(points: Floats) -> Floats:
    """The five landmarks [5, 2] of a detector from the mesh's points [478, 2]."""
    eyes = [points[[first, second]].mean(axis=0) for first, second, _ in EYES]
    return np.stack([*eyes, points[4], points[61], points[291]])


def _crop_transform(landmarks: Floats) -> Floats:
    """From the picture to the square that the mesh reads [2, 3]: level eyes, the whole head."""
    eyes, mouth = landmarks[:2].mean(axis=0), landmarks[3:].mean(axis=0)
    across = landmarks[1] - landmarks[0]
    between = float(np.hypot(*across))
    side = max(3.9 * max(float(np.hypot(*(mouth - eyes))), 0.9 * between), 1e-3)
    scale, middle = SIDE_PX / side, eyes + 0.42 * (mouth - eyes)
    cos, sin = across / max(between, 1e-6)
    turn = scale * np.array([[cos, sin], [-sin, cos]])
    return np.concatenate([turn, (SIDE_PX / 2 - turn @ middle)[:, None]], axis=1).astype(np.float32)


def _rotation(source: NDArray[np.float64], target: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """The rotation [3, 3] and scale that bring points [n, 3] closest to others (Umeyama 1991)."""
    a, b = source - source.mean(axis=0), target - target.mean(axis=0)
    u, spread, vt = np.linalg.svd(b.T @ a)
    sign = np.array([1, 1, np.sign(np.linalg.det(u @ vt))])
    return (u * sign) @ vt, float((spread * sign).sum() / (a * a).sum())
