"""Where a head points, from five landmarks: a mean face in three dimensions, turned and shrunk until it fits.

Scaled orthography (DeMenthon & Davis 1995): a face is small against its distance, so picture = scale · two rows of a
rotation · mean face. Least squares gives the rows, the nearest rotation the head's direction.
"""

from __future__ import annotations

import numpy as np

from analysis.types import Floats

# x to the right of the picture, y downwards, z towards the camera; units of the distance between the eyes
# fitted so that the two rows come out orthogonal and equally long over 642 faces of ten videos
MEAN_FACE = np.array(
    [[-0.5, -0.55, 0.0], [0.5, -0.55, 0.0], [0.0, -0.02, 0.54], [-0.435, 0.56, 0.03], [0.435, 0.56, 0.03]]
)

_SOLVING = np.linalg.pinv(MEAN_FACE - MEAN_FACE.mean(axis=0))  # [3, 5]: of the least squares


def head_pose(landmarks: Floats) -> tuple[Floats, Floats]:
    """Yaw and pitch [n] in degrees for landmarks [n, 5, 2].

    Yaw is positive when the person looks to the right of the picture, pitch when upwards; 0, 0 is straight at the
    camera. A tilt of the head towards a shoulder changes neither.
    """
    if not len(landmarks):
        return np.zeros(0, np.float32), np.zeros(0, np.float32)
    points = landmarks.astype(np.float64) - landmarks.mean(axis=1, keepdims=True)
    rows = np.einsum("ij,njk->nki", _SOLVING, points)  # [n, 2, 3]: scale times two rows of a rotation
    u, _, vt = np.linalg.svd(rows, full_matrices=False)
    x_row, y_row = (u @ vt).transpose(1, 0, 2)  # nearest pair of orthogonal unit rows
    z_row = np.cross(x_row, y_row)
    direction = np.stack([x_row[:, 2], y_row[:, 2], z_row[:, 2]], axis=1)  # where the mean face's z axis points
    yaw = np.degrees(np.arctan2(direction[:, 0], direction[:, 2]))
    pitch = np.degrees(np.arctan2(-direction[:, 1], np.hypot(direction[:, 0], direction[:, 2])))
    return yaw.astype(np.float32), pitch.astype(np.float32)
