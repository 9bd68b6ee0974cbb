"""A program that we start does not outlive us, however we end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is Linux's")
def test_it_ends_when_whoever_started_it_is_killed() -> None:
    launch = [sys.executable, "-m", "faceapp.core.launch", "--", *SLEEPER]
    starter_code = f"import subprocess, time; print(subprocess.Popen({launch!r}).pid, flush=True); time.sleep(60)"
    starter = subprocess.Popen([sys.executable, "-c", starter_code], stdout=subprocess.PIPE, text=True)
    assert starter.stdout
    pid = int(starter.stdout.readline())
    while (
        "time.sleep" not in Path(f"/proc/{pid}/cmdline").read_text()
        or "launch" in Path(f"/proc/{pid}/cmdline").read_text()
    ):
        time.sleep(0.05)  # until it has become the sleeper
    starter.kill()
    starter.wait()
    deadline = time.monotonic() + 10
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(pid)


def test_it_does_not_start_when_whoever_wanted_it_is_gone() -> None:
    done = subprocess.run([sys.executable, "-m", "faceapp.core.launch", "--parent", "1", "--", *SLEEPER], check=False)
    assert done.returncode == 1


def test_it_becomes_the_program_under_its_limits() -> None:
    code = "import os, resource; print(os.getpid(), resource.getrlimit(resource.RLIMIT_CPU)[0], os.nice(0))"
    command = [sys.executable, "-m", "faceapp.core.launch", "--cpu-s", "7", "--nice", "3", "--", sys.executable]
    process = subprocess.Popen([*command, "-c", code], stdout=subprocess.PIPE, text=True)
    printed, _ = process.communicate(timeout=20)
    assert printed.split() == [str(process.pid), "7", str(os.nice(0) + 3)]
    assert process.returncode == 0


def test_a_program_over_its_time_is_ended_by_a_signal() -> None:
    command = [sys.executable, "-m", "faceapp.core.launch", "--cpu-s", "1", "--", sys.executable, "-c", "while 1: pass"]
    assert subprocess.run(command, check=False, timeout=30).returncode in (-signal.SIGXCPU, -signal.SIGKILL)
