"""A process of its own: what happens in it stays in it, and its caller is told how it ended."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analysis import child_main
from analysis.child import EngineProcess, Limits, ProcessDied, RequestRefused
from analysis.config import AnalysisConfig
from analysis.types import ChunkSpec
from analysis.verbs import Observe, PlanChunks, WarmUp

SAMPLE = Path(__file__).parents[2] / "static/sample/faceline-sample.mp4"
CONFIG = AnalysisConfig(sample_rate=1.0, attributes=())
SHORT = ChunkSpec(0, 0, 5, 0)


def test_a_bad_file_is_refused_with_a_sentence_and_the_process_goes_on(tmp_path: Path) -> None:
    bad = tmp_path / "text.mp4"
    bad.write_text("no video at all")
    with EngineProcess("cpu") as engine:
        with pytest.raises(RequestRefused, match=r"\.$") as refused:
            engine.do(PlanChunks(bad, CONFIG))
        assert refused.value.code
        pid = engine.pid
        assert engine.do(PlanChunks(SAMPLE, CONFIG)).chunks
        assert engine.pid == pid


def test_the_name_that_is_shown_may_be_another_than_the_files() -> None:
    with EngineProcess("cpu") as engine:
        assert engine.do(PlanChunks(SAMPLE, CONFIG, name="My holidays.mp4")).video.name == "My holidays.mp4"


def test_a_killed_process_is_told_and_replaced(tmp_path: Path) -> None:
    with EngineProcess("cpu") as engine:
        engine.do(PlanChunks(SAMPLE, CONFIG))
        pid = engine.pid
        assert pid is not None
        threading.Timer(0.3, os.kill, (pid, signal.SIGKILL)).start()
        with pytest.raises(ProcessDied) as died:
            engine.do(Observe(SAMPLE, ChunkSpec(0, 0, 1000, 0), AnalysisConfig(sample_rate=25.0), tmp_path / "0.npz"))
        assert died.value.reason == "memory"  # who is killed from outside was most often too large
        assert engine.do(PlanChunks(SAMPLE, CONFIG)).chunks
        assert engine.pid != pid


def test_what_comes_while_it_warms_up_is_answered_after_that() -> None:
    with EngineProcess("cpu") as engine:
        engine.warm_up(WarmUp(SAMPLE, CONFIG))
        pid = engine.pid
        engine.warm_up(WarmUp(SAMPLE, CONFIG))  # it runs already
        assert engine.do(PlanChunks(SAMPLE, CONFIG)).chunks
        assert engine.do(PlanChunks(SAMPLE, CONFIG)).chunks
        assert engine.pid == pid


def test_a_warm_up_that_fails_disturbs_nothing(tmp_path: Path) -> None:
    with EngineProcess("cpu") as engine:
        engine.warm_up(WarmUp(tmp_path / "missing.mp4", CONFIG))
        assert engine.do(PlanChunks(SAMPLE, CONFIG)).chunks


def test_a_process_without_progress_is_ended() -> None:
    with EngineProcess("cpu") as engine:
        engine.do(PlanChunks(SAMPLE, CONFIG))
        engine.limits = Limits(silence_s=1.0)
        assert engine.pid is not None
        pid = engine.pid
        os.kill(pid, signal.SIGSTOP)
        with pytest.raises(ProcessDied) as died:
            engine.do(PlanChunks(SAMPLE, CONFIG))
        assert died.value.reason == "silent"
        assert not _is_alive(pid)


def test_too_much_computing_is_ended(tmp_path: Path) -> None:
    with EngineProcess("cpu", Limits(cpu_s=0.0)) as engine, pytest.raises(ProcessDied) as died:
        engine.do(Observe(SAMPLE, ChunkSpec(0, 0, 200, 0), AnalysisConfig(sample_rate=25.0), tmp_path / "0.npz"))
    assert died.value.reason == "cpu"
    assert not (tmp_path / "0.npz").exists()


def test_too_little_memory_is_told(tmp_path: Path) -> None:
    with EngineProcess("cpu", Limits(address_space_mb=900)) as engine, pytest.raises(ProcessDied):
        engine.do(Observe(SAMPLE, SHORT, CONFIG, tmp_path / "0.npz"))


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs Linux")
def test_a_process_that_reads_strangers_files_gets_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACELINE_SECRET_KEY", "s" * 60)
    monkeypatch.setenv("FACELINE_CACHE", "/somewhere")
    with EngineProcess("cpu") as engine:
        engine.do(PlanChunks(SAMPLE, CONFIG))
        environment = Path(f"/proc/{engine.pid}/environ").read_bytes()
    assert b"FACELINE_SECRET_KEY" not in environment
    assert b"FACELINE_CACHE=/somewhere" in environment  # what it needs, it gets


@pytest.mark.parametrize("changed", [{"max_faces": 3}, {"min_face_px": 40}, {"detector": "haar"}], ids=str)
def test_another_choice_of_faces_opens_other_detectors(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any]
) -> None:
    """One process serves the runs of many users; networks keep the config they were opened with."""
    opened: list[AnalysisConfig] = []
    monkeypatch.setattr(child_main, "open_networks", lambda config, device: opened.append(config) or config)
    session = child_main.EngineSession("cpu", io.BytesIO())
    for config in (CONFIG, replace(CONFIG, sample_rate=3.0), replace(CONFIG, **changed)):
        session.networks(config)
    assert opened == [CONFIG, replace(CONFIG, **changed)]


@pytest.mark.slow
def test_a_caller_cancels_from_within_the_progress(tmp_path: Path) -> None:
    class Canceled(Exception):
        pass

    def cancel(share: float) -> None:
        raise Canceled

    with EngineProcess("cpu") as engine:
        with pytest.raises(Canceled):
            engine.do(Observe(SAMPLE, ChunkSpec(0, 0, 60, 0), CONFIG, tmp_path / "0.npz"), cancel)
        assert engine.pid is None
        assert list(tmp_path.glob("*npz*")) == []


@pytest.mark.slow
def test_a_process_that_has_grown_is_replaced_after_the_request(tmp_path: Path) -> None:
    with EngineProcess("cpu", Limits(grown_mb=10)) as engine:
        engine.do(Observe(SAMPLE, SHORT, CONFIG, tmp_path / "0.npz"))
        assert engine.pid is None
        assert (tmp_path / "0.npz").exists()


@pytest.mark.slow
def test_memory_does_not_grow_with_the_chunks(tmp_path: Path) -> None:
    """Decoded pictures that hold themselves in circles would cost 25 MB a chunk."""
    config = AnalysisConfig(sample_rate=1.0)
    with EngineProcess("cpu") as engine:
        chunks = engine.do(PlanChunks(SAMPLE, config)).chunks
        assert len(chunks) >= 6
        peaks = [engine.do(Observe(SAMPLE, chunk, config, tmp_path / "x.npz")).peak_mb for chunk in chunks]
    assert peaks[-1] < 1.1 * peaks[0]
    assert peaks[-1] < 900  # with its worker of 150 MB, under 1.2 GB


@pytest.mark.slow
def test_the_process_ends_with_its_caller() -> None:
    script = (
        "from pathlib import Path; from analysis.child import EngineProcess\n"
        "from analysis import AnalysisConfig; from analysis.verbs import PlanChunks\n"
        "engine = EngineProcess('cpu')\n"
        f"engine.do(PlanChunks(Path({str(SAMPLE)!r}), AnalysisConfig()))\n"
        "print(engine.pid, flush=True)\n"
        "import os; os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    pid = int(done.stdout)
    for _ in range(100):
        if not _is_alive(pid):
            return
        time.sleep(0.1)
    pytest.fail("the process outlived its caller")


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
