"""The command line, one worker and several give the same result, byte for byte."""

from __future__ import annotations

import shutil

import pytest

from tests.faults.installation import SAMPLE_RATE

pytestmark = pytest.mark.slow


def test_the_command_line_gives_what_the_worker_stores(installation, clip, undisturbed, tmp_path):
    shutil.copy(clip, tmp_path / "clip.mp4")
    out = tmp_path / "result.json"
    options = ["--json", str(out), "--device", "cpu", "--sample-rate", str(SAMPLE_RATE)]
    installation.manage("analyze_video", str(tmp_path / "clip.mp4"), *options)
    assert out.read_bytes() == undisturbed


def test_two_workers_of_the_gpu_queue_give_what_one_gives(installation, clip, undisturbed):
    """On processors here: notifications and claims are what is tried."""
    installation.environment["FACELINE_RUN_QUEUE"] = "gpu"
    installation.start_broker()
    installation.start_upkeep()
    run = installation.start_run(clip)
    installation.start_worker("worker1")
    installation.start_worker("worker2")
    assert installation.await_end(run) == "succeeded"
    installation.check_whole(run, undisturbed)
