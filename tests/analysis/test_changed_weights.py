"""Weights that are not the ones that were measured stop a worker's work with a sentence, before any answer is given."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "static/sample/faceline-sample.mp4"

# what a worker does with a chunk, told on standard output
_OBSERVE = """
import json, sys
from pathlib import Path
from analysis.child import EngineProcess, RequestRefused
from analysis.config import AnalysisConfig
from analysis.types import ChunkSpec
from analysis.verbs import Observe
config = AnalysisConfig(sample_rate=1.0, attributes=tuple(json.loads(sys.argv[1])))
with EngineProcess("cpu") as engine:
    try:
        engine.do(Observe(Path(sys.argv[2]), ChunkSpec(0, 0, 1, 0), config, Path(sys.argv[3])))
    except RequestRefused as refused:
        sys.stdout.write(f"{refused.code}: {refused}")
"""


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The engine with one byte of the emotion network's weights changed."""
    folder = tmp_path_factory.mktemp("changed")
    for room in ("analysis", "models"):
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    weights = folder / "models/weights/emotion.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    return folder


def observe(engine: Path, attributes: tuple[str, ...], out: Path) -> str:
    from analysis.runtime import cache_dir

    environment = {**os.environ, "PYTHONPATH": str(engine), "FACELINE_CACHE": str(cache_dir().parent)}
    told = subprocess.run(
        [sys.executable, "-c", _OBSERVE, json.dumps(attributes), str(SAMPLE), str(out)],
        cwd=engine, env=environment, capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    return told.stdout


@pytest.mark.slow
def test_a_wrong_hash_stops_with_a_sentence(changed: Path, tmp_path: Path) -> None:
    said = observe(changed, ("emotion",), tmp_path / "0.npz")
    assert said.startswith("installation: The weights of emotion are not the ones that were measured")
    assert said.endswith("Install Faceline again.")
    assert not (tmp_path / "0.npz").exists()


@pytest.mark.slow
def test_what_is_switched_off_is_not_even_read(changed: Path, tmp_path: Path) -> None:
    assert observe(changed, ("attention",), tmp_path / "0.npz") == ""
    assert (tmp_path / "0.npz").exists()
