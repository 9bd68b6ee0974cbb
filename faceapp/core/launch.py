"""Starts another program so that it cannot outlive or outgrow us: `python -m faceapp.core.launch … -- PROGRAM …`.

It sets limits on itself and becomes the program (exec), so that there is no extra process. On Linux the kernel sends
the program SIGTERM (or the signal that `--on-orphan` names) when whoever started it dies, however it dies.
Imports nothing of Django: it must be quick.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def die_with_parent(parent: int = 0, sent: signal.Signals = signal.SIGTERM) -> None:
    """Asks the kernel to send us a signal when our parent dies; leaves at once when `parent` has died already."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, sent)
    if parent and os.getppid() != parent:
        raise SystemExit(1)


def limit(kind: int, value: int | None) -> None:
    if value is not None:
        resource.setrlimit(kind, (value, value))


def main() -> None:
    parser = argparse.ArgumentParser(prog="faceapp.core.launch")
    parser.add_argument("--parent", type=int, default=0, help="process that must still be alive")
    parser.add_argument("--on-orphan", default="SIGTERM", choices=["SIGTERM", "SIGKILL"])
    parser.add_argument("--memory-bytes", type=int, help="of address space")
    parser.add_argument("--cpu-s", type=int)
    parser.add_argument("--file-bytes", type=int, help="largest file it may write")
    parser.add_argument("--nice", type=int, default=0, help="how far it steps back behind others")
    parser.add_argument("program", nargs="+")
    options = parser.parse_args()
    limit(resource.RLIMIT_AS, options.memory_bytes)
    limit(resource.RLIMIT_CPU, options.cpu_s)
    limit(resource.RLIMIT_FSIZE, options.file_bytes)
    limit(resource.RLIMIT_CORE, 0)
    os.nice(options.nice)
    die_with_parent(options.parent, signal.Signals[options.on_orphan])
    os.execvp(options.program[0], options.program)


if __name__ == "__main__":
    main()
