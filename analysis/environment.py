"""What a process that reads strangers' files may know of ours: where things lie and how to compute, no secret."""

from __future__ import annotations

import os

KEPT_VARIABLES = (
    *("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "OPENBLAS_CORETYPE"),
    *("FACELINE_HOME", "FACELINE_CACHE"),  # where converted networks are kept
    "FACELINE_PLUGINS",  # modules that declare verbs and attributes
    # by name, as NVIDIA_API_KEY is a secret
    *("NVIDIA_VISIBLE_DEVICES", "NVIDIA_DRIVER_CAPABILITIES", "NVIDIA_TF32_OVERRIDE"),
)
KEPT_PREFIXES = (
    *("CUDA_", "CUDNN_", "CUBLAS_"),  # which card, where its libraries and kernels lie, the pipe of a shared one
    *("TORCH_", "PYTORCH_", "ATEN_"),  # how torch allocates memory; the processor it may take itself to be on
    *("OV_", "OPENVINO_", "ONEDNN_", "DNNL_"),
    *("OMP_", "GOMP_", "KMP_", "MKL_"),  # where threads run
)  # FFmpeg's libraries read none but for the color of what they log
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def without_secrets() -> dict[str, str]:
    """The environment of a child process; one thread of computing, as processes fill the cores."""
    kept = {name: value for name, value in os.environ.items() if is_kept(name)}
    return {**kept, **ONE_THREAD}


def is_kept(name: str) -> bool:
    """Whether a child process is told this variable."""
    return name in KEPT_VARIABLES or name.startswith(KEPT_PREFIXES)
