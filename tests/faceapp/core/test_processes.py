"""Which processes an installation has, on machines with and without graphics cards."""

from __future__ import annotations

from pathlib import Path

import pytest

from faceapp.core import processes


@pytest.fixture
def two_cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "nvidia-smi"
    tool.write_text("#!/bin/sh\necho 'GPU 0: NVIDIA L4 (UUID: x)'\necho 'GPU 1: NVIDIA L4 (UUID: y)'\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")


def torch_is(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    monkeypatch.setattr("faceapp.core.processes.metadata.version", lambda name: version)


def test_each_card_has_one_process_on_the_gpu_queue(two_cards: None, monkeypatch: pytest.MonkeyPatch) -> None:
    torch_is(monkeypatch, "2.13.0+cu130")
    programs = {program.name: program for program in processes.workers(None)}
    assert list(programs) == ["gpu0", "gpu1", "worker1"]
    for card in ("0", "1"):
        assert programs[f"gpu{card}"].environment == {"CUDA_VISIBLE_DEVICES": card}
        assert queues_of(programs[f"gpu{card}"]) == "gpu"
    assert queues_of(programs["worker1"]) == "cpu"


def test_a_card_that_the_installed_torch_cannot_use_is_none(two_cards: None, monkeypatch: pytest.MonkeyPatch) -> None:
    torch_is(monkeypatch, "2.13.0+cpu")
    assert processes.count_cards() == 0
    assert [queues_of(program) for program in processes.workers(3)] == ["cpu"] * 3


def test_without_cards_there_is_one_worker_a_core(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert len(processes.workers(None)) == processes.count_cores()


def queues_of(program: processes.Program) -> str:
    return program.command[program.command.index("-Q") + 1]
