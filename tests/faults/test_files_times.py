"""Lengths, time stamps and frame rates as they are found in the wild."""

from __future__ import annotations

import struct
from fractions import Fraction

import numpy as np
import pytest

from analysis.video.plan import plan_chunks
from analysis.video.probe import probe_video
from tests.faults.files import CONFIG, numbers, read, refusal
from tests.films import Film, end_by_edit_list, number_of


@pytest.mark.parametrize("ticks", [0, 10**9, 0xFFFFFFFF, 0x80000000])
def test_a_wrong_length_in_the_header_is_measured_mp4(tmp_path, ticks):
    film = Film(n_frames=50).write(tmp_path / "a.mp4")
    data = bytearray(film.read_bytes())
    for box, offset in ((b"mvhd", 20), (b"tkhd", 24), (b"mdhd", 20)):
        at = data.index(box) + offset
        data[at : at + 4] = struct.pack(">I", ticks)
    film.write_bytes(data)
    assert (probe_video(film).duration_s, probe_video(film).n_frames) == (2.0, 50)
    assert len(read(film)[0]) == 10


@pytest.mark.parametrize("duration", [0.0, -5.0, 1e15, float("nan"), float("inf")])
def test_a_wrong_length_in_the_header_is_measured_mkv(tmp_path, duration):
    film = Film(n_frames=50).write(tmp_path / "a.mkv")
    data = film.read_bytes()
    at = data.index(b"\x44\x89\x88") + 3
    film.write_bytes(data[:at] + struct.pack(">d", duration) + data[at + 8 :])
    assert probe_video(film).duration_s == 2.0
    frames, warnings = read(film)
    assert len(frames) == 10
    assert warnings == ()


def test_longer_than_the_limit_is_refused_naming_it(tmp_path):
    times = [0, 4 * 3600 * 1000 + 60_000]
    film = Film(n_frames=2, times=times, time_base=Fraction(1, 1000)).write(tmp_path / "a.mkv")
    assert "The limit is 4 h" in refusal(film).sentence


MS = Fraction(1, 1000)


@pytest.mark.parametrize(
    ("times", "shown"),
    [
        ([5000 + 40 * i for i in range(25)], [0, 5, 10, 15, 20]),  # does not begin at 0
        ([0, 40, 80, 80, 80, 120, 500, 960], [0, 5, 5, 6, 6]),  # repeated and variable
        ([40 * i + (3000 if i >= 10 else 0) for i in range(20)], [0, 5, *[9] * 15, 10, 15]),  # jumps forwards
        (list(range(1000, 2000, 40)), [0, 5, 10, 15, 20]),
    ],
)
def test_time_comes_from_timestamps(tmp_path, times, shown):
    film = Film(n_frames=len(times), times=times, time_base=MS).write(tmp_path / "a.mkv")
    frames, _ = read(film)
    by_sample = [number_of(frame.image) for frame in frames for _ in range(frame.first_sample, frame.end_sample)]
    assert by_sample == shown
    assert probe_video(film).n_frames == len(times)


@pytest.mark.parametrize("rate", [1, 5, Fraction(24000, 1001), 60, 1000])
def test_any_frame_rate_works(tmp_path, rate):
    film = Film(n_frames=30, rate=rate).write(tmp_path / "a.mp4")
    assert probe_video(film).frame_rate == pytest.approx(float(rate), rel=0.01)
    frames, _ = read(film)
    shown = {k: number_of(frame.image) for frame in frames for k in range(frame.first_sample, frame.end_sample)}
    assert shown == {k: int(k * rate / 5) for k in range(-int(-30 * 5 / rate // 1)) if k * rate / 5 < 30}


def test_sound_that_begins_first_starts_the_clock(tmp_path):
    times = [1500 + 40 * i for i in range(25)]
    film = Film(n_frames=25, times=times, time_base=MS, sound_s=3.0).write(tmp_path / "a.mkv")
    frames, _ = read(film)
    assert (frames[0].first_sample, number_of(frames[0].image)) == (8, 2)
    assert probe_video(film).duration_s == pytest.approx(2.5, abs=0.03)


def test_recordings_glued_together_go_on_counting(tmp_path):
    """Timestamps of the second part fall back to the beginning."""
    parts = [Film(n_frames=30).write(tmp_path / f"{part}.ts").read_bytes() for part in range(2)]
    film = tmp_path / "a.ts"
    film.write_bytes(b"".join(parts))
    assert probe_video(film).duration_s == pytest.approx(2.4, abs=0.05)
    assert numbers(read(film)[0]) == [0, 5, 10, 15, 20, 25, 0, 5, 10, 15, 20, 25]


@pytest.mark.parametrize(("end_s", "n_samples"), [(1.26, 7), (1.7, 9)])
@pytest.mark.parametrize("name", ["a.mp4", "a.mov"])
def test_fault_78_an_edit_list_ends_the_film_within_its_last_picture(tmp_path, name, end_s, n_samples):
    film = Film(n_frames=31, times=[*range(0, 1200, 40), 1220], time_base=MS).write(tmp_path / name)
    end_by_edit_list(film, end_s, last_s=2.0)
    assert probe_video(film).duration_s == pytest.approx(end_s, abs=0.001)
    frames, warnings = read(film)
    assert frames[-1].end_sample == n_samples
    assert warnings == ()
    assert plan_chunks(film, CONFIG)[-1].end_sample == n_samples


def test_fault_78_a_stated_duration_ends_a_film_within_its_last_picture_mkv(tmp_path):
    film = Film(n_frames=31, rate=5, times=[*range(0, 6200, 200)], time_base=MS).write(tmp_path / "a.mkv")
    data = film.read_bytes()
    at = data.index(b"\x44\x89\x88") + 3
    film.write_bytes(data[:at] + struct.pack(">d", 6050.0) + data[at + 8 :])
    assert probe_video(film).duration_s == 6.05


def test_fault_78_a_picture_that_stays_as_long_as_is_stated_stays(tmp_path):
    film = Film(n_frames=31, times=[*range(0, 1200, 40), 1220], time_base=MS).write(tmp_path / "a.mp4")
    end_by_edit_list(film, 3.22, last_s=2.0)
    assert probe_video(film).duration_s == pytest.approx(3.22, abs=0.001)
    assert read(film)[0][-1].end_sample == 17


def test_fault_78_the_end_of_a_live_photo(data_dir):
    film = data_dir / "small/live_photo.mp4"
    assert probe_video(film).duration_s == 1.26
    assert read(film)[0][-1].end_sample == 7


def test_one_frame_is_a_video(tmp_path):
    film = Film(n_frames=1).write(tmp_path / "a.mp4")
    assert probe_video(film).n_frames == 1
    assert numbers(read(film)[0]) == [0]


def test_the_same_file_gives_the_same_plan_and_pictures(tmp_path):
    first = Film(n_frames=50, b_frames=2).write(tmp_path / "a.mp4")
    second = tmp_path / "copy.mp4"
    second.write_bytes(first.read_bytes())
    assert plan_chunks(first, CONFIG) == plan_chunks(second, CONFIG)
    for one, other in zip(read(first)[0], read(second)[0], strict=True):
        assert np.array_equal(one.image, other.image)
