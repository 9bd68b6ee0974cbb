"""The built-in verbs of an engine process (`analysis.child`)."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from analysis.config import AnalysisConfig
from analysis.memory import peak_mb
from analysis.stopwatch import Stopwatch
from analysis.types import ChunkSpec, Images, VideoFacts
from analysis.verb import Session, Verb

WARM_UP_S = 2.0  # of a video


@dataclass(frozen=True, slots=True)
class Planned:
    """What a video is, and the chunks that it is cut into."""

    video: VideoFacts
    chunks: tuple[ChunkSpec, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """What a request took."""

    stages: dict[str, tuple[float, float]]  # wall and CPU seconds by stage
    pid: int
    peak_mb: float  # resident memory of the process, at most so far
    n_faces: int = 0  # samples of faces seen


@dataclass(frozen=True, slots=True)
class Decoded:
    """What merely decoding took."""

    n_frames: int
    cpu_s: float


@dataclass(frozen=True, slots=True)
class WarmUp(Verb[None]):
    """Load and compile the networks that a first chunk would wait for."""

    path: Path  # of a video with faces; its first seconds are analyzed and thrown away
    config: AnalysisConfig

    def perform(self, session: Session) -> None:
        from analysis import pipeline

        networks = session.networks(self.config)
        chunk = pipeline.plan(self.path, self.config)[0]
        end_sample = min(chunk.end_sample, round(WARM_UP_S * self.config.sample_rate))
        alive = partial(session.progress, 0.0)  # for a request that waits meanwhile
        first = replace(chunk, end_sample=end_sample)
        pipeline.observe(self.path, first, self.config, networks, lambda share: alive())


@dataclass(frozen=True, slots=True)
class PlanChunks(Verb[Planned]):
    """Probe and hash a video, and cut it into chunks."""

    path: Path
    config: AnalysisConfig
    name: str | None = None  # to show; None: the file's

    def perform(self, session: Session) -> Planned:
        from analysis import pipeline

        video = pipeline.describe(self.path, self.name or self.path.name)
        return Planned(video, tuple(pipeline.plan(self.path, self.config)))


@dataclass(frozen=True, slots=True)
class Observe(Verb[Usage]):
    """Observe one chunk and write its checkpoint, whole or not at all."""

    path: Path
    chunk: ChunkSpec
    config: AnalysisConfig
    out: Path  # the checkpoint

    def perform(self, session: Session) -> Usage:
        from analysis import pipeline
        from analysis.checkpoint import save_observations

        watch, networks = Stopwatch(), session.networks(self.config)
        observations = pipeline.observe(self.path, self.chunk, self.config, networks, session.progress, watch)
        save_observations(observations, self.out)
        return _usage(watch, sum(len(tracklet.samples) for tracklet in observations.tracklets))


@dataclass(frozen=True, slots=True)
class Assemble(Verb[Usage]):
    """Join the checkpoints of all chunks of a video.

    Writes into the folder `out`: `result.json`; `portraits/<track_id>-<n>.jpg`, n from 0, best first; `crops.npz` with
    what was read of single crops (`analysis.serialize.load_crop_predictions`).
    """

    video: VideoFacts
    checkpoints: tuple[Path, ...]  # in the order of their chunks
    config: AnalysisConfig
    out: Path

    def perform(self, session: Session) -> Usage:
        from analysis import pipeline
        from analysis.checkpoint import load_observations, pictures_in
        from analysis.outcome import portrait_writer, write_outcome

        watch, networks = Stopwatch(), session.networks(self.config)
        observations = [load_observations(path, with_pictures=False) for path in self.checkpoints]
        write_portraits = portrait_writer(self.out)

        def keep(track_id: int, images: Images) -> None:
            write_portraits(track_id, images)
            session.progress(0.5)

        pictures = pictures_in(list(self.checkpoints))
        result = pipeline.assemble(self.video, observations, self.config, networks, watch, pictures, keep)
        write_outcome(result, self.out)
        return _usage(watch)


@dataclass(frozen=True, slots=True)
class Annotate(Verb[None]):
    """Write a copy of a video with boxes and names, h264 in mp4."""

    budget = "copy"
    path: Path
    result: Path  # result.json
    names: Path | None  # told in `analysis.video.annotate`
    out: Path

    def perform(self, session: Session) -> None:
        from analysis.video.annotate import annotate

        annotate(self.path, self.result, self.names, self.out, session.progress)


@dataclass(frozen=True, slots=True)
class MakeProxy(Verb[None]):
    """Write a copy of a video that every browser plays."""

    budget = "copy"
    path: Path
    out: Path

    def perform(self, session: Session) -> None:
        from analysis.video.proxy import make_proxy

        make_proxy(self.path, self.out, session.progress)


@dataclass(frozen=True, slots=True)
class Decode(Verb[Decoded]):
    """Merely decode a chunk, without conversion, for the benchmark."""

    path: Path
    chunk: ChunkSpec
    config: AnalysisConfig

    def perform(self, session: Session) -> Decoded:
        from analysis.evaluate.benchmark import decode_only

        watch = Stopwatch()
        with watch.measure("decode"):
            n_frames = decode_only(self.path, self.chunk, self.config)
        return Decoded(n_frames, watch.seconds["decode"][1])


def _usage(watch: Stopwatch, n_faces: int = 0) -> Usage:
    return Usage(watch.seconds, os.getpid(), peak_mb(), n_faces)
