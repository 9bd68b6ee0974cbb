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
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import IO, Any

import cv2

from analysis import pipeline
from analysis.checkpoint import load_observations, pictures_in, save_observations
from analysis.config import AnalysisConfig
from analysis.networks import Networks, open_networks
from analysis.outcome import portrait_writer, write_outcome
from analysis.runtime import DeviceError, choose_device
from analysis.stopwatch import Stopwatch
from analysis.types import ChunkSpec, Images, VideoFacts
from analysis.video.errors import VideoError
from models.registry import WeightsError

PROGRESS_EVERY_S = 0.25
WARM_UP_S = 2.0  # of a video that are looked at


class Session:
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

    # ------------------------------------------------------------ one method a request

    def warm_up(self, path: str, config: dict[str, Any]) -> None:
        """Have everything loaded and compiled that a first chunk would wait for; nobody waits for this reply."""
        choice = AnalysisConfig.from_dict(config)
        networks = self.networks(choice)
        chunk = pipeline.plan(Path(path), choice)[0]
        end_sample = min(chunk.end_sample, round(WARM_UP_S * choice.sample_rate))
        alive = partial(self.progress, 0.0)  # for whoever asks for something meanwhile
        first = replace(chunk, end_sample=end_sample)
        pipeline.observe(Path(path), first, choice, networks, lambda share: alive())

    def plan(self, path: str, config: dict[str, Any], name: str) -> dict[str, Any]:
        video = pipeline.describe(Path(path), name)
        chunks = pipeline.plan(Path(path), AnalysisConfig.from_dict(config))
        return {"video": asdict(video), "chunks": [asdict(chunk) for chunk in chunks]}

    def observe(self, path: str, chunk: dict[str, Any], config: dict[str, Any], out: str) -> dict[str, Any]:
        choice = AnalysisConfig.from_dict(config)
        watch = Stopwatch()
        observations = pipeline.observe(
            Path(path), ChunkSpec(**chunk), choice, self.networks(choice), self.progress, watch
        )
        save_observations(observations, Path(out))
        n_faces = sum(len(tracklet.samples) for tracklet in observations.tracklets)
        return {"stages": watch.seconds, "n_faces": n_faces}

    def assemble(
        self, video: dict[str, Any], checkpoints: list[str], config: dict[str, Any], out: str
    ) -> dict[str, Any]:
        choice = AnalysisConfig.from_dict(config)
        watch = Stopwatch()
        files = [Path(checkpoint) for checkpoint in checkpoints]
        observations = [load_observations(path, with_pictures=False) for path in files]
        write_portraits = portrait_writer(Path(out))

        def keep(track_id: int, images: Images) -> None:
            write_portraits(track_id, images)
            self.progress(0.5)

        networks = self.networks(choice)
        result = pipeline.assemble(VideoFacts(**video), observations, choice, networks, watch, pictures_in(files), keep)
        write_outcome(result, Path(out))
        return {"stages": watch.seconds}

    def annotate(self, path: str, result: str, names: str | None, out: str) -> dict[str, Any]:
        from analysis.video.annotate import annotate

        annotate(Path(path), Path(result), Path(names) if names else None, Path(out), self.progress)
        return {}

    def make_proxy(self, path: str, out: str) -> dict[str, Any]:
        from analysis.video.proxy import make_proxy

        make_proxy(Path(path), Path(out), self.progress)
        return {}

    def decode(self, path: str, chunk: dict[str, Any], config: dict[str, Any]) -> dict[str, Any]:
        from analysis.evaluate.benchmark import decode_only

        watch = Stopwatch()
        with watch.measure("decode"):
            n_frames = decode_only(Path(path), ChunkSpec(**chunk), AnalysisConfig.from_dict(config))
        return {"n_frames": n_frames, "cpu_s": watch.seconds["decode"][1]}

    def answer(self, request: dict[str, Any]) -> None:
        verb, cpu_s = request.pop("do"), request.pop("cpu_s")
        _allow_cpu(cpu_s)
        if verb == "warm_up":
            with contextlib.suppress(Exception):  # told when the networks are needed
                self.warm_up(**request)
            return
        try:
            values = getattr(self, verb)(**request)
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
            self.reply(pid=os.getpid(), resident_mb=_resident_mb(), peak_mb=_peak_mb(), **values)


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
    session = Session(chosen.device, replies)
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


def _peak_mb() -> float:
    return _status_mb("VmHWM")


def _resident_mb() -> float:
    return _status_mb("VmRSS")


def _status_mb(key: str) -> float:
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:  # macOS
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return next(float(line.split()[1]) for line in lines if line.startswith(key)) / 1024


if __name__ == "__main__":
    main()
