"""Runs a module of ours that opens files of strangers, in a process of its own under limits."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass

from django.conf import settings

MEMORY_BYTES = 4 * 2**30  # address space, much of which the decoder's libraries never touch
KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "OPENBLAS_CORETYPE")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the process ended; `code` is negative when a signal ended it, None when its time was up."""

    code: int | None
    output: str


def run_module(module: str, *arguments: str, timeout_s: int, file_bytes: int = 0) -> Outcome:
    """Runs `python -m module arguments…`; what it prints comes back, what it complains of goes to our log's stream."""
    limits = ["--parent", str(os.getpid()), "--on-orphan", "SIGKILL", "--memory-bytes", str(MEMORY_BYTES)]
    limits += ["--cpu-s", str(timeout_s), "--file-bytes", str(file_bytes)]
    command = [sys.executable, "-m", "faceapp.core.launch", *limits, "--", sys.executable, "-m", module, *arguments]
    try:
        done = subprocess.run(
            command,
            cwd=settings.BASE_DIR,
            env=_quiet_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Outcome(None, "")
    return Outcome(done.returncode, done.stdout.decode(errors="replace"))


def _quiet_environment() -> dict[str, str]:
    """No secrets for a process that reads what strangers made."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return {**kept, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
