"""Files that are cut off, spoilt or made to do harm."""

from __future__ import annotations

import contextlib
import json
import random
import signal
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.video.errors import VideoError
from analysis.video.probe import probe_video
from tests.faults.files import ROOT, numbers, read, run_probe
from tests.films import Film

FASTSTART = {"movflags": "faststart"}


@pytest.mark.parametrize(("name", "options"), [("a.mp4", FASTSTART), ("a.mkv", {}), ("a.webm", {}), ("a.avi", {})])
def test_a_file_cut_off_is_analyzed_up_to_there(tmp_path, name, options):
    codec = {"a.webm": "libvpx", "a.avi": "mpeg4"}.get(name, "libx264")
    film = Film(n_frames=150, codec=codec, options={}, container_options=options).write(tmp_path / name)
    assert read(film)[1] == ()
    film.write_bytes(film.read_bytes()[: film.stat().st_size * 6 // 10])
    frames, (warning,) = read(film)
    assert warning.code == "truncated"
    assert warning.from_s is not None
    assert warning.from_s == pytest.approx(frames[-1].end_sample / 5, abs=0.25)
    assert 2.5 < warning.from_s < 5.0
    assert probe_video(film).duration_s == pytest.approx(warning.from_s, abs=0.1)


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.mov"])
def test_sound_longer_than_the_picture_is_no_fault(tmp_path, name):
    film = Film(n_frames=50, sound_s=6.0).write(tmp_path / name)
    assert read(film)[1] == ()


def damaged(film: Path, n_flips: int) -> Path:
    """Flip bits in the middle fifth of a file."""
    data, rng = bytearray(film.read_bytes()), random.Random(2)
    for _ in range(n_flips):
        data[rng.randrange(len(data) * 2 // 5, len(data) * 3 // 5)] ^= 1 << rng.randrange(8)
    film.write_bytes(data)
    return film


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts", "a.mpg", "a.webm"])
def test_goes_on_after_damage_and_says_how_much(tmp_path, name):
    codec = {"a.mpg": "mpeg2video", "a.webm": "libvpx-vp9"}.get(name, "libx264")
    options = {"deadline": "realtime", "cpu-used": "8"} if codec == "libvpx-vp9" else {}
    film = Film(n_frames=200, size=(320, 192), codec=codec, options=options).write(tmp_path / name)
    clean, no_warnings = read(film)
    assert no_warnings == ()
    frames, (warning,) = read(damaged(film, 40))
    assert warning.code == "damaged"
    assert "%" in warning.text
    assert 0 < warning.n_bad < 120
    assert numbers(frames)[-10:] == numbers(clean)[-10:], "the end, after the damage, is whole"


def test_a_hole_in_the_file_counts_as_lost_frames(tmp_path):
    film = Film(n_frames=200, size=(320, 192)).write(tmp_path / "a.mkv")
    data = bytearray(film.read_bytes())
    start = len(data) * 2 // 5
    data[start : start + len(data) // 10] = bytes(len(data) // 10)
    film.write_bytes(data)
    (warning,) = read(film)[1]
    assert warning.code == "damaged"
    assert 12 <= warning.n_bad <= 35


def test_a_table_that_claims_millions_of_frames_is_ended_by_the_limits(tmp_path):
    """A few bytes that stand for a quarter of a billion frames."""
    film = Film(n_frames=10).write(tmp_path / "a.mp4")
    data = bytearray(film.read_bytes())
    at = data.index(b"stsz") + 8
    data[at : at + 8] = struct.pack(">II", 1, 0x0FFFFFFF)
    film.write_bytes(data)
    ran = run_probe(film)
    assert ran.returncode == 2 or ran.returncode < 0
    if ran.returncode == 2:
        assert json.loads(ran.stdout)["message"].endswith(".")


LIMITED = "from analysis.video.limits import limit_this_process as l; l(cpu_s=1, memory_mb={mb}); {then}"


def test_memory_of_the_process_is_bounded():
    code = LIMITED.format(mb=512, then="bytearray(1 << 30)")
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert ran.returncode == 1
    assert "MemoryError" in ran.stderr


def test_an_endless_loop_is_ended_by_the_kernel():
    code = LIMITED.format(mb=512, then="exec('while True: pass')")
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=False, timeout=60)
    assert ran.returncode in (-signal.SIGXCPU, -signal.SIGKILL)


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts", "a.webm", "a.avi"])
def test_spoilt_headers_end_in_a_result_or_a_refusal(tmp_path, name):
    codec = {"a.webm": "libvpx", "a.avi": "mpeg4"}.get(name, "libx264")
    sound = "libopus" if name == "a.webm" else "aac"
    film = Film(n_frames=20, codec=codec, options={}, sound_s=0.5, sound_codec=sound).write(tmp_path / name)
    clean, rng = film.read_bytes(), random.Random(24)
    for _ in range(25):
        data = bytearray(clean)
        start = rng.choice((0, max(0, len(data) - 3000)))
        for _ in range(rng.choice((1, 5, 30))):
            data[rng.randrange(start, min(start + 3000, len(data)))] = rng.randrange(256)
        film.write_bytes(data)
        with contextlib.suppress(VideoError):  # anything else fails the test
            probe_video(film)
            read(film)
