"""Where a face will be: a constant-velocity Kalman filter for its center and size.

Horizontal, vertical and logarithmic size are three independent filters of two numbers each (value, velocity), so that
everything is closed form. Lengths are in units of the face's own size: a near face moves more pixels a second than a
far one. Kalman 1960; the use for tracking boxes follows SORT (Bewley et al. 2016).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.types import Floats

Doubles = NDArray[np.float64]

# standard deviations; x and y in face sizes, size as a logarithm
MEASURED = np.array([0.06, 0.06, 0.08])  # jitter of a detector's box
ACCELERATION = np.array([4.0, 4.0, 0.6])  # a second²: turning heads, walking, hand-held cameras
FIRST_VELOCITY = np.array([1.6, 1.6, 0.35])  # a second, of a face seen once
CALM_S = 1.0  # unseen, a velocity fades with this time constant: people stop more often than they run on


@dataclass(frozen=True, slots=True)
class Motion:
    """The state after a measurement: mean and covariance of (value, velocity) for x, y and log size."""

    mean: Doubles  # [3, 2]; px, px/s; log px, 1/s
    covariance: Doubles  # [3, 2, 2]

    @property
    def size_px(self) -> float:
        return float(np.exp(self.mean[2, 0]))


def measured(boxes: Floats) -> Doubles:
    """Of boxes [n, 4] the centers x and y (px) and the logarithms of sizes (geometric mean of width and height, px),
    [n, 3]."""
    corners = boxes.astype(np.float64)
    sides = np.maximum(corners[:, 2:] - corners[:, :2], 1.0)
    return np.column_stack([(corners[:, :2] + corners[:, 2:]) / 2, np.log(np.sqrt(sides[:, 0] * sides[:, 1]))])


def _scale(size_px: float) -> Doubles:
    return np.array([size_px, size_px, 1.0])


def start(box: Floats) -> Motion:
    """The state of a face seen for the first time."""
    (value,) = measured(box[None])
    scale = _scale(float(np.exp(value[2])))
    covariance = np.zeros((3, 2, 2))
    covariance[:, 0, 0] = (MEASURED * scale) ** 2
    covariance[:, 1, 1] = (FIRST_VELOCITY * scale) ** 2
    return Motion(np.stack([value, np.zeros(3)], axis=1), covariance)


def predict(motion: Motion, after_s: float) -> Motion:
    """The state `after_s` seconds later, less certain."""
    travelled = CALM_S * (1 - np.exp(-after_s / CALM_S))  # integral of the fading velocity
    step = np.array([[1.0, travelled], [0.0, np.exp(-after_s / CALM_S)]])
    spread = np.array([[after_s**4 / 4, after_s**3 / 2], [after_s**3 / 2, after_s**2]])
    noise = (ACCELERATION * _scale(motion.size_px)) ** 2
    covariance = step @ motion.covariance @ step.T + noise[:, None, None] * spread
    return Motion(motion.mean @ step.T, covariance)


def update(predicted: Motion, box: Floats) -> Motion:
    """The state after the face was found at `box`."""
    innovation = measured(box[None])[0] - predicted.mean[:, 0]
    variance = predicted.covariance[:, 0, 0] + (MEASURED * _scale(predicted.size_px)) ** 2
    gain = predicted.covariance[:, :, 0] / variance[:, None]  # [3, 2]
    mean = predicted.mean + gain * innovation[:, None]
    covariance = predicted.covariance - gain[:, :, None] * predicted.covariance[:, None, 0, :]
    return Motion(mean, covariance)


def surprise(predicted: Motion, found: Doubles) -> Doubles:
    """[n]: squared Mahalanobis distance of each box, as `measured` [n, 3], from where the face was expected (3 degrees
    of freedom)."""
    variance = predicted.covariance[:, 0, 0] + (MEASURED * _scale(predicted.size_px)) ** 2
    squares: Doubles = ((found - predicted.mean[:, 0]) ** 2 / variance).sum(axis=1)
    return squares


def vagueness(predicted: Motion) -> float:
    """How widely the face is expected, in face sizes (natural logarithm): of two tracks the surer one is right."""
    scale = _scale(predicted.size_px)
    variance = predicted.covariance[:, 0, 0] / scale**2 + MEASURED**2
    return float(np.log(variance).sum() - np.log(MEASURED**2).sum())
