"""Measures of a face's motion that action units are told from: means of coefficients, and distances between points.

Distances are shares of the distance of the outer eye corners, after the roll of the head is taken out.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from models.motion_points import COEFFICIENTS, index_of

Floats = NDArray[np.float32]


def _pair(name: str) -> tuple[str, str]:
    return f"{name}Left", f"{name}Right"


# measures of a face: means of coefficients …
_MEANS: Mapping[str, tuple[str, ...]] = {
    "inner_brow": ("browInnerUp",),
    "outer_brow": _pair("browOuterUp"),
    "brow_down": _pair("browDown"),
    "eye_wide": _pair("eyeWide"),
    "squint": _pair("eyeSquint"),
    "smile": _pair("mouthSmile"),
    "stretch": _pair("mouthStretch"),
    "jaw": ("jawOpen",),
    "blink": _pair("eyeBlink"),
    "shrug": ("mouthShrugLower",),
}
# … and distances between key points
_DISTANCES: Mapping[str, tuple[tuple[int, int], ...]] = {
    "nose_short": ((55, 122), (285, 351), (2, 168)),  # counted negative: a wrinkled nose is short
    "chin": ((17, 152),),
    "lips": ((13, 14),),
}
MEASURES = (*_MEANS, *_DISTANCES, "corners_low")
# the median over 4,000 faces
USUAL = np.array(
    [0.036, 0.06, 0.046, 0.008, 0.329, 0.021, 0.01, 0.011, 0.125, 0.012, -1.012, 0.347, 0.055, -0.023], np.float32
)


def measures(points: Floats, coefficients: Floats) -> Floats:
    """What strengths are told from [n, m], of key points [n, 78, 2] in any square unit and coefficients [n, 52]."""
    across = points[:, index_of(263)] - points[:, index_of(33)]
    unit = np.maximum(np.linalg.norm(across, axis=1), 1e-6)
    downwards = np.stack([-across[:, 1], across[:, 0]], axis=1) / unit[:, None]  # after the roll is taken out

    def distance(pair: tuple[int, int]) -> Floats:
        length: Floats = np.linalg.norm(points[:, index_of(pair[0])] - points[:, index_of(pair[1])], axis=1) / unit
        return length

    def height(*mesh_points: int) -> Floats:
        mean = points[:, [index_of(one) for one in mesh_points]].mean(axis=1)
        low: Floats = (mean * downwards).sum(axis=1) / unit
        return low

    columns = [coefficients[:, [COEFFICIENTS.index(name) for name in names]].mean(axis=1) for names in _MEANS.values()]
    signs = {"nose_short": -1.0}
    columns += [signs.get(name, 1.0) * sum(distance(pair) for pair in pairs) for name, pairs in _DISTANCES.items()]
    columns.append(height(61, 291) - height(13, 14))
    return np.stack(columns, axis=1).astype(np.float32)
