"""Both detectors behind the one protocol, on real photos."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Photo

from analysis.config import AnalysisConfig
from analysis.detect import open_detector
from analysis.runtime import Device
from analysis.types import Image


def _photo(path: Path) -> Image:
    return np.asarray(Photo.open(path).convert("RGB"))


@pytest.mark.parametrize(("detector", "fewest"), [("mtcnn", 4), ("haar", 3)])
def test_finds_the_four_faces_of_a_photo(data_dir: Path, detector: str, fewest: int) -> None:
    image = _photo(data_dir / "photos" / "cf_012_4.jpg")
    found = open_detector(AnalysisConfig(detector=detector), *image.shape[:2], Device()).detect([image])[0]
    assert fewest <= len(found) <= 4
    assert found.boxes.shape == (len(found), 4)
    assert found.landmarks.shape == (len(found), 5, 2)
    assert (np.diff(found.scores) <= 0).all()
    assert not found.is_cut


@pytest.mark.parametrize("detector", ["mtcnn", "haar"])
def test_landmarks_are_named_as_seen_in_the_picture(data_dir: Path, detector: str) -> None:
    image = _photo(data_dir / "photos" / "cf_012_4.jpg")
    found = open_detector(AnalysisConfig(detector=detector), *image.shape[:2], Device()).detect([image])[0]
    left_eye, right_eye, nose, left_mouth, right_mouth = found.landmarks.transpose(1, 0, 2)
    assert (left_eye[:, 0] < right_eye[:, 0]).all()
    assert (left_mouth[:, 0] < right_mouth[:, 0]).all()
    assert (left_eye[:, 1] < nose[:, 1]).all()
    assert (nose[:, 1] < left_mouth[:, 1]).all()


@pytest.mark.parametrize("detector", ["mtcnn", "haar"])
def test_keeps_the_best_when_there_are_more_than_the_cap_and_says_so(data_dir: Path, detector: str) -> None:
    image = _photo(data_dir / "photos" / "cf_012_4.jpg")
    config = AnalysisConfig(detector=detector)
    capped = AnalysisConfig(detector=detector, max_faces=2)
    everyone = open_detector(config, *image.shape[:2], Device()).detect([image])[0]
    found = open_detector(capped, *image.shape[:2], Device()).detect([image])[0]
    assert found.is_cut
    np.testing.assert_array_equal(found.boxes, everyone.boxes[:2])


@pytest.mark.parametrize("detector", ["mtcnn", "haar"])
def test_finds_nobody_in_a_photo_without_faces(data_dir: Path, detector: str) -> None:
    image = _photo(data_dir / "photos" / "cf_017_0.jpg")
    found = open_detector(AnalysisConfig(detector=detector), *image.shape[:2], Device()).detect([image])[0]
    assert len(found) == 0


@pytest.mark.parametrize("detector", ["mtcnn", "haar"])
def test_no_picture_no_detections(detector: str) -> None:
    assert open_detector(AnalysisConfig(detector=detector), 360, 640, Device()).detect([]) == []
