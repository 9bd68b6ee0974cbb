"""The engine as a library: what it names, what it loads, and that it does in one process what others do in several."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import analysis
from analysis.version import VERSION

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "static/sample/faceline-sample.mp4"


def loaded_by(code: str) -> set[str]:
    script = f"{code}\nimport sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_engines_names_load_at_first_use() -> None:
    assert set(analysis.__all__) == {"AnalysisConfig", "VideoResult", "analyze", "assemble", "observe", "plan"}
    assert callable(analysis.plan)
    with pytest.raises(AttributeError, match="guess"):
        _ = analysis.guess


def test_types_config_and_the_callers_side_load_no_network_library() -> None:
    light = "from analysis import AnalysisConfig, VideoResult; import analysis.types, analysis.serialize, analysis.crew"
    assert not loaded_by(light) & {"torch", "cv2", "openvino", "av", "django"}


def test_the_engine_knows_no_django_and_needs_no_torch_where_networks_are_converted() -> None:
    assert not loaded_by("import analysis.pipeline, analysis.child_main") & {"torch", "django", "celery"}


def test_the_version_in_results_is_the_packages() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION


@pytest.mark.slow
def test_five_lines_give_the_bytes_of_the_command_line(tmp_path: Path) -> None:
    from analysis import AnalysisConfig, analyze
    from analysis.crew import Crew
    from analysis.serialize import to_json

    config = AnalysisConfig(sample_rate=0.5, attributes=("age_gender", "emotion"))
    with Crew("cpu", 2) as crew, crew.analyzed(SAMPLE, config) as finished:
        by_processes = (finished.folder / "result.json").read_bytes()
        n_portraits = len(list((finished.folder / "portraits").glob("*.jpg")))
    result = analyze(SAMPLE, config, device="cpu")
    assert to_json(result) == by_processes
    assert n_portraits == sum(len(track.crops) for track in result.tracks) > 0


@pytest.mark.slow
def test_a_face_that_goes_on_over_borders_of_its_chunk_is_read_from_fewer_pictures() -> None:
    """So a long track costs little more than a short one: its other pieces have pictures too."""
    from analysis import AnalysisConfig, observe, plan
    from analysis.networks import open_networks
    from analysis.runtime import Device
    from analysis.types import ChunkSpec

    config = AnalysisConfig(attributes=("age_gender",))
    networks = open_networks(config, Device())
    seek_pts = plan(SAMPLE, config)[0].seek_pts
    whole, half = (observe(SAMPLE, ChunkSpec(0, 0, end, seek_pts), config, networks).tracklets for end in (10**6, 45))
    at_border = [one for one in half if one.samples.sample[-1] == 44]
    assert at_border
    assert max(len(one.crops) for one in at_border) <= 4 < max(len(one.crops) for one in whole)
    for tracklet in (*whole, *half):
        assert tracklet.crops.read["age"].shape == (len(tracklet.crops), 101)
        assert "ethnicity" not in tracklet.crops.read
