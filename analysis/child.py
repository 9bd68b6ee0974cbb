"""A process of its own for decoding and networks, so that no video can take its caller down.

Started with spawn's semantics (a fresh interpreter, never a fork), long-lived, networks loaded once, one thread of
computing. The command line runs one a core, the worker one. This file is the caller's side and imports neither torch
nor cv2; `analysis.child_main` is what runs inside.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from analysis.config import AnalysisConfig
from analysis.environment import without_secrets
from analysis.types import ChunkSpec, VideoFacts

logger = logging.getLogger(__name__)

OnProgress = Callable[[float], None]  # the share of the request that is done, 0-1
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a request may use before its process is ended."""

    address_space_mb: int = 8_192  # not set on CUDA, whose driver maps far more than it uses
    cpu_s: float = 3_600.0
    copy_cpu_s: float = 12 * 3_600.0  # of a copy of a whole video, which is not cut into chunks
    silence_s: float = 180.0  # without progress; starting and compiling networks on a busy machine included
    grown_mb: int = 1_600  # resident; above it the process is replaced after the request


class EngineError(RuntimeError):
    """A request that came to no result; the message is a sentence for the user."""


class RequestRefused(EngineError):
    """The video itself is at fault, trying again is useless; `code` is that of `analysis.video.VideoError`."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class ProcessDied(EngineError):
    """The process crashed, hung or met a limit; `reason` is "crashed", "silent", "cpu", "memory" or "failed"."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Usage:
    """What a request took."""

    stages: dict[str, tuple[float, float]]  # wall and CPU seconds by stage
    n_faces: int  # samples of faces seen
    pid: int
    peak_mb: float  # resident memory of the process, at most so far


class Decoded(NamedTuple):
    """What merely decoding took."""

    n_frames: int
    cpu_s: float


@dataclass(frozen=True, slots=True)
class Planned:
    video: VideoFacts
    chunks: tuple[ChunkSpec, ...]


class EngineProcess:
    """Runs plan, observe and assemble in a child process that is started at need and replaced when it died.

    One request at a time; use one instance a thread. Every method raises

    * `RequestRefused`: the video cannot be analysed (its sentence is for the user);
    * `ProcessDied`: the process crashed, hung or met a limit. It is replaced by the next call; whether to try again is
      the caller's to decide;
    * whatever `on_progress` raises, after the process was ended: so a caller cancels.

    >>> with EngineProcess(device="cpu") as engine:
    ...     planned = engine.plan(path, config)
    ...     engine.observe(path, planned.chunks[0], config, folder / "0.npz", on_progress=print)
    ...     engine.assemble(planned.video, [folder / "0.npz"], config, folder)  # result.json, portraits/<track>-<n>.jpg
    """

    def __init__(self, device: str = "auto", limits: Limits | None = None) -> None:
        self.device = device
        self.limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None
        self._unread = b""
        self._log: Any = None

    def __enter__(self) -> EngineProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The running child's, None when there is none."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def warm_up(self, path: Path, config: AnalysisConfig) -> None:
        """Start the child, if there is none, on loading and compiling the networks; does not wait for it.

        `path` is a video with faces, whose first seconds are looked at for nothing; a request that comes meanwhile is
        answered after that. When it fails, the request that needs the networks says so.
        """
        if self.pid is None:
            self._send("warm_up", path=str(path.absolute()), config=config.to_dict())

    def plan(self, path: Path, config: AnalysisConfig, name: str | None = None) -> Planned:
        """Probe, hash and cut into chunks; `name` is the one to show (default: the file's)."""
        reply = self._request("plan", path=str(path.absolute()), config=config.to_dict(), name=name or path.name)
        return Planned(VideoFacts(**reply["video"]), tuple(ChunkSpec(**chunk) for chunk in reply["chunks"]))

    def observe(
        self,
        path: Path,
        chunk: ChunkSpec,
        config: AnalysisConfig,
        out_path: Path,
        on_progress: OnProgress | None = None,
    ) -> Usage:
        """Observe one chunk and write the checkpoint `out_path` (whole or not at all)."""
        return _usage(
            self._request(
                "observe",
                on_progress,
                path=str(path.absolute()),
                chunk=asdict(chunk),
                config=config.to_dict(),
                out=str(out_path.absolute()),
            )
        )

    def assemble(
        self,
        video: VideoFacts,
        checkpoints: Sequence[Path],
        config: AnalysisConfig,
        out_folder: Path,
        on_progress: OnProgress | None = None,
    ) -> Usage:
        """Join the checkpoints of all chunks, in their order.

        Writes into `out_folder`: `result.json`; `portraits/<track_id>-<n>.jpg`, n from 0, best first; `crops.npz`
        with what was read of single crops (`analysis.serialize.load_crop_predictions`).
        """
        return _usage(
            self._request(
                "assemble",
                on_progress,
                video=asdict(video),
                checkpoints=[str(path.absolute()) for path in checkpoints],
                config=config.to_dict(),
                out=str(out_folder.absolute()),
            )
        )

    def annotate(
        self,
        path: Path,
        result_json: Path,
        out_path: Path,
        on_progress: OnProgress | None = None,
        names_json: Path | None = None,
    ) -> None:
        """Write the video with boxes and names, h264 in mp4; `names_json` is told in `analysis.video.annotate`."""
        self._request(
            "annotate",
            on_progress,
            self.limits.copy_cpu_s,
            path=str(path.absolute()),
            result=str(result_json.absolute()),
            names=str(names_json.absolute()) if names_json else None,
            out=str(out_path.absolute()),
        )

    def make_proxy(self, path: Path, out_path: Path, on_progress: OnProgress | None = None) -> None:
        """Write a copy that every browser plays."""
        cpu_s = self.limits.copy_cpu_s
        self._request("make_proxy", on_progress, cpu_s, path=str(path.absolute()), out=str(out_path.absolute()))

    def decode(self, path: Path, chunk: ChunkSpec, config: AnalysisConfig) -> Decoded:
        """Merely decode a chunk, without conversion, for the benchmark."""
        reply = self._request("decode", path=str(path.absolute()), chunk=asdict(chunk), config=config.to_dict())
        return Decoded(reply["n_frames"], reply["cpu_s"])

    def close(self) -> None:
        """End the child; the next request starts a new one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):  # unsent bytes of a dead child
                        pipe.close()
        if self._log is not None:
            self._log.close()
            self._log = None
        self._unread = b""

    # ------------------------------------------------------------ the wire: one JSON object a line

    def _request(
        self, verb: str, on_progress: OnProgress | None = None, cpu_s: float | None = None, **values: Any
    ) -> dict[str, Any]:
        try:
            self._send(verb, cpu_s, **values)
            return self._await_reply(on_progress)
        except RequestRefused:
            raise
        except BaseException:
            self.close()
            raise

    def _send(self, verb: str, cpu_s: float | None = None, **values: Any) -> None:
        process = self._start()
        limit_s = self.limits.cpu_s if cpu_s is None else cpu_s
        line = json.dumps({"do": verb, "cpu_s": limit_s, **values}) + "\n"
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it died since: the reading says how
            process.stdin.write(line.encode())
            process.stdin.flush()

    def _await_reply(self, on_progress: OnProgress | None) -> dict[str, Any]:
        while True:
            reply = self._read_reply()
            if "progress" in reply:
                if on_progress is not None:
                    on_progress(reply["progress"])
            elif "refused" in reply:
                raise RequestRefused(reply["refused"], reply["sentence"])
            elif "failed" in reply:
                logger.error("engine request failed\n%s", reply["trace"])
                raise ProcessDied(reply["failed"], reply["sentence"])
            else:
                if reply["resident_mb"] > self.limits.grown_mb:
                    self.close()
                return reply

    def _read_reply(self) -> dict[str, Any]:
        assert self._process is not None
        assert self._process.stdout is not None
        pipe = self._process.stdout.fileno()
        silent_until = time.monotonic() + self.limits.silence_s
        while b"\n" not in self._unread:
            left_s = silent_until - time.monotonic()
            if left_s <= 0 or not select.select([pipe], [], [], left_s)[0]:
                raise ProcessDied("silent", f"The analysis made no progress for {self.limits.silence_s:.0f} seconds.")
            received = os.read(pipe, 65536)
            if not received:
                raise self._death()
            self._unread += received
        line, self._unread = self._unread.split(b"\n", 1)
        reply: dict[str, Any] = json.loads(line)
        return reply

    def _death(self) -> ProcessDied:
        assert self._process is not None
        code = self._process.wait()
        self._log.seek(0)
        logger.error("engine process ended with %s\n%s", code, self._log.read()[-4000:].decode(errors="replace"))
        if code == -signal.SIGXCPU:
            return ProcessDied("cpu", "The analysis took more computing time than is allowed for one part of a video.")
        if code == -signal.SIGKILL:
            return ProcessDied("memory", "The analysis was ended from outside; most often memory has run out.")
        return ProcessDied("crashed", "The analysis crashed while reading this video; the file may be damaged.")

    def _start(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.close()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
        memory_mb = self.limits.address_space_mb
        self._process = subprocess.Popen(
            [sys.executable, "-m", "analysis.child_main", "--device", self.device, "--memory-mb", str(memory_mb)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            cwd=ROOT,
            env=without_secrets(),
        )
        return self._process


def _usage(reply: dict[str, Any]) -> Usage:
    stages = {name: (wall_s, cpu_s) for name, (wall_s, cpu_s) in reply["stages"].items()}
    return Usage(stages, reply.get("n_faces", 0), reply["pid"], reply["peak_mb"])
