"""A poster is told from a person who sits still."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from analysis import AnalysisConfig, analyze
from analysis.aggregate.stillness import is_static
from analysis.testing import Actor, Scene, walk
from analysis.types import Image, VideoResult
from tests.films import Film

SAMPLE = Path(__file__).parents[3] / "static/sample/faceline-sample.mp4"


def result(jitter_px: float, speed: float = 0.0, duration_s: float = 6) -> VideoResult:
    """One face of 80 px; a box that shakes by `jitter_px` shakes its landmarks by about half of that."""
    actor = Actor(7, walk((300, 300), (speed, 0)))
    return Scene([actor], duration_s, jitter_px=jitter_px).result()


def test_a_face_that_never_moves_and_never_changes_is_static() -> None:
    assert [track.is_static for track in result(jitter_px=0.2).tracks] == [True]


def test_fault_83_a_photo_of_a_small_face_is_static_though_its_box_jitters_by_most_of_a_pixel() -> None:
    small = Actor(7, walk((300, 300), (0, 0), 59))
    [track] = Scene([small], 6, jitter_px=0.95).observe()[0].tracklets
    moved_px = 1.4826 * np.median(np.abs(track.samples.boxes - np.median(track.samples.boxes, axis=0)), axis=0)
    assert moved_px.max() > 0.7
    unchanged = replace(track, crops=replace(track.crops, images=track.crops.images * 0 + 100))
    assert is_static(unchanged, 5.0)


def test_a_face_that_trembles_like_a_living_one_is_not() -> None:
    assert [track.is_static for track in result(jitter_px=3.0).tracks] == [False]


def test_a_face_that_drifts_is_not() -> None:
    assert [track.is_static for track in result(jitter_px=0.2, speed=5).tracks] == [False]


def test_a_short_track_is_not_judged() -> None:
    assert [track.is_static for track in result(jitter_px=0.2, duration_s=2).tracks] == [False]


@pytest.mark.slow
def test_everyone_who_speaks_in_the_sample_is_alive() -> None:
    tracks = analyze(SAMPLE, AnalysisConfig(attributes=("attention",)), device="cpu").tracks
    assert len(tracks) >= 20
    photo_s = (26.4, 31.4)  # an astronaut, who is a photograph
    alive = [track for track in tracks if not photo_s[0] <= track.start_s < photo_s[1]]
    assert [track.track_id for track in alive if track.is_static] == []


@pytest.mark.slow
def test_a_photograph_that_is_filmed_is_static(tmp_path: Path) -> None:
    with av.open(str(SAMPLE)) as sample:
        call = next(frame for frame in sample.decode(video=0) if frame.time is not None and frame.time >= 12.0)
        photo = call.to_ndarray(format="rgb24")  # of six people
    generator = np.random.default_rng(1)

    def filmed(*_: int) -> Image:
        return (photo + generator.normal(0, 1, photo.shape)).clip(0, 255).astype(np.uint8)

    film = Film(n_frames=100, size=(photo.shape[1], photo.shape[0]), picture=filmed).write(tmp_path / "poster.mp4")
    tracks = analyze(film, AnalysisConfig(attributes=("attention",)), device="cpu").tracks
    assert [track.is_static for track in tracks] == [True] * 6
