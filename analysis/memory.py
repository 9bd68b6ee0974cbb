"""How much memory this process takes."""

from __future__ import annotations

import resource
from pathlib import Path


def resident_mb() -> float:
    """Memory that is in use now; on macOS, at most so far."""
    return _status_mb("VmRSS")


def peak_mb() -> float:
    """Memory that was in use at most so far."""
    return _status_mb("VmHWM")


def _status_mb(key: str) -> float:
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:  # macOS
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return next(float(line.split()[1]) for line in lines if line.startswith(key)) / 1024
