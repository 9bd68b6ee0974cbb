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
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.environment import without_secrets
from analysis.verb import Reply, Verb, decode_reply, encode, name_of

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


class EngineProcess:
    """Performs verbs (`analysis.verbs`) in a child process that is started at need and replaced when it died.

    One request at a time; use one instance per thread. `do` raises

    * `RequestRefused`: the video cannot be analyzed (its sentence is for the user);
    * `ProcessDied`: the process crashed, hung or met a limit. It is replaced by the next call; whether to try again is
      the caller's to decide;
    * whatever `on_progress` raises, after the process was ended: so a caller cancels.

    >>> with EngineProcess(device="cpu") as engine:
    ...     planned = engine.do(Plan(path, config))
    ...     engine.do(Observe(path, planned.chunks[0], config, folder / "0.npz"), on_progress=print)
    ...     engine.do(Assemble(planned.video, (folder / "0.npz",), config, folder))
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

    def do(self, verb: Verb[Reply], on_progress: OnProgress | None = None) -> Reply:
        """Have the child perform a verb, and wait for its reply."""
        try:
            self._send(verb)
            return decode_reply(verb, self._await_reply(on_progress))
        except RequestRefused:
            raise
        except BaseException:
            self.close()
            raise

    def warm_up(self, verb: Verb[None]) -> None:
        """Start the child, if there is none, with this verb; does not wait for it.

        A request that comes meanwhile is answered after that. When the verb fails, the request that needs what it
        prepares says so.
        """
        if self.pid is None:
            self._send(verb, is_answered=False)

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

    def _send(self, verb: Verb[Any], *, is_answered: bool = True) -> None:
        process = self._start()
        cpu_s = self.limits.copy_cpu_s if verb.budget == "copy" else self.limits.cpu_s
        request = {"do": name_of(verb), "with": encode(verb), "cpu_s": cpu_s, "is_answered": is_answered}
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it died since: the reading says how
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()

    def _await_reply(self, on_progress: OnProgress | None) -> Any:
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
                return reply["done"]

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
