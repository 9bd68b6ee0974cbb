"""Detectors against marked photos: what counts as found, and what is left out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command
from PIL import Image

from analysis.evaluate import detectors
from analysis.evaluate.detectors import MarkedPhoto
from analysis.evaluate.side_by_side import draw_sheet


def photo(faces: list[list[float]], turned: int = 0, hidden: int = 0) -> MarkedPhoto:
    n = len(faces)
    flags = [np.arange(n) < count for count in (turned, hidden)]
    return MarkedPhoto("a.jpg", np.zeros((200, 300, 3), np.uint8), np.array(faces, np.float32).reshape(-1, 4), *flags)


def boxes(*corners: list[float]) -> np.ndarray:
    return np.array(corners, np.float32).reshape(-1, 4)


def score(marked: MarkedPhoto, found: np.ndarray) -> detectors._Score:
    return detectors._score(marked, found, smallest_px=20)


def test_a_face_is_found_once_and_a_second_find_on_it_is_wrong() -> None:
    one = score(photo([[10, 10, 50, 60]]), boxes([12, 11, 50, 60], [8, 8, 52, 62]))
    assert one.is_found.tolist() == [True]
    assert (one.n_right, one.n_wrong) == (1, 1)


def test_too_little_overlap_is_a_miss_and_a_false_find() -> None:
    one = score(photo([[10, 10, 50, 60]]), boxes([40, 40, 80, 90]))
    assert one.is_found.tolist() == [False]
    assert (one.n_right, one.n_wrong) == (0, 1)


def test_faces_that_are_too_small_are_neither_wanted_nor_wrong() -> None:
    small = [10.0, 10.0, 22.0, 25.0]
    one = score(photo([small, [100, 100, 150, 160]], turned=1), boxes(small))
    assert one.is_found.tolist() == [False]
    assert (one.n_right, one.n_wrong) == (0, 0)
    assert one.is_turned.tolist() == [False]


def test_figures_of_several_photos() -> None:
    scores = [score(photo([[10, 10, 50, 60]]), boxes([10, 10, 50, 60])), score(photo([]), boxes([0, 0, 30, 30]))]
    found = detectors._summed(scores)
    assert (found["n_photos"], found["n_faces"], found["recall"], found["precision"]) == (2, 1, 1.0, 0.5)


def test_the_sheet_shows_every_photo_twice(tmp_path: Path) -> None:
    marked = photo([[10, 10, 50, 60]])
    draw_sheet([(marked, {"haar": boxes(), "mtcnn": boxes([10, 10, 50, 60])})], tmp_path / "sheet.jpg")
    with Image.open(tmp_path / "sheet.jpg") as sheet:
        assert sheet.width > 2 * 400
        assert sheet.height > 200 * 400 / 300


@pytest.mark.slow
def test_the_command_compares_both_on_a_portrait(data_dir: Path, tmp_path: Path) -> None:
    with Image.open(data_dir / "free/astronaut_nasa_pd.png") as portrait:
        portrait.convert("RGB").crop((100, 0, 400, 300)).save(tmp_path / "a.png")
    marked = tmp_path / "marked.csv"
    marked.write_text("file,x,y,w,h,occlusion,pose\na.png,80,64,75,100,0,0\n")
    out = tmp_path / "figures.json"
    call_command("compare_detectors", images=tmp_path, boxes=marked, json=out, device="cpu")
    figures = json.loads(out.read_text())
    assert figures["detectors"]["mtcnn"]["single_faces"]["recall"] == 1.0
    assert figures["detectors"]["haar"]["ms_per_photo"]["median"] > 0
    assert out.with_suffix(".jpg").exists()
