"""How fast the whole is on this machine, and where the time goes.

Times on shared machines are noisy: what counts is the ratio to merely decoding the same file, with the same processes
and chunks, measured in the same run.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.config import AnalysisConfig
from analysis.crew import Crew, Finished
from analysis.evaluate.machine import described
from analysis.types import ChunkSpec, Image
from analysis.verbs import Decoded

if TYPE_CHECKING:
    from analysis.evaluate.peer import Compared

N_COMPARED = 40  # pictures that single searches are timed on


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One measurement; `to_dict` gives the published keys."""

    duration_s: float
    n_workers: int
    wall_s: float
    decode_only_wall_s: float
    decoded: Decoded
    n_samples: int
    n_faces: int
    stages: dict[str, tuple[float, float]]  # wall and CPU seconds, summed over processes
    peaks_mb: tuple[float, ...]  # resident, of each engine process
    parent_peak_mb: float
    compared: Compared

    def to_dict(self) -> dict[str, Any]:
        detect_s = self.stages.get("detect", (0.0, 0.0))[0]
        return {
            "realtime_factor": round(self.duration_s / self.wall_s, 2),
            "wall_s": round(self.wall_s, 3),
            "decode_only_wall_s": round(self.decode_only_wall_s, 3),
            "ratio_to_decode": round(self.wall_s / self.decode_only_wall_s, 2),
            "cpu_s": round(self._cpu_s, 3),
            "decode_only_cpu_s": round(self.decoded.cpu_s, 3),
            "cpu_ratio_to_decode": round(self._cpu_s / self.decoded.cpu_s, 2),
            "stages": {
                name: {"wall_s": round(wall_s, 3), "cpu_s": round(cpu_s, 3), "ms_per_sample": self._ms(wall_s)}
                for name, (wall_s, cpu_s) in self.stages.items()
            },
            "faces_per_s": round(self.n_faces / self.wall_s, 1),
            "peak_memory_mb": {
                "sum": round(sum(self.peaks_mb) + self.parent_peak_mb),
                "largest": round(max(self.peaks_mb)),
            },
            "detect_ms_per_frame": round(self.compared.detect_ms_per_frame, 2),
            "detect_ms_per_sample": self._ms(detect_s),
            "peer_ms_per_frame": _rounded(self.compared.peer_ms_per_frame, 2),
            "peer_faces_found": _rounded(self.compared.peer_faces_found, 4),
            "peer_sure_faces_found": _rounded(self.compared.peer_sure_faces_found, 4),
            "n_peer_faces": self.compared.n_peer_faces,
            "duration_s": round(self.duration_s, 3),
            "n_workers": self.n_workers,
            "n_samples": self.n_samples,
            "n_faces": self.n_faces,
            "decoded_frames_per_s": round(self.decoded.n_frames / self.decode_only_wall_s, 1),
            "machine": described(),
        }

    @property
    def _cpu_s(self) -> float:
        return sum(cpu_s for _, cpu_s in self.stages.values())

    def _ms(self, seconds: float) -> float:
        return round(1000 * seconds / max(self.n_samples, 1), 2)


def run_benchmark(
    path: Path,
    config: AnalysisConfig,
    device: str = "auto",
    n_workers: int | None = None,
    *,
    loop_to_s: float | None = None,
    with_peer: bool = False,
) -> Benchmark:
    """Analyze and merely decode a video with the same warm processes; then time single searches.

    Args:
        loop_to_s: the video is repeated until it lasts so long.
        with_peer: facenet-pytorch's detector is timed on the same pictures.

    Raises:
        EngineError: the video cannot be analyzed.
        VideoError: it cannot be repeated.
    """
    with tempfile.TemporaryDirectory(prefix="faceline-") as folder:
        measured = path if loop_to_s is None else _looped(path, loop_to_s, Path(folder))
        with Crew(device, n_workers) as crew:
            crew.warm_up(measured, config)
            began = time.perf_counter()
            with crew.analyzed(measured, config) as finished:
                wall_s = time.perf_counter() - began
            began = time.perf_counter()
            decoded = crew.decode(measured, config, finished.planned.chunks)
            decode_s = time.perf_counter() - began
            n_processes = crew.n_workers
    parent_peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    compared = _compare(path, config, device, with_peer=with_peer)
    return _summed(finished, n_processes, wall_s, decode_s, decoded, parent_peak_mb, compared)


def _looped(path: Path, seconds: float, folder: Path) -> Path:
    from analysis.evaluate.looping import loop_to

    return loop_to(path, seconds, folder)


def _compare(path: Path, config: AnalysisConfig, device: str, *, with_peer: bool) -> Compared:
    from analysis.evaluate.peer import compare

    return compare(pictures_of(path, config, N_COMPARED), config, device, with_peer=with_peer)


def pictures_of(path: Path, config: AnalysisConfig, n: int) -> Sequence[Image]:
    """About n of the sampled pictures of a video, evenly over its length."""
    from analysis.pipeline import plan
    from analysis.video.reader import read_samples

    chunks = plan(path, config)
    every = max(1, chunks[-1].end_sample // n)
    return [
        frame.image.copy()
        for chunk in chunks
        for frame in read_samples(path, chunk, config)
        if any(sample % every == 0 for sample in range(frame.first_sample, frame.end_sample))
    ]


def told(figures: dict[str, Any]) -> list[str]:
    """The figures of `Benchmark.to_dict` in a few lines."""
    lines = [
        f"{figures['realtime_factor']} × real time with {figures['n_workers']} processes",
        f"{figures['wall_s']} s; decoding alone {figures['decode_only_wall_s']} s: "
        f"{figures['ratio_to_decode']} × as long, {figures['cpu_ratio_to_decode']} × as much computing",
    ]
    for name, stage in figures["stages"].items():
        times = f"{stage['wall_s']:8.2f} s wall {stage['cpu_s']:8.2f} s CPU"
        lines.append(f"  {name:9} {times}, {stage['ms_per_sample']} ms a sample")
    lines.append(f"Whole search: {figures['detect_ms_per_frame']} ms a frame")
    if figures["peer_ms_per_frame"]:
        ratio = figures["peer_ms_per_frame"] / figures["detect_ms_per_frame"]
        lines.append(
            f"  the peer {figures['peer_ms_per_frame']} ms: {ratio:.1f} × as long; "
            f"{figures['peer_faces_found'] or 0:.1%} of its {figures['n_peer_faces']} faces found, "
            f"{figures['peer_sure_faces_found'] or 0:.1%} of those it is sure of"
        )
    memory = figures["peak_memory_mb"]
    lines.append(f"{figures['faces_per_s']} faces a second")
    lines.append(f"{memory['sum']} MB in all, {memory['largest']} MB the largest process")
    return lines


def decode_only(path: Path, chunk: ChunkSpec, config: AnalysisConfig) -> int:
    """Decode the frames of a chunk and drop them; gives their number."""
    from analysis.video.decoder import ChunkDecoder
    from analysis.video.source import open_source
    from analysis.video.timing import exact

    with open_source(path) as source:
        decoder = ChunkDecoder(source, chunk, exact(config.sample_rate))
        decoder.seek(0.0 if chunk.index else None)
        n = 0
        for placed in decoder.frames():
            n += 1
            if placed.pts > decoder.last_pts:
                break
        return n


def _summed(
    finished: Finished,
    n_workers: int,
    wall_s: float,
    decode_s: float,
    decoded: Decoded,
    parent_peak_mb: float,
    compared: Compared,
) -> Benchmark:
    stages: dict[str, tuple[float, float]] = {}
    for usage in (*finished.observed, finished.assembled):
        for name, (wall, cpu) in usage.stages.items():
            before = stages.get(name, (0.0, 0.0))
            stages[name] = (before[0] + wall, before[1] + cpu)
    return Benchmark(
        duration_s=finished.planned.video.duration_s,
        n_workers=n_workers,
        wall_s=wall_s,
        decode_only_wall_s=decode_s,
        decoded=decoded,
        n_samples=sum(chunk.end_sample - chunk.first_sample for chunk in finished.planned.chunks),
        n_faces=sum(usage.n_faces for usage in finished.observed),
        stages=stages,
        peaks_mb=finished.peaks_mb,
        parent_peak_mb=parent_peak_mb,
        compared=compared,
    )


def _rounded(figure: float | None, digits: int) -> float | None:
    return None if figure is None else round(figure, digits)
