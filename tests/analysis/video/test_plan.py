"""Chunks: on keyframes, gapless, few, and always the same."""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from analysis.config import AnalysisConfig
from analysis.video.packets import PacketTable
from analysis.video.plan import chunks_of, plan_chunks
from analysis.video.timing import Clock
from tests.films import Film

ROOT = Path(__file__).parents[3]
CLOCK = Clock(Fraction(1, 25), Fraction(0))


def table(seconds: float, gop: int = 50) -> PacketTable:
    pts = np.arange(round(seconds * 25))
    return PacketTable(pts, np.ones_like(pts), pts % gop == 0, True)


@pytest.mark.parametrize(("seconds", "most"), [(3, 1), (24, 1), (60, 3), (120, 5), (7200, 300), (4 * 3600, 400)])
def test_a_short_video_is_one_chunk_and_a_long_one_some_hundred(seconds, most):
    chunks = chunks_of(table(seconds), CLOCK, Fraction(5))
    assert most / 2 <= len(chunks) <= most
    assert chunks[0].first_sample == 0
    assert chunks[-1].end_sample == seconds * 5
    assert all(one.end_sample == other.first_sample for one, other in pairwise(chunks))
    assert all(chunk.seek_pts % 50 == 0 for chunk in chunks)


def test_without_keyframes_there_is_one_chunk():
    assert len(chunks_of(table(200, gop=100_000), CLOCK, Fraction(5))) == 1


def test_a_keyframe_that_later_pictures_precede_is_no_border():
    """Pictures after the keyframe at 30 s are shown before one that came before it."""
    packets = table(60, gop=750)
    pts = packets.pts.copy()
    pts[749], pts[750] = 750, 749
    assert len(chunks_of(PacketTable(pts, packets.duration, packets.is_key, True), CLOCK, Fraction(5))) == 1


def test_samples_before_a_late_picture_belong_to_the_first_chunk(tmp_path):
    times = [1000 + 40 * i for i in range(25)]
    film = Film(n_frames=25, times=times, time_base=Fraction(1, 1000), sound_s=1.0).write(tmp_path / "a.mp4")
    (chunk,) = plan_chunks(film, AnalysisConfig())
    assert (chunk.first_sample, chunk.end_sample) == (0, 10)


def test_the_module_prints_the_plan(tmp_path):
    film = Film(n_frames=50).write(tmp_path / "a.mp4")
    config = json.dumps(AnalysisConfig(sample_rate=10).to_dict())
    command = [sys.executable, "-m", "analysis.video.plan", str(film), config]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    (chunk,) = json.loads(ran.stdout)["chunks"]
    assert chunk == {"index": 0, "first_sample": 0, "end_sample": 20, "seek_pts": 0}
