"""Posters, photographs and frozen screens: faces that never move and never change.

Even a person who sits still blinks, breathes and speaks: landmarks shift within the box, and the picture changes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.types import Tracklet

LEAST_S = 3.0  # shorter tracks are not judged
LEAST_CROPS = 3
# Robust standard deviations in face sizes. Measured: a photograph filmed with noise and compression stays under 0.006
# and 0.005, people who sit still and speak are above 0.012 and 0.008.
MOVED = 0.009  # of the centre
SHIFTED = 0.0065  # of the landmarks against one another
CHANGED = 10.0  # grey levels: median difference of aligned crops


def is_static(track: Tracklet, sample_rate: float) -> bool:
    """Whether the face is a picture of a face."""
    samples, crops = track.samples, track.crops
    if len(samples) / sample_rate < LEAST_S or len(crops) < LEAST_CROPS:
        return False
    boxes = samples.boxes.astype(np.float64)
    size = float(np.median(boxes[:, 2] - boxes[:, 0]))
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    if _spread(centre) > MOVED * size:
        return False
    inside = samples.landmarks.astype(np.float64)
    if _spread(inside - inside.mean(axis=1, keepdims=True)) > SHIFTED * size:
        return False
    pictures = crops.images.astype(np.float32)
    changes = np.abs(pictures - np.median(pictures, axis=0)).mean(axis=(1, 2, 3))
    return bool(np.median(changes) < CHANGED)


def _spread(points: NDArray[np.float64]) -> float:
    """The largest robust standard deviation of any coordinate over time."""
    deviation = np.abs(points - np.median(points, axis=0))
    return float(1.4826 * np.median(deviation, axis=0).max())
