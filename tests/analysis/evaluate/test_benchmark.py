"""The benchmark measures a real long file, says what the issue of speed asks for, and compares like with like."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from PIL import Image as Photo

from analysis.config import AnalysisConfig
from analysis.evaluate.looping import loop_to
from analysis.evaluate.peer import Miss, around_box, compare, write_misses
from analysis.pipeline import plan
from analysis.video.probe import probe_video
from analysis.video.reader import SampleReader, read_samples
from tests.films import Film, number_of

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "static/sample/faceline-sample.mp4"
KEYS = {
    "realtime_factor",
    "wall_s",
    "decode_only_wall_s",
    "ratio_to_decode",
    "stages",
    "faces_per_s",
    "peak_memory_mb",
    "detect_ms_per_frame",
    "detect_ms_per_sample",
    "peer_ms_per_frame",
    "peer_faces_found",
}


@pytest.mark.slow
def test_the_command_writes_every_figure(tmp_path: Path, data_dir: Path) -> None:
    clip, out = data_dir / "videos" / "three_people_walk_up_480x270.mp4", tmp_path / "out.json"
    peer = ("--peer", "facenet-pytorch", "--misses", str(tmp_path / "misses"))
    call_command("benchmark", str(clip), *peer, "--workers", "1", "--json", str(out))
    figures = json.loads(out.read_text())
    assert set(figures) >= KEYS
    assert set(figures["stages"]) >= {"decode", "detect", "track", "classify", "assemble"}
    assert all({"wall_s", "cpu_s"} <= set(stage) for stage in figures["stages"].values())
    assert set(figures["peak_memory_mb"]) == {"sum", "largest"}
    assert figures["peak_memory_mb"]["sum"] > figures["peak_memory_mb"]["largest"] > 100
    decode_s, wall_s = figures["decode_only_wall_s"], figures["wall_s"]  # rounded, and a small clip is quickly decoded
    assert figures["ratio_to_decode"] == pytest.approx(wall_s / decode_s, rel=0.02)
    assert figures["realtime_factor"] == pytest.approx(figures["duration_s"] / wall_s, rel=0.02)
    assert figures["n_peer_faces"] > 10
    assert figures["peer_sure_faces_found"] > 0.95
    assert figures["peer_ms_per_frame"] > figures["detect_ms_per_frame"] > 0
    n_missed = round((1 - figures["peer_faces_found"]) * figures["n_peer_faces"])
    assert len(list((tmp_path / "misses").glob("*.png"))) == n_missed


def test_what_was_missed_is_shown_with_its_surroundings(tmp_path: Path) -> None:
    image = np.zeros((100, 100, 3), np.uint8)
    image[:, :, 0] = np.arange(100)
    box = np.array([10, 40, 30, 60], np.float32)
    write_misses([Miss(7, 0.714, around_box(image, box))], tmp_path / "misses")
    (written,) = (tmp_path / "misses").iterdir()
    assert written.name == "000-picture-7-score-0.71.png"
    shown = np.asarray(Photo.open(written))
    assert shown.shape == (40, 40, 3)
    assert shown[0, :, 0].tolist() == list(range(40))


def test_what_only_the_peer_can_have_missed_is_asked_for_with_the_peer() -> None:
    with pytest.raises(CommandError, match="name both"):
        call_command("benchmark", str(SAMPLE), "--misses", "somewhere")


def test_a_looped_film_is_its_frames_over_and_over(tmp_path: Path) -> None:
    film = Film(n_frames=50, b_frames=3).write(tmp_path / "a.mp4")
    looped = loop_to(film, 5.0, tmp_path)
    config = AnalysisConfig(sample_rate=5)
    chunks = plan(looped, config)
    numbers = [number_of(frame.image) for chunk in chunks for frame in read_samples(looped, chunk, config)]
    assert numbers == 3 * list(range(0, 50, 5))
    reader = SampleReader(looped, chunks[0], config)
    assert len(list(reader)) == chunks[0].end_sample
    assert not reader.warnings


def test_what_cannot_be_copied_is_encoded_anew(tmp_path: Path) -> None:
    film = Film(n_frames=25, codec="mpeg1video", options={}, container="mpeg").write(tmp_path / "a.mpg")
    looped = loop_to(film, 3.0, tmp_path)
    assert probe_video(looped).duration_s == pytest.approx(3, abs=0.3)


def test_nothing_found_by_the_peer_is_no_share(tmp_path: Path) -> None:
    film = Film(n_frames=5).write(tmp_path / "a.mp4")
    config = AnalysisConfig()
    images = [frame.image for frame in read_samples(film, plan(film, config)[0], config)]
    compared = compare(images, config, "cpu", with_peer=True)
    assert compared.n_peer_faces == 0
    assert compared.peer_faces_found is None
