"""Runs a module of ours that opens files of strangers, in a process of its own under limits."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import structlog
from django.conf import settings

from analysis.environment import without_secrets

log = structlog.get_logger(__name__)

REFUSED = 2  # exit code of a module that says why
LAST_WORDS_BYTES = 2_000
MEMORY_BYTES = 4 * 2**30  # address space, much of which the decoder's libraries never touch


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the process ended; `code` is negative when a signal ended it, None when its time was up."""

    code: int | None
    output: str


def run_module(module: str, *arguments: str, timeout_s: int, file_bytes: int = 0) -> Outcome:
    """Runs `python -m module arguments…`; what it prints comes back, its last words before a death are logged."""
    limits = ["--parent", str(os.getpid()), "--on-orphan", "SIGKILL", "--memory-bytes", str(MEMORY_BYTES)]
    limits += ["--cpu-s", str(timeout_s), "--file-bytes", str(file_bytes)]
    command = [sys.executable, "-m", "faceapp.core.launch", *limits, "--", sys.executable, "-m", module, *arguments]
    with _last_words() as (stderr, words):
        outcome = _run(command, timeout_s, stderr)
    if outcome.code not in (0, REFUSED):
        log.warning("child_died", module=module, code=outcome.code, last_words=words.decode(errors="replace"))
    return outcome


def _run(command: list[str], timeout_s: int, stderr: int) -> Outcome:
    try:
        done = subprocess.run(
            command,
            cwd=settings.BASE_DIR,
            env={**without_secrets(), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Outcome(None, "")
    return Outcome(done.returncode, done.stdout.decode(errors="replace"))


@contextlib.contextmanager
def _last_words() -> Iterator[tuple[int, bytearray]]:
    """A descriptor to complain to, and the end of what came, complete afterwards: a file may make a decoder talk on.

    No file takes it up, as the process may be allowed to write none.
    """
    reading, writing = os.pipe()
    words = bytearray()
    listener = threading.Thread(target=_listen, args=(reading, words), daemon=True)
    listener.start()
    try:
        yield writing, words
    finally:
        os.close(writing)
        listener.join()
        os.close(reading)


def _listen(reading: int, words: bytearray) -> None:
    while piece := os.read(reading, 65536):
        words += piece
        del words[:-LAST_WORDS_BYTES]
