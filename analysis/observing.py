"""What happens to each sampled frame of a chunk: detect, follow, measure, and keep the best pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from analysis.classify.quality import Measures
from analysis.config import AnalysisConfig
from analysis.detect.camera import Camera
from analysis.detect.sparse import Detected, SparseSearch
from analysis.networks import Networks
from analysis.stopwatch import Stopwatch
from analysis.track.identity import faces_of
from analysis.track.lifecycle import Lifecycle
from analysis.track.tracker import NOBODY, Tracker
from analysis.track.tracklets import MAX_CROPS, Sighting, TrackletBuilder
from analysis.types import ChunkSpec, Detections, Distributions, Floats, Integers, SampledFrame, Tracklet, VideoWarning


@dataclass(frozen=True, slots=True)
class _Followed:
    """A frame's faces that belong to tracklets, and the tracklet of each [n]."""

    frame: SampledFrame
    faces: Detections
    measured: Measures
    numbers: Integers


class Observer:
    """Takes the frames of one chunk in order and gives its tracklets; an instance a chunk."""

    def __init__(self, chunk: ChunkSpec, config: AnalysisConfig, networks: Networks, watch: Stopwatch) -> None:
        self._chunk = chunk
        self._config = config
        self._networks = networks
        self._watch = watch
        self._rules = Lifecycle(config.sample_rate, config.detector)
        self._tracker = Tracker(self._rules, networks.embed_once)
        self._builders: dict[int, TrackletBuilder] = {}
        self._camera = Camera()
        self._search = SparseSearch(config.sample_rate, networks.detector)
        self._crowded_at: int | None = None  # the first sample with more faces than are kept

    def see(self, frame: SampledFrame) -> None:
        """Take the next frame; work is done for several at once."""
        with self._watch.measure("detect"):
            done = self._search.take(self._camera.follow(frame))
        self._follow_all(done)

    def finish(self, *, goes_on: bool) -> Iterator[Tracklet]:
        """The tracklets that may count, one after another as they are read.

        Args:
            goes_on: the video does not end with this chunk.
        """
        with self._watch.measure("detect"):
            done = self._search.finish()
        self._follow_all(done)
        for numbers in self._tracker.chains():
            with self._watch.measure("classify"):
                faces = self._faces([self._builders[number] for number in numbers], goes_on=goes_on)
            for face in faces:
                with self._watch.measure("classify"):
                    tracklet = self._networks.read_crops(face)
                yield tracklet

    def _faces(self, builders: list[TrackletBuilder], *, goes_on: bool) -> list[Tracklet]:
        """The faces behind tracklets that continue one another, as far as they may count; their crops are not read."""
        samples = np.concatenate([builder.samples for builder in builders])
        if not self._may_count(samples, np.concatenate([builder.scores for builder in builders])):
            return []
        n_crops = MAX_CROPS >> self._n_borders(samples, goes_on=goes_on)
        faces = faces_of([builder.build(self._networks.embed, n_crops) for builder in builders], self._rules)
        return [
            replace(face, crops=face.crops.best(n_crops))
            for face in faces
            if self._may_count(face.samples.sample, face.samples.scores)
        ]

    def _may_count(self, samples: Integers, scores: Floats) -> bool:
        """Whether what was seen at these samples may belong to a track that counts: else it need not be read."""
        before, after = int(samples[0]) - self._chunk.first_sample, self._chunk.end_sample - int(samples[-1]) - 1
        return self._rules.may_count(scores, min(before, after))

    def _n_borders(self, samples: Integers, *, goes_on: bool) -> int:
        """Over how many ends of the chunk a face that was seen at these samples is in view."""
        starts_before = self._chunk.index > 0 and int(samples[0]) == self._chunk.first_sample
        return int(starts_before) + int(goes_on and int(samples[-1]) + 1 == self._chunk.end_sample)

    def _follow_all(self, done: list[Detected]) -> None:
        followed = [one for frame, detections in done if (one := self._follow(frame, detections))]
        with self._watch.measure("classify"):
            read = self._networks.read_samples([(one.frame.image, one.faces) for one in followed])
        for one, distributions in zip(followed, read, strict=True):
            self._gather(one, distributions)

    def _follow(self, frame: SampledFrame, detections: Detections) -> _Followed | None:
        if detections.is_cut and self._crowded_at is None:
            self._crowded_at = frame.first_sample
        with self._watch.measure("crop"):
            measured = self._networks.measure(frame.image, detections)
        with self._watch.measure("track"):
            numbers = self._tracker.step(
                frame.first_sample,
                replace(detections, boxes=detections.boxes + np.tile(np.array(frame.camera_px, np.float32), 2)),
                measured.sketches,
                lambda which: self._networks.cut_faces(frame.image, detections.landmarks[which]),
                frame.starts_shot,
                last_sample=frame.end_sample - 1,
            )
        which = np.flatnonzero(numbers != NOBODY)
        if not len(which):
            return None
        return _Followed(frame, detections.select(which), measured.select(which), numbers[which])

    def _gather(self, followed: _Followed, read: Distributions) -> None:
        """Note the sightings of the faces, and cut out those that are better than what is at hand."""
        frame, faces, measured = followed.frame, followed.faces, followed.measured
        with self._watch.measure("crop"):
            for row, number in enumerate(followed.numbers.tolist()):
                seen = Sighting(
                    first_sample=frame.first_sample,
                    end_sample=frame.end_sample,
                    box=faces.boxes[row],
                    landmarks=faces.landmarks[row],
                    score=float(faces.scores[row]),
                    quality=float(measured.quality[row]),
                    yaw_deg=float(measured.yaw_deg[row]),
                    pitch_deg=float(measured.pitch_deg[row]),
                    read={key: distributions[row] for key, distributions in read.items()},
                )
                builder = self._builders.setdefault(number, TrackletBuilder(self._config.sample_rate))
                builder.add(seen, lambda row=row: self._networks.cut_out(frame.image, faces.landmarks[row]))  # type: ignore[misc]

    @property
    def warnings(self) -> tuple[VideoWarning, ...]:
        """What the user must know; complete after `finish`."""
        if self._crowded_at is None:
            return ()
        text = f"Some frames show more than {self._config.max_faces} faces; only the clearest were analyzed."
        return (VideoWarning("too_many_faces", text, self._crowded_at / self._config.sample_rate),)
