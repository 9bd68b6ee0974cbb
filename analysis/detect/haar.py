"""Viola & Jones 2001 with OpenCV's frontal cascade: for comparison with MTCNN, not for use.

It has no landmarks; here they are placed where an average face has them in the box, so yaw and pitch are always 0. Its
score is made from the weight of the last stage and can be compared only with itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from analysis.types import Detections, Floats, Image

# left eye, right eye, nose, mouth corners as fractions of the cascade's box
_AVERAGE = np.array([[0.31, 0.38], [0.69, 0.38], [0.5, 0.58], [0.35, 0.77], [0.65, 0.77]], np.float32)
_HALF_SCORE_WEIGHT = 3.0  # of the last stage; about where half of the finds are faces


class Haar:
    """A detector for pictures of any size."""

    weights: tuple[str, ...] = ()

    def __init__(self, smallest_face_px: int, max_faces: int) -> None:
        cascade = Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml"
        self._cascade = cv2.CascadeClassifier(str(cascade))
        self._smallest_px = max(24, round(smallest_face_px * 1.2))  # its box is wider than MTCNN's
        self._max_faces = max_faces

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        """The faces of each picture, best score first, with estimated landmarks."""
        return [self._detect(image) for image in images]

    def refine(self, images: Sequence[Image], boxes: Sequence[Floats]) -> list[Detections]:
        """The same: a cascade knows no cheaper way."""
        return self.detect(images)

    def _detect(self, image: Image) -> Detections:
        gray = cv2.equalizeHist(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))
        found, _, weighed = self._cascade.detectMultiScale3(
            gray, 1.1, 5, minSize=(self._smallest_px, self._smallest_px), outputRejectLevels=True
        )
        if not len(found):
            return Detections.none()
        weights = np.asarray(weighed, np.float32).ravel()
        best = np.argsort(-weights, kind="stable")[: self._max_faces]
        corners = np.asarray(found, np.float32)[best]
        points = corners[:, None, :2] + _AVERAGE * corners[:, None, 2:]
        return Detections(_tightened(corners), points, _score(weights[best]), is_cut=len(weights) > len(best))


def _tightened(corners: Floats) -> Floats:
    """Boxes [n, 4] around the face itself, as MTCNN draws them, from the cascade's wide squares (x, y, w, h)."""
    x, y, width, height = corners.T
    return np.stack([x + 0.12 * width, y, x + 0.88 * width, y + 1.04 * height], axis=1)


def _score(weights: Floats) -> Floats:
    score: Floats = (1 / (1 + np.exp(_HALF_SCORE_WEIGHT - weights))).astype(np.float32)
    return score
