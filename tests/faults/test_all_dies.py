"""The whole machine dies in the midst of a run; `up` continues where it was."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys

import pytest

from faceapp.core.broker import free_port
from tests.faults.installation import ROOT, Installation, children_of


@pytest.mark.slow
def test_everything_killed_and_started_again(installation, clip, undisturbed):
    own_broker = {"FACELINE_BROKER_URL": "", "FACELINE_PORT": str(free_port()), "FACELINE_WORKERS": "1"}
    installation.environment |= own_broker
    up = start_up(installation)
    try:
        run = installation.start_run(clip)
        installation.hold_chunk(run, above=up.pid)
        kill_all(up)
        assert installation.state(run) in ("queued", "observing")
        up = start_up(installation)
        assert installation.await_end(run) == "succeeded"
        installation.check_whole(run, undisturbed)
    finally:
        up.terminate()
        up.wait(40)


def start_up(installation: Installation) -> subprocess.Popen[bytes]:
    """Returns when the web answers and says so."""
    command = [sys.executable, "-u", "manage.py", "up"]
    up = subprocess.Popen(command, cwd=ROOT, env=installation.environment, stdout=subprocess.PIPE)
    assert up.stdout is not None
    for line in up.stdout:
        if b"is ready" in line:
            return up
    raise AssertionError(f"up ended with {up.wait()}\n{installation.logs()}")


def kill_all(up: subprocess.Popen[bytes]) -> None:
    """SIGKILL to it and everything it started, as when the power fails."""
    for pid in [up.pid, *children_of(up.pid)]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    up.wait()
