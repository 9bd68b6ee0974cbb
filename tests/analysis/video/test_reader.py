"""The sampled frames of a video: which frame, at which time, however it is cut into chunks."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from analysis.config import AnalysisConfig
from analysis.types import ChunkSpec, SampledFrame
from analysis.video import plan
from analysis.video.plan import plan_chunks
from analysis.video.reader import SampleReader
from tests.films import Film, number_of, scenes

ROOT = Path(__file__).parents[3]
CONFIG = AnalysisConfig()


def read(path: Path, chunks: tuple[ChunkSpec, ...], config: AnalysisConfig = CONFIG) -> tuple[list[SampledFrame], list]:
    frames, starts = [], []
    for chunk in chunks:
        reader = SampleReader(path, chunk, config)
        frames += list(reader)
        starts += reader.shot_starts_s
    return frames, starts


def whole(path: Path, config: AnalysisConfig = CONFIG) -> ChunkSpec:
    """One chunk over the file."""
    chunks = plan_chunks(path, config)
    return ChunkSpec(0, 0, chunks[-1].end_sample, chunks[0].seek_pts)


@pytest.fixture
def short_chunks(monkeypatch):
    cut_every(monkeypatch, 0.9)


def cut_every(monkeypatch, seconds: float) -> None:
    monkeypatch.setattr(plan, "SHORTEST_S", seconds)
    monkeypatch.setattr(plan, "LONGEST_S", seconds)


def test_each_sample_shows_the_frame_on_display(tmp_path):
    film = Film(n_frames=50, rate=25, b_frames=2).write(tmp_path / "a.mp4")
    frames, _ = read(film, plan_chunks(film, CONFIG))
    assert [(frame.first_sample, frame.end_sample) for frame in frames] == [(k, k + 1) for k in range(10)]
    assert [number_of(frame.image) for frame in frames] == [5 * k for k in range(10)]


def test_a_frame_that_stays_is_given_once_with_all_its_samples(tmp_path):
    """Variable frame rate: pictures at 0, 0.04, 1.0, 1.5 s and 1.99 s."""
    film = Film(n_frames=5, times=[0, 40, 1000, 1500, 1990], time_base=Fraction(1, 1000)).write(tmp_path / "a.mkv")
    frames, _ = read(film, plan_chunks(film, CONFIG))
    shown = [(number_of(frame.image), frame.first_sample, frame.end_sample) for frame in frames]
    assert shown[:4] == [(0, 0, 1), (1, 1, 5), (2, 5, 8), (3, 8, 10)]


def test_a_sample_rate_above_the_frame_rate_repeats_frames(tmp_path):
    film = Film(n_frames=10, rate=10).write(tmp_path / "a.mp4")
    frames, _ = read(film, plan_chunks(film, AnalysisConfig(sample_rate=30)), AnalysisConfig(sample_rate=30))
    assert [(frame.first_sample, frame.end_sample) for frame in frames] == [(3 * k, 3 * k + 3) for k in range(10)]


CUTTABLE = {
    "h264 with B frames": Film(n_frames=150, gop=20, b_frames=3, picture=scenes(37)),
    "h264 with open groups": Film(
        n_frames=150,
        gop=20,
        b_frames=3,
        picture=scenes(37),
        options={"preset": "medium", "x264-params": "open-gop=1:bframes=3:keyint=20:min-keyint=5:b-pyramid=2"},
    ),
    "h264 refreshed column by column": Film(
        n_frames=150,
        picture=scenes(37),
        options={"preset": "veryfast", "x264-params": "intra-refresh=1:keyint=24:bframes=0"},
    ),
    "hevc with open groups": Film(
        n_frames=150,
        codec="libx265",
        picture=scenes(37),
        options={"preset": "ultrafast", "x265-params": "open-gop=1:bframes=3:keyint=20:min-keyint=5:log-level=none"},
    ),
    "every frame a keyframe": Film(n_frames=100, codec="mjpeg", pixels="yuvj420p", options={}, picture=scenes(37)),
}
CONTAINERS = ("mp4", "mkv", "mov", "ts")


@pytest.mark.parametrize("kind", CUTTABLE)
@pytest.mark.parametrize("container", CONTAINERS)
def test_chunks_together_give_what_one_chunk_gives(tmp_path, short_chunks, kind, container):
    if CUTTABLE[kind].codec == "mjpeg" and container == "ts":
        pytest.skip("no broadcast stream carries motion JPEG")
    film = CUTTABLE[kind].write(tmp_path / f"a.{container}")
    assert_union_equals_whole(film, at_least=3)


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_chunk_that_begins_between_keyframes_has_no_seam(tmp_path, short_chunks, container):
    film = Film(n_frames=150, gop=1000, b_frames=3, picture=scenes(37)).write(tmp_path / f"a.{container}")
    assert {chunk.seek_pts for chunk in plan_chunks(film, CONFIG)[1:]} == {plan_chunks(film, CONFIG)[0].seek_pts}
    assert_union_equals_whole(film, at_least=2)


@pytest.mark.parametrize(
    ("name", "film"),
    [
        ("a.mpg", Film(n_frames=150, codec="mpeg2video", options={"b": "2M"}, gop=15, b_frames=2, picture=scenes(37))),
        ("a.webm", Film(n_frames=150, codec="libvpx-vp9", options={"deadline": "realtime", "cpu-used": "8"}, gop=20)),
        ("a.mp4", Film(n_frames=150, codec="libsvtav1", options={"preset": "12", "svtav1-params": "lp=1"}, gop=20)),
        ("a.avi", Film(n_frames=150, codec="mpeg4", options={"b": "2M"}, gop=15)),
        ("a.flv", Film(n_frames=150, codec="flv", options={"b": "2M"}, gop=15)),
        ("a.wmv", Film(n_frames=150, codec="wmv2", options={"b": "2M"}, gop=15, container="asf")),
        ("a.gif", Film(n_frames=60, rate=10, codec="gif", pixels="rgb8", options={})),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_other_codecs_are_cut_without_a_seam(tmp_path, short_chunks, name, film):
    assert_union_equals_whole(film.write(tmp_path / name), at_least=1)


def assert_union_equals_whole(film: Path, at_least: int) -> None:
    chunks = plan_chunks(film, CONFIG)
    assert len(chunks) >= at_least
    together, starts = read(film, chunks)
    alone, starts_alone = read(film, (whole(film),))
    ranges = [(frame.first_sample, frame.end_sample) for frame in alone]
    assert [r for f in alone for r in range(f.first_sample, f.end_sample)] == list(range(chunks[-1].end_sample))
    assert merged(together) == ranges
    assert starts == starts_alone
    by_sample = {k: frame for frame in alone for k in range(frame.first_sample, frame.end_sample)}
    for frame in together:
        assert np.array_equal(frame.image, by_sample[frame.first_sample].image), f"sample {frame.first_sample}"


def merged(frames: list[SampledFrame]) -> list[tuple[int, int]]:
    """Sample ranges, with a frame that stays over a border put together again."""
    ranges: list[tuple[int, int]] = []
    last: SampledFrame | None = None
    for frame in frames:
        if last is not None and ranges[-1][1] == frame.first_sample and number_of(last.image) == number_of(frame.image):
            ranges[-1] = (ranges[-1][0], frame.end_sample)
        else:
            ranges.append((frame.first_sample, frame.end_sample))
        last = frame
    return ranges


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["sitcom_cuts_720p.mp4", "noface_then_face_hevc.mov", "sad_to_happy_vfr.mkv", "talking_head_mpeg1.mpg"]
)
def test_real_videos_are_cut_without_a_seam(data_dir, monkeypatch, name):
    cut_every(monkeypatch, 1.5)
    film = data_dir / "videos" / name
    chunks = plan_chunks(film, CONFIG)
    together, starts = read(film, chunks)
    alone, starts_alone = read(film, (whole(film),))
    assert starts == starts_alone
    by_sample = {k: frame for frame in alone for k in range(frame.first_sample, frame.end_sample)}
    samples = [k for frame in together for k in range(frame.first_sample, frame.end_sample)]
    assert samples == sorted(by_sample)
    assert all(np.array_equal(frame.image, by_sample[frame.first_sample].image) for frame in together)


MEASURE = """
import resource, sys
from analysis.config import AnalysisConfig
from analysis.video.plan import plan_chunks
from analysis.video.reader import SampleReader
config = AnalysisConfig()
for chunk in plan_chunks(sys.argv[1], config):
    for frame in SampleReader(sys.argv[1], chunk, config):
        pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_length(tmp_path):
    def peak_kb(n_frames: int) -> int:
        film = Film(n_frames=n_frames, size=(320, 192), gop=100_000).write(tmp_path / f"{n_frames}.mp4")  # one chunk
        ran = subprocess.run(
            [sys.executable, "-c", MEASURE, str(film)], capture_output=True, text=True, cwd=ROOT, check=True
        )
        return int(ran.stdout)

    assert peak_kb(6000) < 1.1 * peak_kb(300)


def test_what_comes_after_the_iteration(tmp_path):
    film = Film(n_frames=50).write(tmp_path / "a.mp4")
    reader = SampleReader(film, plan_chunks(film, CONFIG)[0], CONFIG)
    frames = list(reader)
    assert (reader.width_px, reader.height_px, reader.n_decoded, len(frames)) == (160, 96, 50, 10)
    assert reader.end_s == 2.0
    assert reader.warnings == ()


def test_the_reader_may_be_left_early(tmp_path):
    film = Film(n_frames=50).write(tmp_path / "a.mp4")
    reader = SampleReader(film, plan_chunks(film, CONFIG)[0], CONFIG)
    assert next(iter(reader)).first_sample == 0
