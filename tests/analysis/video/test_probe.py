"""What a file is: cheaply, and right where its header lies."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import pytest

from analysis.video import probe
from analysis.video.errors import VideoError
from analysis.video.probe import probe_video
from tests.films import Film

ROOT = Path(__file__).parents[3]


def test_facts_of_a_plain_film(tmp_path):
    film = Film(n_frames=50, b_frames=2, sound_s=2.0).write(tmp_path / "a.mp4")
    facts = probe_video(film)
    assert (facts.codec, facts.width_px, facts.height_px, facts.rotation_deg) == ("h264", 160, 96, 0)
    assert (facts.frame_rate, facts.duration_s, facts.n_frames) == (25.0, 2.0, 50)
    assert facts.has_sound
    assert facts.plays_in_browser


@pytest.mark.parametrize(
    ("name", "film", "plays"),
    [
        ("a.webm", Film(n_frames=5, codec="libvpx", options={}), True),
        ("a.mkv", Film(n_frames=5), False),
        ("a.mov", Film(n_frames=5), False),
        ("a.mp4", Film(n_frames=5, codec="libx265", options={"x265-params": "log-level=none"}), False),
        ("b.mp4", Film(n_frames=5, pixels="yuv420p10le"), False),
        ("c.mp4", Film(n_frames=5, codec="mpeg4", options={}), False),
    ],
)
def test_what_browsers_play(tmp_path, name, film, plays):
    assert probe_video(film.write(tmp_path / name)).plays_in_browser is plays


@pytest.fixture
def large_files(monkeypatch):
    """Treat every file as too large to be read whole."""
    monkeypatch.setattr(probe, "SCAN_BYTES", 0)


@pytest.fixture
def no_reading_whole(monkeypatch):
    def fail(*_: object) -> None:
        raise AssertionError("the whole file was read")

    monkeypatch.setattr(probe, "read_packet_table", fail)


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts", "a.mpg", "a.avi"])
@pytest.mark.usefixtures("large_files", "no_reading_whole")
def test_a_large_file_with_an_honest_header_is_not_read_whole(tmp_path, name):
    codec = {"a.mpg": "mpeg2video", "a.avi": "mpeg4"}.get(name, "libx264")
    film = Film(n_frames=750, codec=codec, options={}).write(tmp_path / name)
    facts = probe_video(film)
    assert facts.duration_s == pytest.approx(30.0, abs=0.1)
    assert facts.n_frames == pytest.approx(750, abs=2)
    assert facts.frame_rate == pytest.approx(25.0, abs=0.05)


@pytest.mark.usefixtures("large_files")
def test_a_large_file_whose_header_lies_is_measured(tmp_path):
    import struct

    film = Film(n_frames=750).write(tmp_path / "a.mkv")
    data = film.read_bytes()
    at = data.index(b"\x44\x89\x88") + 3
    film.write_bytes(data[:at] + struct.pack(">d", 9_000_000.0) + data[at + 8 :])
    assert probe_video(film).duration_s == pytest.approx(30.0, abs=0.1)


@pytest.mark.usefixtures("large_files")
def test_a_large_file_cut_off_is_measured(tmp_path):
    film = Film(n_frames=750, container_options={"movflags": "faststart"}).write(tmp_path / "a.mp4")
    film.write_bytes(film.read_bytes()[: film.stat().st_size // 2])
    assert 10 < probe_video(film).duration_s < 20


def test_a_pieced_mp4_has_its_whole_length(tmp_path):
    options = {"movflags": "frag_keyframe+empty_moov"}
    film = Film(n_frames=100, container_options=options).write(tmp_path / "a.mp4")
    assert (probe_video(film).duration_s, probe_video(film).n_frames) == (4.0, 100)


def test_a_film_that_starts_late_is_as_long_as_players_say(tmp_path):
    times = [1000 + 40 * i for i in range(25)]
    film = Film(n_frames=25, times=times, time_base=Fraction(1, 1000), sound_s=1.0).write(tmp_path / "a.mp4")
    assert probe_video(film).duration_s == pytest.approx(2.0, abs=0.03)


def test_the_module_prints_json_fast_without_torch(tmp_path):
    film = Film(n_frames=5).write(tmp_path / "a.mp4")
    started = time.monotonic()
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "analysis.video.probe", str(film)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert json.loads(ran.stdout)["n_frames"] == 5
    assert time.monotonic() - started < 10
    loaded = {line.split("|")[-1].strip() for line in ran.stderr.splitlines()}
    assert not loaded & {"torch", "openvino", "django", "scipy"}


def test_the_module_says_that_there_is_no_such_file(tmp_path):
    command = [sys.executable, "-m", "analysis.video.probe", str(tmp_path / "missing.mp4")]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert (ran.returncode, json.loads(ran.stdout)["code"]) == (2, "not_found")


def test_broken_files_of_the_data_folder(data_dir):
    videos = data_dir / "videos"
    for name, code in (("no_moov", "incomplete"), ("named", "not_a_video"), ("empty", "empty")):
        path = next(videos.glob(f"broken_*{name}.mp4"))
        with pytest.raises(VideoError) as caught:
            probe_video(path)
        assert caught.value.code == code
    assert probe_video(videos / "broken_truncated.mkv").duration_s == pytest.approx(3.85, abs=0.05)
    assert probe_video(videos / "broken_truncated_faststart.mp4").duration_s == pytest.approx(3.85, abs=0.1)
    assert probe_video(videos / "white_man_rotation90_metadata.mp4").width_px == 640
