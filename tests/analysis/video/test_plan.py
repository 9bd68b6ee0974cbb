"""Chunks: on keyframes, gapless, few, and always the same."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from analysis.config import AnalysisConfig
from analysis.types import ChunkSpec
from analysis.video.packets import PacketTable
from analysis.video.plan import chunks_of, plan_chunks
from analysis.video.timing import Clock
from tests.films import Film

CLOCK = Clock(Fraction(1, 25), Fraction(0))


def table(seconds: float, gop: int = 50) -> PacketTable:
    pts = np.arange(round(seconds * 25))
    return PacketTable(pts, np.ones_like(pts), pts % gop == 0, True)


def lengths_s(chunks: tuple[ChunkSpec, ...]) -> list[float]:
    return [(chunk.end_sample - chunk.first_sample) / 5 for chunk in chunks]


@pytest.mark.parametrize(
    ("seconds", "n_chunks"), [(3, 1), (10, 2), (24, 4), (60, 8), (120, 8), (600, 24), (7200, 288), (4 * 3600, 360)]
)
def test_a_short_video_gives_work_to_all_and_a_long_one_makes_some_hundred_chunks(seconds, n_chunks):
    chunks = chunks_of(table(seconds), CLOCK, Fraction(5))
    assert len(chunks) == n_chunks
    assert chunks[0].first_sample == 0
    assert chunks[-1].end_sample == seconds * 5
    assert all(one.end_sample == other.first_sample for one, other in pairwise(chunks))
    assert all(chunk.seek_pts % 50 == 0 for chunk in chunks)


@pytest.mark.parametrize("seconds", [24, 60, 120, 601, 7200])
def test_chunks_are_of_about_one_length_so_that_workers_end_together(seconds):
    lengths = lengths_s(chunks_of(table(seconds), CLOCK, Fraction(5)))
    assert max(lengths) - min(lengths) <= 4.1  # a keyframe every 2 s


def test_a_clip_with_one_keyframe_is_cut_in_two_halves():
    """As many cameras and editors write it; the second half is decoded from the same keyframe."""
    chunks = chunks_of(table(10, gop=100_000), CLOCK, Fraction(5))
    assert lengths_s(chunks) == [5.0, 5.0]
    assert [chunk.seek_pts for chunk in chunks] == [0, 0]


def test_a_keyframe_is_preferred_to_the_middle_between_two():
    """At 0 and 9 s of 14 s: the border is not at 7 s, which would be more even."""
    chunks = chunks_of(table(14, gop=9 * 25), CLOCK, Fraction(5))
    assert (9 * 5, 9 * 25) in [(chunk.first_sample, chunk.seek_pts) for chunk in chunks]


def test_of_a_long_video_with_one_keyframe_no_more_than_half_is_decoded_twice():
    chunks = chunks_of(table(600, gop=100_000), CLOCK, Fraction(5))
    assert lengths_s(chunks) == [300.0, 300.0]


def test_a_keyframe_that_later_pictures_precede_is_no_border():
    """Pictures after the keyframe at 30 s are shown before one that came before it."""
    packets = table(60, gop=750)
    pts = packets.pts.copy()
    pts[749], pts[750] = 750, 749
    assert 750 in [chunk.seek_pts for chunk in chunks_of(packets, CLOCK, Fraction(5))]
    shuffled = chunks_of(PacketTable(pts, packets.duration, packets.is_key, True), CLOCK, Fraction(5))
    assert {chunk.seek_pts for chunk in shuffled} == {0}


def test_samples_before_a_late_picture_belong_to_the_first_chunk(tmp_path):
    times = [1000 + 40 * i for i in range(25)]
    film = Film(n_frames=25, times=times, time_base=Fraction(1, 1000), sound_s=1.0).write(tmp_path / "a.mp4")
    (chunk,) = plan_chunks(film, AnalysisConfig())
    assert (chunk.first_sample, chunk.end_sample) == (0, 10)
