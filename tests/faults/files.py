"""How the tests of odd files read them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from analysis.config import AnalysisConfig
from analysis.types import SampledFrame, VideoWarning
from analysis.video import warnings
from analysis.video.errors import VideoError
from analysis.video.plan import plan_chunks
from analysis.video.probe import probe_video
from analysis.video.reader import SampleReader
from tests.films import number_of

ROOT = Path(__file__).parents[2]
CONFIG = AnalysisConfig()


def refusal(path: Path) -> VideoError:
    with pytest.raises(VideoError) as caught:
        probe_video(path)
    sentence = caught.value.sentence
    assert sentence.endswith(".")
    assert "Error" not in sentence
    assert str(path.parent) not in sentence
    return caught.value


def read(path: Path) -> tuple[list[SampledFrame], tuple[VideoWarning, ...]]:
    """All sampled frames, as chunks give them, and the warnings of the whole video."""
    frames: list[SampledFrame] = []
    found: list[VideoWarning] = []
    for chunk in plan_chunks(path, CONFIG):
        reader = SampleReader(path, chunk, CONFIG)
        frames += list(reader)
        found += reader.warnings
    return frames, warnings.join(found, n_frames=max(1, len(frames)))


def numbers(frames: list[SampledFrame]) -> list[int]:
    return [number_of(frame.image) for frame in frames]


def run_probe(path: Path | str, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "analysis.video.probe", str(path)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=120, **options)  # type: ignore[call-overload]
