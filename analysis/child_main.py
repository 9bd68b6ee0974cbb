"""What runs inside an `EngineProcess`: requests come in on standard input, replies go out, one JSON object a line."""

from __future__ import annotations

import argparse
import contextlib
import errno
import gc
import json
import os
import queue
import resource
import signal
import sys
import threading
import time
import traceback
from typing import IO, Any

import cv2

import analysis.verbs  # noqa: F401  # declares the verbs that requests name
from analysis.config import AnalysisConfig
from analysis.memory import resident_mb
from analysis.networks import Networks, open_networks
from analysis.plugins import plugin_modules
from analysis.runtime import DeviceError, choose_device
from analysis.verb import decode_verb, encode
from analysis.video.errors import VideoError
from models.registry import WeightsError

PROGRESS_EVERY_S = 0.25


class EngineSession:
    """The networks that stay open between requests, and the way back to the caller."""

    def __init__(self, device: str, replies: IO[bytes]) -> None:
        self.device = device
        self.replies = replies
        self._networks: dict[tuple[object, ...], Networks] = {}
        self._progress_at_s = 0.0

    def reply(self, **values: Any) -> None:
        self.replies.write(json.dumps(values).encode() + b"\n")
        self.replies.flush()

    def progress(self, share: float) -> None:
        if time.monotonic() - self._progress_at_s >= PROGRESS_EVERY_S:
            self._progress_at_s = time.monotonic()
            self.reply(progress=round(share, 4))

    def networks(self, config: AnalysisConfig) -> Networks:
        """Opened once for each choice of networks; a change of the choice closes the others."""
        self.reply(progress=0.0)  # alive: what comes may take long on a busy machine
        key = (config.attributes, config.detector, config.min_face_px, config.max_faces)  # what detectors are built of
        if key not in self._networks:
            self._networks = {key: open_networks(config, choose_device(self.device))}
            self.reply(progress=0.0)
        return self._networks[key]

    def answer(self, request: dict[str, Any]) -> None:
        _allow_cpu(request["cpu_s"])
        if not request["is_answered"]:
            with contextlib.suppress(Exception):  # told to the request that needs what it prepares
                self._perform(request)
            return
        try:
            done = self._perform(request)
        except VideoError as error:
            self.reply(refused=error.code, sentence=error.sentence)
        except FileNotFoundError as error:
            self.reply(refused="missing", sentence=f"There is no file {error.filename}.")
        except (PermissionError, IsADirectoryError) as error:
            self.reply(refused="unreadable", sentence=f"The file {error.filename} cannot be read.")
        except (DeviceError, WeightsError) as error:
            self.reply(refused="installation", sentence=str(error))
        except Exception as error:
            reason, sentence = _told(error)
            self.reply(failed=reason, sentence=sentence, trace=traceback.format_exc())
        else:
            gc.collect()  # PyAV's frames that were asked for side data hold themselves, and a chunk's buffers with them
            self.reply(done=encode(done), resident_mb=resident_mb())

    def _perform(self, request: dict[str, Any]) -> Any:
        return decode_verb(request["do"], request["with"]).perform(self)


def _told(error: Exception) -> tuple[str, str]:
    """The reason and the sentence of a `ProcessDied`."""
    if isinstance(error, MemoryError):
        return "memory", "Memory has run out."
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "failed", "The server's disk is full. Make room, then run the analysis again."
    return "failed", f"The analysis failed: {type(error).__name__}: {error}"


def main() -> None:
    options = argparse.ArgumentParser(prog="analysis.child_main")
    options.add_argument("--device", default="auto")
    options.add_argument("--memory-mb", type=int, default=0)
    chosen = options.parse_args()
    # what libraries print must not come between replies
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a death is told at once, not after gigabytes are written
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the caller's to answer; this process ends with it
    if chosen.memory_mb and _is_cpu(chosen.device):
        resource.setrlimit(resource.RLIMIT_AS, (chosen.memory_mb << 20, resource.RLIM_INFINITY))
    cv2.setNumThreads(1)  # processes, not threads, fill the cores
    plugin_modules()  # they declare verbs of their own
    session = EngineSession(chosen.device, replies)
    requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_read_requests, args=(requests,), daemon=True).start()
    while True:
        session.answer(requests.get())


def _is_cpu(device: str) -> bool:
    try:
        return choose_device(device).name == "cpu"
    except DeviceError:  # told to whoever asks for networks
        return True


def _read_requests(requests: queue.SimpleQueue[dict[str, Any]]) -> None:
    """Reads in a thread of its own, so that the end of the caller ends this process in the midst of work too."""
    for line in sys.stdin.buffer:
        requests.put(json.loads(line))
    os._exit(0)


def _allow_cpu(cpu_s: float) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + cpu_s) + 1, hard))


if __name__ == "__main__":
    main()
