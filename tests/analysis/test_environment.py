"""What the processes that read strangers' files are told: how to compute, and no secret."""

from __future__ import annotations

import pytest

from analysis.environment import without_secrets


@pytest.mark.parametrize(
    "name",
    [
        *("PATH", "LD_LIBRARY_PATH", "FACELINE_CACHE"),
        *("CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "CUDA_CACHE_PATH", "CUDA_MPS_PIPE_DIRECTORY"),
        *("NVIDIA_VISIBLE_DEVICES", "NVIDIA_DRIVER_CAPABILITIES", "NVIDIA_TF32_OVERRIDE"),
        *("PYTORCH_CUDA_ALLOC_CONF", "CUBLAS_WORKSPACE_CONFIG", "ATEN_CPU_CAPABILITY"),
        *("ONEDNN_MAX_CPU_ISA", "OV_CPU_MAX_ISA", "GOMP_CPU_AFFINITY"),
    ],
)
def test_how_to_compute_is_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "as the operator said")
    assert without_secrets()[name] == "as the operator said"


@pytest.mark.parametrize(
    "name",
    [
        *("FACELINE_SECRET_KEY", "FACELINE_DATABASE_URL", "FACELINE_BROKER_URL"),
        *("NVIDIA_API_KEY", "AWS_SECRET_ACCESS_KEY", "PGPASSWORD", "HF_TOKEN", "LD_PRELOAD", "PYTHONPATH"),
    ],
)
def test_nothing_else_is_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "secret")
    assert name not in without_secrets()


def test_a_process_computes_in_one_thread_whatever_the_machine_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    assert without_secrets()["OMP_NUM_THREADS"] == "1"
