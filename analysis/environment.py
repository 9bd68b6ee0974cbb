"""What a process that reads strangers' files may know of ours: where things lie and how to compute, no secret."""

from __future__ import annotations

import os

KEPT_VARIABLES = (
    *("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "OPENBLAS_CORETYPE"),
    *("FACELINE_HOME", "FACELINE_CACHE"),  # where converted networks are kept
    *("CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "NVIDIA_VISIBLE_DEVICES"),
)
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def without_secrets() -> dict[str, str]:
    """The environment of a child process; one thread of computing, as processes fill the cores."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return {**kept, **ONE_THREAD}
