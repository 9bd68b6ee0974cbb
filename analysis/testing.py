"""Scenes with known truth, for tests of every room: who is where, as a detector would say it, and finished results.

No pictures here: faces are boxes that move by a formula, and embeddings are unit vectors that differ between people.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from analysis.assembly import conclude
from analysis.builtin_attributes import ETHNICITIES, GAZE
from analysis.config import AnalysisConfig
from analysis.track.identity import faces_of
from analysis.track.lifecycle import Lifecycle
from analysis.track.tracker import Tracker
from analysis.track.tracklets import Sighting, TrackletBuilder
from analysis.types import (
    EMBEDDING_LENGTH,
    EMOTIONS,
    GENDERS,
    N_AGES,
    ChunkSpec,
    Detections,
    EngineFacts,
    Floats,
    Image,
    Images,
    Integers,
    Observations,
    Tracklet,
    VideoFacts,
    VideoResult,
    WeightsFacts,
)
from models.face_measures import USUAL

EMBEDDING_NOISE = 0.02  # of each number of an embedding
LANDMARKS = np.array([[0.3, 0.4], [0.7, 0.4], [0.5, 0.6], [0.35, 0.8], [0.65, 0.8]], np.float32)  # in the box


@dataclass(frozen=True, slots=True)
class Actor:
    """One individual, and where the face is at a time: center x, center y, size in px, or None when not in view."""

    name: int
    path: Callable[[float], tuple[float, float, float] | None]
    emotion: Callable[[float], str] = lambda time_s: "Neutral"
    yaw_deg: Callable[[float], float] = lambda time_s: 0.0
    age: int = 30
    gender: str = "female"
    ethnicity: str = "White"
    score: float = 0.99
    quality: float = 0.8

    @property
    def embedding(self) -> Floats:
        embedding = np.random.default_rng(1000 + self.name).normal(size=EMBEDDING_LENGTH)
        return (embedding / np.linalg.norm(embedding)).astype(np.float32)


def walk(
    start: tuple[float, float],
    velocity: tuple[float, float],
    size_px: float = 80,
    during: tuple[float, float] = (0, 1e9),
) -> Callable[[float], tuple[float, float, float] | None]:
    """A face that moves straight (px, px/s) and is in view during [from, to) seconds."""

    def path(time_s: float) -> tuple[float, float, float] | None:
        if not during[0] <= time_s < during[1]:
            return None
        return start[0] + velocity[0] * time_s, start[1] + velocity[1] * time_s, size_px

    return path


@dataclass(frozen=True, slots=True)
class Scene:
    """Actors before a camera, with cuts; `missed` names (actor, sample) that the detector overlooks."""

    actors: Sequence[Actor]
    duration_s: float
    cuts_s: tuple[float, ...] = ()
    missed: frozenset[tuple[int, int]] = frozenset()
    chunk_s: float = 1e9
    jitter_px: float = 1.0
    seed: int = 0
    size: tuple[int, int] = (1280, 720)
    config: AnalysisConfig = field(default_factory=AnalysisConfig)

    def seen_at(self, sample: int) -> list[tuple[Actor, Floats]]:
        """Actors in view with their boxes [4]; jitter as a detector has it, the same at every call."""
        found = []
        for actor in self.actors:
            place = actor.path(sample / self.config.sample_rate)
            if place is None or (actor.name, sample) in self.missed:
                continue
            noise = np.random.default_rng([self.seed, actor.name, sample]).normal(0, self.jitter_px, 4)
            x, y, size = place
            box = np.array([x - size / 2, y - size / 2, x + size / 2, y + size / 2]) + noise
            found.append((actor, box.astype(np.float32)))
        return found

    def detections_at(self, sample: int) -> Detections:
        """What a detector gives, in the order of `seen_at`."""
        seen = self.seen_at(sample)
        if not seen:
            return Detections.none()
        boxes = np.stack([box for _, box in seen])
        corner, side = boxes[:, None, :2], (boxes[:, 2:] - boxes[:, :2])[:, None]
        scores = np.array([actor.score for actor, _ in seen], np.float32)
        return Detections(boxes, (corner + LANDMARKS * side).astype(np.float32), scores)

    def faces_at(self, sample: int) -> Callable[[Integers], Images]:
        """Gives the crops of some of `detections_at`, for `embed`."""
        seen = self.seen_at(sample)
        return lambda which: np.stack([_picture(seen[i][0], sample) for i in which.tolist()])

    def sketches_at(self, sample: int) -> Floats:
        """Very small pictures [n, k] of `detections_at`, as unlike between two people as real ones."""
        seen = self.seen_at(sample)
        return np.stack([_sketch(actor, sample) for actor, _ in seen]) if seen else np.zeros((0, 144), np.float32)

    def observe(self) -> list[Observations]:
        """The observations of all chunks, tracked by the real tracker."""
        rate = self.config.sample_rate
        n_samples = int(np.ceil(self.duration_s * rate))
        length = min(n_samples, int(self.chunk_s * rate))
        return [
            self._observe_chunk(ChunkSpec(index, first, min(first + length, n_samples), first))
            for index, first in enumerate(range(0, n_samples, length))
        ]

    def _observe_chunk(self, chunk: ChunkSpec) -> Observations:
        rate = self.config.sample_rate
        tracker, builders = Tracker(Lifecycle(rate), embed), dict[int, TrackletBuilder]()
        faces = dict[int, list[tuple[int, Actor]]]()
        cut_samples = {int(np.ceil(cut * rate - 1e-9)) for cut in self.cuts_s}
        for sample in range(chunk.first_sample, chunk.end_sample):
            detections = self.detections_at(sample)
            assigned = tracker.step(
                sample, detections, self.sketches_at(sample), self.faces_at(sample), sample in cut_samples
            )
            for row, tracklet in enumerate(assigned.tolist()):
                if tracklet >= 0:
                    actor = self.seen_at(sample)[row][0]
                    builder = builders.setdefault(tracklet, TrackletBuilder(rate))
                    builder.add(self._sighting(actor, sample, detections, row), _cutter(actor, sample))
                    faces.setdefault(tracklet, []).append((sample, actor))
        return Observations(
            chunk=chunk,
            tracklets=tuple(
                self._read(face)
                for numbers in tracker.chains()
                for face in faces_of([builders[number].build(embed) for number in numbers], Lifecycle(rate))
            ),
            shot_starts_s=tuple(cut for cut in self.cuts_s if chunk.first_sample <= cut * rate < chunk.end_sample),
            end_s=min(self.duration_s, chunk.end_sample / rate),
        )

    def _sighting(self, actor: Actor, sample: int, detections: Detections, row: int) -> Sighting:
        time_s = sample / self.config.sample_rate
        emotion = np.full(len(EMOTIONS), 0.04, np.float32)
        emotion[EMOTIONS.index(actor.emotion(time_s))] = 0.8
        read = {"emotion": emotion, "gaze": self._gaze(actor, time_s), "action_units": USUAL}
        return Sighting(
            first_sample=sample,
            end_sample=sample + 1,
            box=detections.boxes[row],
            landmarks=detections.landmarks[row],
            score=float(detections.scores[row]),
            quality=actor.quality,
            yaw_deg=actor.yaw_deg(time_s),
            pitch_deg=0.0,
            read={key: told for key, told in read.items() if key in self.config.attributes},
        )

    def _gaze(self, actor: Actor, time_s: float) -> Floats:
        """Eyes look where the head points."""
        yaw_deg = actor.yaw_deg(time_s)
        return _mostly("camera" if abs(yaw_deg) < 12 else "right" if yaw_deg > 0 else "left", GAZE.label_keys)

    def _read(self, track: Tracklet) -> Tracklet:
        """With what perfect networks would say of the crops; the actor is known by the crop's color."""
        by_name = {actor.name: actor for actor in self.actors}
        actors = [by_name[int(name)] for name in track.crops.images[:, 0, 0, 0]]
        on = {attribute.key for attribute in self.config.attributes_on()}
        said = {
            "age": np.stack([_bell(one.age) for one in actors]),
            "gender": np.stack([_mostly(one.gender, GENDERS) for one in actors]),
            "ethnicity": np.stack([_mostly(one.ethnicity, ETHNICITIES) for one in actors]),
        }
        read = {key: distributions for key, distributions in said.items() if key in on}
        return replace(track, crops=replace(track.crops, read=read))

    def result(self, name: str = "scene.mp4") -> VideoResult:
        """The finished result, made by the engine's own assembly."""
        video = VideoFacts(name, "0" * 64, self.duration_s, *self.size, 25.0)
        floors = {"gender": 0.6, "ethnicity": 0.45, "emotion": 0.35}
        shots, tracks, people = conclude(video, self.observe(), self.config, floors)
        return VideoResult(
            video=video,
            config=self.config,
            engine=EngineFacts("0", "cpu", "openvino", "f32"),
            weights={"mtcnn": WeightsFacts("1", "f" * 64)},
            warnings=(),
            shots=shots,
            tracks=tracks,
            people=people,
        )


def _sketch(actor: Actor, sample: int) -> Floats:
    own = np.random.default_rng(2000 + actor.name).normal(0, 0.7, 144)
    sketch: Floats = (own + np.random.default_rng([actor.name, sample]).normal(0, 0.05, 144)).astype(np.float32)
    return sketch


def _cutter(actor: Actor, sample: int) -> Callable[[], tuple[Image, Image]]:
    return lambda: (_picture(actor, sample), _picture(actor, sample))


def _picture(actor: Actor, sample: int) -> Image:
    """A picture whose color names the actor and the moment."""
    picture = np.empty((8, 8, 3), np.uint8)
    picture[:] = (actor.name, sample % 256, sample // 256)
    return picture


def embed(faces: Images) -> Floats:
    """[n, 128]: the embedding of whom the color names, at the moment that it names."""
    return np.stack([_embedding(name, low + 256 * high) for name, low, high in faces[:, 0, 0].tolist()])


def _embedding(name: int, sample: int) -> Floats:
    noise = np.random.default_rng([name, sample]).normal(0, EMBEDDING_NOISE, EMBEDDING_LENGTH)
    embedding = Actor(name, walk((0, 0), (0, 0))).embedding + noise
    unit: Floats = (embedding / np.linalg.norm(embedding)).astype(np.float32)
    return unit


def _bell(age: int) -> Floats:
    shares = np.exp(-0.5 * ((np.arange(N_AGES) - age) / 4.0) ** 2)
    bell: Floats = (shares / shares.sum()).astype(np.float32)
    return bell


def _mostly(name: str, names: tuple[str, ...]) -> Floats:
    shares = np.full(len(names), 0.1 / (len(names) - 1), np.float32)
    shares[names.index(name)] = 0.9
    return shares
