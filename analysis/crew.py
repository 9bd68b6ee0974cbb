"""A whole video by several processes on this machine: what the command line runs.

Chunks go to whichever process is free; the result does not depend on who did what. Memory is that of the processes,
not of the video: what is seen lies in a temporary folder.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from analysis.child import EngineProcess, Limits
from analysis.config import AnalysisConfig
from analysis.types import ChunkSpec
from analysis.verbs import Annotate, Assemble, Decode, Decoded, Observe, PlanChunks, Planned, Usage

OnProgress = Callable[[float], None]  # the share that is done, 0-1
Result = TypeVar("Result")
ASSEMBLY_SHARE = 0.05  # of the bar


class Abandoned(Exception):  # not an error: another chunk failed, or the user pressed Ctrl-C
    """Raised inside a request to end it."""


@dataclass(frozen=True, slots=True)
class Finished:
    """Where the result lies, and what it took: one `Usage` a chunk, and that of the assembly, by process."""

    folder: Path
    planned: Planned
    observed: tuple[Usage, ...]
    assembled: Usage
    peaks_mb: tuple[float, ...]  # of each process


def default_workers() -> int:
    """One a core that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Crew:
    """`n_workers` engine processes; they stay between calls, networks loaded."""

    def __init__(self, device: str = "auto", n_workers: int | None = None, limits: Limits | None = None) -> None:
        self._engines = [EngineProcess(device, limits) for _ in range(n_workers or default_workers())]
        self._stop = threading.Event()

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        for engine in self._engines:
            engine.close()

    @property
    def n_workers(self) -> int:
        return len(self._engines)

    def warm_up(self, path: Path, config: AnalysisConfig) -> None:
        """Load and compile the networks in every process, on the first picture of a video."""
        chunk = replace(self._engines[0].do(PlanChunks(path, config)).chunks[0], end_sample=1)
        with tempfile.TemporaryDirectory(prefix="faceline-") as folder:
            for engine in self._engines:
                engine.do(Observe(path, chunk, config, Path(folder) / "0.npz"))

    @contextmanager
    def analyzed(
        self, path: Path, config: AnalysisConfig, on_progress: OnProgress = lambda share: None
    ) -> Iterator[Finished]:
        """The finished result in a folder that is gone afterwards: `result.json`, `portraits/`.

        Raises:
            RequestRefused: the video cannot be analyzed.
            ProcessDied: a process crashed, hung or met a limit.
        """
        planned = self._engines[0].do(PlanChunks(path, config))
        with tempfile.TemporaryDirectory(prefix="faceline-") as folder:
            out = Path(folder)
            files = [out / f"{chunk.index}.npz" for chunk in planned.chunks]
            observed = self._observe(path, config, planned.chunks, files, on_progress)
            assembled = self._engines[0].do(Assemble(planned.video, tuple(files), config, out))
            on_progress(1.0)
            yield Finished(out, planned, observed, assembled, self._peaks(observed, assembled))

    def annotate(self, path: Path, result_json: Path, out_path: Path, on_progress: OnProgress) -> None:
        """Write the video with boxes and names."""
        self._engines[0].do(Annotate(path, result_json, None, out_path), on_progress)

    def decode(self, path: Path, config: AnalysisConfig, chunks: tuple[ChunkSpec, ...]) -> Decoded:
        """Merely decode, with the same processes and chunks."""
        done = self._share_out(chunks, lambda engine, chunk: engine.do(Decode(path, chunk, config)))
        return Decoded(sum(one.n_frames for one in done), sum(one.cpu_s for one in done))

    # ------------------------------------------------------------

    def _observe(
        self,
        path: Path,
        config: AnalysisConfig,
        chunks: tuple[ChunkSpec, ...],
        files: list[Path],
        on_progress: OnProgress,
    ) -> tuple[Usage, ...]:
        total = sum(chunk.end_sample - chunk.first_sample for chunk in chunks)
        shares = dict.fromkeys(range(len(chunks)), 0.0)
        lock = threading.Lock()

        def observe(engine: EngineProcess, chunk: ChunkSpec) -> Usage:
            def note(share: float) -> None:
                if self._stop.is_set():
                    raise Abandoned
                with lock:
                    shares[chunk.index] = share * (chunk.end_sample - chunk.first_sample) / total
                    on_progress((1 - ASSEMBLY_SHARE) * sum(shares.values()))

            return engine.do(Observe(path, chunk, config, files[chunk.index]), note)

        return tuple(self._share_out(chunks, observe))

    def _share_out(
        self, chunks: tuple[ChunkSpec, ...], work: Callable[[EngineProcess, ChunkSpec], Result]
    ) -> list[Result]:
        """What `work` gives for each chunk, in their order; the first failure ends all."""
        self._stop.clear()
        waiting = iter(chunks)
        lock = threading.Lock()
        done: dict[int, Result] = {}

        def run(engine: EngineProcess) -> None:
            while not self._stop.is_set():
                with lock:
                    chunk = next(waiting, None)
                if chunk is None:
                    return
                done[chunk.index] = work(engine, chunk)

        with ThreadPoolExecutor(len(self._engines)) as pool:
            running = [pool.submit(run, engine) for engine in self._engines[: len(chunks)]]
            try:
                wait(running, return_when=FIRST_EXCEPTION)
            finally:
                self._stop.set()
        _raise_first(running)
        return [done[chunk.index] for chunk in chunks]

    def _peaks(self, observed: tuple[Usage, ...], assembled: Usage) -> tuple[float, ...]:
        peaks: dict[int, float] = {}
        for usage in (*observed, assembled):
            peaks[usage.pid] = max(peaks.get(usage.pid, 0.0), usage.peak_mb)
        return tuple(peaks[pid] for pid in sorted(peaks))


def _raise_first(finished: list[Future[None]]) -> None:
    errors = [error for error in (future.exception() for future in finished) if error is not None]
    for error in sorted(errors, key=lambda error: isinstance(error, Abandoned)):
        raise error
