"""Bounds for a process that opens strangers' files, and how it says no."""

from __future__ import annotations

import json
import resource
import sys

from analysis.video.errors import VideoError

REFUSED = 2  # exit code


def limit_this_process(*, cpu_s: int, memory_mb: int) -> None:
    """Let the kernel end this process when a file makes it compute or grow without end."""
    _lower(resource.RLIMIT_CPU, cpu_s)
    _lower(resource.RLIMIT_AS, memory_mb << 20)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(what: int, limit: int) -> None:
    _, hard = resource.getrlimit(what)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(what, (limit, limit))


def refuse(error: VideoError) -> int:
    """Print a refusal as JSON to standard output; gives the exit code."""
    sys.stdout.write(json.dumps({"code": error.code, "message": error.sentence}) + "\n")
    return REFUSED
