"""Which machine a time was measured on."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any


def described() -> dict[str, Any]:
    return {"processor": _processor(), "cores": os.cpu_count(), "python": platform.python_version()}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")
