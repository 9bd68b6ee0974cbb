"""What happens to each sampled frame of a chunk: detect, follow, measure, and keep the best pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.config import AnalysisConfig
from analysis.detect.sparse import Detected, SparseSearch
from analysis.networks import Networks
from analysis.stopwatch import Stopwatch
from analysis.track.lifecycle import Lifecycle
from analysis.track.tracker import NOBODY, Tracker
from analysis.track.tracklets import MAX_CROPS, Sighting, TrackletBuilder
from analysis.types import ChunkSpec, Detections, Distributions, Integers, SampledFrame, Tracklet, Warning


@dataclass(frozen=True, slots=True)
class _Followed:
    """A frame's faces that belong to tracklets, and the tracklet of each [n]."""

    frame: SampledFrame
    faces: Detections
    numbers: Integers


class Observer:
    """Takes the frames of one chunk in order and gives its tracklets; an instance a chunk."""

    def __init__(self, chunk: ChunkSpec, config: AnalysisConfig, networks: Networks, watch: Stopwatch) -> None:
        self._chunk = chunk
        self._config = config
        self._networks = networks
        self._watch = watch
        self._rules = Lifecycle(config.sample_rate, config.detector)
        self._tracker = Tracker(self._rules, networks.look_at)
        self._builders: dict[int, TrackletBuilder] = {}
        self._search = SparseSearch(config.sample_rate, networks.detector)
        self._crowded_at: int | None = None  # the first sample with more faces than are kept

    def see(self, frame: SampledFrame) -> None:
        """Take the next frame; work is done for several at once."""
        with self._watch.measure("detect"):
            done = self._search.take(frame)
        self._follow_all(done)

    def finish(self, *, goes_on: bool) -> Iterator[Tracklet]:
        """The tracklets that may count, in the order of their first samples, one after another as they are read.

        Args:
            goes_on: the video does not end with this chunk.
        """
        with self._watch.measure("detect"):
            done = self._search.finish()
        self._follow_all(done)
        for builder in self._builders.values():
            if not self._may_count(builder):
                continue
            with self._watch.measure("classify"):
                n_crops = MAX_CROPS >> self._n_borders(builder, goes_on=goes_on)
                tracklet = self._networks.read_crops(builder.build(self._networks.embed, n_crops))
            yield tracklet

    def _may_count(self, builder: TrackletBuilder) -> bool:
        """Whether it may belong to a track that counts: else it need not be read."""
        before, after = builder.first_sample - self._chunk.first_sample, self._chunk.end_sample - builder.end_sample
        return self._rules.may_count(builder.scores, min(before, after))

    def _n_borders(self, builder: TrackletBuilder, *, goes_on: bool) -> int:
        """Over how many ends of the chunk a face is in view."""
        starts_before = self._chunk.index > 0 and builder.first_sample == self._chunk.first_sample
        return int(starts_before) + int(goes_on and builder.end_sample == self._chunk.end_sample)

    def _follow_all(self, done: list[Detected]) -> None:
        followed = [one for frame, detections in done if (one := self._follow(frame, detections))]
        with self._watch.measure("classify"):
            read = self._networks.read_samples([(one.frame.image, one.faces) for one in followed])
        for one, distributions in zip(followed, read, strict=True):
            self._gather(one, distributions)

    def _follow(self, frame: SampledFrame, detections: Detections) -> _Followed | None:
        if detections.is_cut and self._crowded_at is None:
            self._crowded_at = frame.first_sample
        with self._watch.measure("track"):
            numbers = self._tracker.step(
                frame.first_sample,
                detections,
                lambda which: self._networks.cut_faces(frame.image, detections.landmarks[which]),
                frame.starts_shot,
                last_sample=frame.end_sample - 1,
            )
        which = np.flatnonzero(numbers != NOBODY)
        return _Followed(frame, detections.select(which), numbers[which]) if len(which) else None

    def _gather(self, followed: _Followed, read: Distributions) -> None:
        """Measure the faces, note their sightings, and cut out those that are better than what is at hand."""
        frame, faces = followed.frame, followed.faces
        with self._watch.measure("crop"):
            measured = self._networks.measure(frame.image, faces)
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
    def warnings(self) -> tuple[Warning, ...]:
        """What the user must know; complete after `finish`."""
        if self._crowded_at is None:
            return ()
        text = f"Some frames show more than {self._config.max_faces} faces; only the clearest were analysed."
        return (Warning("too_many_faces", text, self._crowded_at / self._config.sample_rate),)
