"""Fitness of a face: any one of size, blur, turning away and the border can spoil it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image as Photo

from analysis.classify.quality import measure
from analysis.config import AnalysisConfig
from analysis.detect import open_detector
from analysis.runtime import Device
from analysis.types import Detections, Image

Portrait = tuple[Image, Detections]


@pytest.fixture(scope="module")
def portrait(data_dir: Path) -> Portrait:
    """A sharp, nearly frontal face of about 130 px."""
    image = np.asarray(Photo.open(data_dir / "free" / "astronaut_nasa_pd.png").convert("RGB"))
    found = open_detector(AnalysisConfig(), *image.shape[:2], Device()).detect([image])[0]
    return image, found.select(np.array([0]))


def _quality(image: Image, faces: Detections) -> float:
    return float(measure(image, faces).quality[0])


def _scaled(portrait: Portrait, factor: float) -> Portrait:
    image, faces = portrait
    small = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return small, Detections(faces.boxes * np.float32(factor), faces.landmarks * np.float32(factor), faces.scores)


def test_a_good_portrait_is_nearly_1(portrait: Portrait) -> None:
    assert _quality(*portrait) > 0.7


def test_smaller_is_worse(portrait: Portrait) -> None:
    values = [_quality(*_scaled(portrait, factor)) for factor in (1, 0.4, 0.25, 0.15)]
    assert values == sorted(values, reverse=True)
    assert values[-1] < 0.25


def test_blurred_is_worse(portrait: Portrait) -> None:
    image, faces = portrait
    values = [_quality(cv2.GaussianBlur(image, (0, 0), sigma), faces) for sigma in (0.5, 3, 8)]
    assert values == sorted(values, reverse=True)
    assert values[-1] < 0.25


def test_turned_away_is_worse(portrait: Portrait) -> None:
    image, faces = portrait
    points = faces.landmarks.copy()
    points[0, 2, 0] = points[0, 1, 0] + 5  # the nose beside the right eye, as in a profile
    turned = Detections(faces.boxes, points, faces.scores)
    assert _quality(image, turned) < 0.5 * _quality(image, faces)


def test_cut_by_the_border_is_worse(portrait: Portrait) -> None:
    image, faces = portrait
    middle = int(faces.boxes[0, [0, 2]].mean())
    shift = np.array([middle, 0], np.float32)
    cut = Detections(faces.boxes - np.tile(shift, 2), faces.landmarks - shift, faces.scores)
    assert _quality(image[:, middle:], cut) < 0.5 * _quality(image, faces)


def test_nobody_is_measured_as_nobody(portrait: Portrait) -> None:
    measures = measure(portrait[0], Detections.none())
    assert [len(column) for column in measures] == [0, 0, 0, 0]
