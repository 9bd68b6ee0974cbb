"""The way a face takes through the product, for single pictures: MTCNN, alignment to each network's template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from analysis.classify.crops import align
from analysis.config import AnalysisConfig
from analysis.detect import Detector, open_detector
from analysis.evaluate.metrics import Flags
from analysis.runtime import Device
from analysis.types import Detections, Floats, Image, Images


def aligned(images: Sequence[Image], sides: Mapping[str, int], device: Device) -> tuple[dict[str, Images], Flags]:
    """Crops by template of the one face that each picture is of, and which pictures had one [n].

    Args:
        sides: side in pixels of the crops of each template.
    """
    found = [landmarks_of(image, device) for image in images]
    faces = [(image, points) for image, points in zip(images, found, strict=True) if points is not None]
    crops = {}
    for template, side in sides.items():
        crops[template] = np.zeros((len(faces), side, side, 3), np.uint8)
        for crop, (image, points) in zip(crops[template], faces, strict=True):
            crop[:] = align(image, points, template, side)
    return crops, np.array([points is not None for points in found])


def landmarks_of(image: Image, device: Device) -> Floats | None:
    """The five landmarks [5, 2], px, of the one face that a picture is of; None where none is found."""
    detector = _detector(image.shape[0], image.shape[1], device)
    (faces,) = detector.detect([np.ascontiguousarray(image)])
    return faces.landmarks[_subject(faces, image.shape)] if len(faces) else None


@cache
def _detector(height_px: int, width_px: int, device: Device) -> Detector:
    return open_detector(AnalysisConfig(), height_px, width_px, device)


def _subject(faces: Detections, shape: tuple[int, ...]) -> int:
    """The face that the picture is of: large and near the middle."""
    sizes = (faces.boxes[:, 2:] - faces.boxes[:, :2]).mean(1)
    middles = (faces.boxes[:, :2] + faces.boxes[:, 2:]) / 2
    away = np.hypot(*(middles - np.array([shape[1], shape[0]]) / 2).T)
    return int(np.argmax(sizes - away))
