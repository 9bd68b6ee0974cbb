"""The truth of a rendered scene is where a detector finds the faces."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from analysis.config import AnalysisConfig
from analysis.detect import open_detector
from analysis.evaluate.scenes.cast import Casting
from analysis.evaluate.scenes.render import render
from analysis.evaluate.scenes.script import FRAME_RATE, SIZE, write_script
from analysis.geometry import iou
from analysis.runtime import choose_device

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def casting(data_dir: Path) -> Casting:
    return Casting(data_dir, choose_device("cpu"))


def test_clear_faces_lie_where_the_detector_finds_them(casting: Casting, tmp_path: Path) -> None:
    script = write_script(1, 5)
    truth = render(script, casting.choose(1, 5, script.n_people), casting.backgrounds, tmp_path / "scene.mp4")
    assert set(truth.person.tolist()) == set(range(script.n_people))
    with av.open(str(tmp_path / "scene.mp4")) as container:
        frames = list(container.decode(video=0))
    assert len(frames) == script.duration_s * FRAME_RATE
    assert (frames[0].width, frames[0].height) == SIZE
    detector = open_detector(AnalysisConfig(), SIZE[1], SIZE[0], choose_device("cpu"))
    overlaps = []
    for i in range(0, len(frames), 15):
        [found] = detector.detect([frames[i].to_ndarray(format="rgb24")])
        rows = (truth.frame == i) & truth.is_clear
        assert rows.any()
        overlaps += iou(truth.boxes[rows], found.boxes).max(axis=1, initial=0).tolist()
    assert np.mean(np.array(overlaps) > 0.5) > 0.95
    assert np.median(overlaps) > 0.75


def test_the_same_scene_is_the_same_file(casting: Casting, tmp_path: Path) -> None:
    script = write_script(1, 0)
    for name in ("a.mp4", "b.mp4"):
        render(script, casting.choose(1, 0, 1), casting.backgrounds, tmp_path / name)
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_odd_and_even_seeds_show_different_people(casting: Casting) -> None:
    tuned, measured = ({one.name for one in casting.choose(seed, 0, 12)} for seed in (1, 2))
    assert len(tuned) == len(measured) == 12
    assert not tuned & measured


def test_most_people_have_several_photos(casting: Casting) -> None:
    cast = casting.choose(2, 1, 12)
    assert sum(len(one.photos) > 1 for one in cast) >= 6


def test_shots_are_told_with_their_transitions(casting: Casting, tmp_path: Path) -> None:
    script = next(write_script(1, n) for n in range(40) if len(write_script(1, n).shots) > 2)
    truth = render(
        script, casting.choose(1, script.number, script.n_people), casting.backgrounds, tmp_path / "scene.mp4"
    )
    assert len(truth.shot_starts_s) == len(script.shots) - 1
    for before, after in pairwise(script.shots):
        middle = truth.frame == round(after.start_s * FRAME_RATE)
        assert before.end_s == after.start_s
        assert truth.is_clear[middle].any() == (after.transition == "cut")
