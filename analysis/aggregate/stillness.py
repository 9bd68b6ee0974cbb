"""Posters, photographs and frozen screens: faces that never move and never change.

Even a person who sits still blinks, breathes and speaks: landmarks shift within the box, and the picture changes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.types import Tracklet

LEAST_S = 3.0  # shorter tracks are not judged
LEAST_CROPS = 3
# Noise and compression make landmarks tremble or pictures change; life does both, so the two are multiplied. Measured,
# in face sizes times gray levels: 35 tracks of people who sit still and speak, 0.013 and more, and one actor who holds
# still, 0.007; 24 of photographs with noise and compression of four kinds, 0.0105 at most, with much noise once 0.016.
# Whoever is taken for a picture is not counted, so that a doubt is a person's.
MOVED = 0.009  # of the center: robust standard deviation in face sizes; that actor has 0.010, photographs mostly less
ALIVE = 0.011
# A detector's own jitter is of pixels, whatever the size of the face. In 24 photographs on pages recorded as video, 40
# to 160 px, centers spread by 1.0 px at most (but one, whose picture never changed), landmarks mostly by 0.1 to 0.3 px.
CENTER_PX = 1.0
LANDMARK_PX = 0.2
UNCHANGED = 0.5  # gray levels: nobody alive looks so much the same


def is_static(track: Tracklet, sample_rate: float) -> bool:
    """Whether the face is a picture of a face."""
    samples, crops = track.samples, track.crops
    if len(samples) / sample_rate < LEAST_S or len(crops) < LEAST_CROPS:
        return False
    boxes = samples.boxes.astype(np.float64)
    size = float(np.median(boxes[:, 2] - boxes[:, 0]))
    center = (boxes[:, :2] + boxes[:, 2:]) / 2
    moved_px = _spread(center)
    if moved_px > max(2 * MOVED * size, CENTER_PX):
        return False
    pictures = crops.images.astype(np.float32)
    change = float(np.median(np.abs(pictures - np.median(pictures, axis=0)).mean(axis=(1, 2, 3))))
    if moved_px > max(MOVED * size, CENTER_PX):
        return change < UNCHANGED
    inside = samples.landmarks.astype(np.float64)
    trembling_px = _spread(inside - inside.mean(axis=1, keepdims=True))
    return float(np.sqrt(max(trembling_px**2 - LANDMARK_PX**2, 0))) / size * change < ALIVE


def _spread(points: NDArray[np.float64]) -> float:
    """The largest robust standard deviation of any coordinate over time."""
    deviation = np.abs(points - np.median(points, axis=0))
    return float(1.4826 * np.median(deviation, axis=0).max())
