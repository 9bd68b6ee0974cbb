"""The whole engine on one page: plan → observe → assemble, and analyze, which does all three.

    plan(path, config)                           chunks, from packets alone
    observe(path, chunk, config, networks)       what is seen and read in one chunk; any chunk, any process, any order
    assemble(video, observations, config, …)     tracks, people, and what is said of them; small, runs once

A worker runs `observe` for each chunk and `assemble` at the end; the command line and `analyze` do the same with a
process a core. So all of them give the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from analysis.assembly import KeepPortraits, Pictures, conclude
from analysis.config import AnalysisConfig
from analysis.networks import Networks, open_networks
from analysis.observing import Observer
from analysis.runtime import choose_device
from analysis.stopwatch import Stopwatch
from analysis.types import ChunkSpec, EngineFacts, Observations, VideoFacts, VideoResult
from analysis.version import VERSION
from analysis.video.plan import plan_chunks
from analysis.video.probe import probe_video
from analysis.video.reader import SampleReader
from analysis.video.warnings import join

OnProgress = Callable[[float], None]  # the share that is done, 0-1


def describe(path: Path, name: str | None = None) -> VideoFacts:
    """What the result says of the file; `name` is the one to show (default: the file's).

    Raises:
        VideoError: the file cannot be analyzed.
    """
    probe = probe_video(path)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return VideoFacts(name or path.name, sha256, probe.duration_s, probe.width_px, probe.height_px, probe.frame_rate)


def plan(path: Path, config: AnalysisConfig) -> tuple[ChunkSpec, ...]:
    """The chunks of a video, the same for any number of workers.

    Raises:
        VideoError: the file cannot be analyzed.
    """
    return plan_chunks(path, config)


def observe(
    path: Path,
    chunk: ChunkSpec,
    config: AnalysisConfig,
    networks: Networks,
    on_progress: OnProgress = lambda share: None,
    watch: Stopwatch | None = None,
) -> Observations:
    """Decode, detect, follow, cut out the best pictures, and read expressions on every sample and all else of those.

    Raises:
        VideoError: the file cannot be opened.
    """
    watch = watch or Stopwatch()
    reader = SampleReader(path, chunk, config)
    observer = Observer(chunk, config, networks, watch)
    n_samples = max(1, chunk.end_sample - chunk.first_sample)
    for frame in watch.each("decode", reader):
        observer.see(frame)
        on_progress((frame.end_sample - chunk.first_sample) / n_samples)
    tracklets = []
    for tracklet in observer.finish(goes_on=reader.goes_on):
        tracklets.append(tracklet)
        on_progress(1.0)  # alive: a crowd takes its time
    return Observations(
        chunk=chunk,
        tracklets=tuple(tracklets),
        shot_starts_s=reader.shot_starts_s,
        end_s=reader.end_s,
        warnings=(*reader.warnings, *observer.warnings),
    )


def assemble(
    video: VideoFacts,
    observations: Sequence[Observations],
    config: AnalysisConfig,
    networks: Networks,
    watch: Stopwatch | None = None,
    pictures: Pictures | None = None,
    keep_portraits: KeepPortraits | None = None,
) -> VideoResult:
    """Join over borders, find people, pool what was read.

    Args:
        video: from `describe`.
        observations: of every chunk of the plan, in its order.
        networks: what the observations were made with; nothing is computed by them any more.
        pictures: where the crops' pictures lie, when the observations were loaded without.
        keep_portraits: takes the best pictures of each track, which then holds none: so memory does not grow with them.
    """
    watch = watch or Stopwatch()
    with watch.measure("assemble"):
        shots, tracks, people = conclude(
            video, observations, config, networks.floors, networks.interval_masses, pictures, keep_portraits
        )
    device = networks.device
    n_frames = round(video.duration_s * video.frame_rate)
    return VideoResult(
        video=video,
        config=config,
        engine=EngineFacts(VERSION, device.name, device.runtime, device.precision),
        weights=networks.weights,
        warnings=join((warning for chunk in observations for warning in chunk.warnings), n_frames),
        shots=shots,
        tracks=tracks,
        people=people,
    )


def analyze(
    path: Path,
    config: AnalysisConfig | None = None,
    device: str = "auto",
    on_progress: OnProgress = lambda share: None,
) -> VideoResult:
    """All of it in this process: the engine as a library, in one call.

    Raises:
        VideoError: the file cannot be analyzed.
        DeviceError: the device is not there.
    """
    config = config or AnalysisConfig()
    video, chunks = describe(path), plan(path, config)
    networks = open_networks(config, choose_device(device))
    observations = []
    for chunk in chunks:
        on_progress(chunk.index / len(chunks))
        observations.append(observe(path, chunk, config, networks))
    return assemble(video, observations, config, networks)
