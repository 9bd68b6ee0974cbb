"""How fit a face is to be read, 0-1: is it large, sharp, turned to the camera and inside the picture?

Each of the four is a factor of its own, so that any one alone can spoil a face. What a network should make of the
number is measured where it is used; here the scale is only fixed: a sharp frontal face from 90 px up has about 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.classify.crops import align_all
from analysis.classify.pose import head_pose
from analysis.types import Detections, Floats, Image, Images, Integers

FULL_SIZE_PX = 90.0  # height of a face from which on size is no hindrance
FULL_DETAIL = 0.35  # of `detail` in a sharp face; blurred by 5 % of its height it has about 0.06
NOISE_FLOOR = 8.0  # gray levels: a flat crop's grain is no detail
SKETCH_SIDE = 12
_TEMPLATE, _SIDE_PX = "emotion", 48  # close around the face, at a size that shows blur but not pores


class Measures(NamedTuple):
    """What is measured of n faces."""

    quality: Floats  # [n] 0-1
    yaw_deg: Floats  # [n] positive: looks to the right of the picture
    pitch_deg: Floats  # [n] positive: looks upwards
    sketches: Floats  # [n, k] a very small picture of each face, see `sketch`

    def select(self, which: Integers) -> Measures:
        """The rows that an index array names, in its order."""
        return Measures(*(column[which] for column in self))


def measure(image: Image, faces: Detections) -> Measures:
    """Fitness and head direction of the faces of one frame."""
    yaw_deg, pitch_deg = head_pose(faces.landmarks)
    if not len(faces):
        return Measures(np.zeros(0, np.float32), yaw_deg, pitch_deg, np.zeros((0, SKETCH_SIDE**2), np.float32))
    heights_px = np.maximum(faces.boxes[:, 3] - faces.boxes[:, 1], 0)
    large = np.minimum(heights_px / FULL_SIZE_PX, 1) ** 0.7
    gray = _gray(align_all(image, faces.landmarks, _TEMPLATE, _SIDE_PX))
    sharp = np.minimum(_detail(gray) / FULL_DETAIL, 1)
    turned_to_us = np.cos(np.radians(yaw_deg)) ** 2 * np.cos(np.radians(pitch_deg)) ** 2
    inside = _share_inside(faces.boxes, *image.shape[:2]) ** 2
    quality = (large * sharp * turned_to_us * inside).astype(np.float32)
    return Measures(quality, yaw_deg, pitch_deg, sketch(gray))


def detail(crops: Images) -> Floats:
    """Fine structure [n] of crops [n, s, s, 3] against their contrast: root mean square of the Laplacian over the
    standard deviation of the grays."""
    return _detail(_gray(crops))


def sketch(gray: Floats) -> Floats:
    """Grays [n, s, s] as `SKETCH_SIDE` by `SKETCH_SIDE` averages, [n, k], without their mean and contrast: what changes
    at once when somebody else is there."""
    step = gray.shape[1] // SKETCH_SIDE
    cells = gray.reshape(len(gray), SKETCH_SIDE, step, SKETCH_SIDE, step).mean(axis=(2, 4)).reshape(len(gray), -1)
    cells = cells - cells.mean(axis=1, keepdims=True)
    even: Floats = cells / (np.sqrt((cells**2).mean(axis=1, keepdims=True)) + NOISE_FLOOR)
    return even


def _gray(crops: Images) -> Floats:
    colors: Floats = crops.astype(np.float32)
    gray: Floats = colors[..., 0] + colors[..., 1] + colors[..., 2]
    gray /= 3  # a fifth of what numpy's mean over so short an axis takes
    return gray


def _detail(gray: Floats) -> Floats:
    around = gray[:, :-2, 1:-1] + gray[:, 2:, 1:-1] + gray[:, 1:-1, :-2] + gray[:, 1:-1, 2:]
    laplacian = 4 * gray[:, 1:-1, 1:-1] - around
    ratio: Floats = np.sqrt((laplacian**2).mean(axis=(1, 2))) / (gray.std(axis=(1, 2)) + NOISE_FLOOR)
    return ratio


def _share_inside(boxes: Floats, height_px: int, width_px: int) -> Floats:
    limits = np.array([width_px, height_px, width_px, height_px], np.float32)
    kept = np.clip(boxes, 0, limits)
    whole = np.maximum((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]), 1e-6)
    share = np.maximum((kept[:, 2] - kept[:, 0]) * (kept[:, 3] - kept[:, 1]), 0) / whole
    limited: Floats = np.minimum(share, 1)
    return limited
