"""What happens to each sampled frame of a chunk: detect, follow, measure, and keep the best pictures."""

from __future__ import annotations

import numpy as np

from analysis.config import AnalysisConfig
from analysis.networks import Networks
from analysis.stopwatch import Stopwatch
from analysis.track.lifecycle import Lifecycle
from analysis.track.tracker import NOBODY, Tracker
from analysis.track.tracklets import Sighting, TrackletBuilder
from analysis.types import Detections, SampledFrame, Tracklet, Warning

FRAMES_AT_ONCE = 4  # networks are quicker on several frames; few are held in memory


class Observer:
    """Takes the frames of one chunk in order and gives its tracklets; an instance a chunk."""

    def __init__(self, config: AnalysisConfig, networks: Networks, watch: Stopwatch) -> None:
        self._config = config
        self._networks = networks
        self._watch = watch
        self._tracker = Tracker(Lifecycle(config.sample_rate, config.detector))
        self._builders: dict[int, TrackletBuilder] = {}
        self._waiting: list[SampledFrame] = []
        self._crowded_at: int | None = None  # the first sample with more faces than are kept

    def see(self, frame: SampledFrame) -> None:
        """Take the next frame; work is done for several at once."""
        self._waiting.append(frame)
        if len(self._waiting) == FRAMES_AT_ONCE:
            self._see_waiting()

    def finish(self) -> tuple[tuple[Tracklet, ...], tuple[Warning, ...]]:
        """The tracklets of the chunk, in the order of their first samples, and what the user must know."""
        self._see_waiting()
        with self._watch.measure("classify"):
            tracklets = tuple(builder.build(self._networks.embed) for builder in self._builders.values())
        return tracklets, self._warnings()

    def _see_waiting(self) -> None:
        frames, self._waiting = self._waiting, []
        if not frames:
            return
        with self._watch.measure("detect"):
            height_px, width_px = frames[0].image.shape[:2]
            found = self._networks.detector(height_px, width_px).detect([frame.image for frame in frames])
        for frame, detections in zip(frames, found, strict=True):
            if detections.is_cut and self._crowded_at is None:
                self._crowded_at = frame.first_sample
            self._follow(frame, detections)

    def _follow(self, frame: SampledFrame, detections: Detections) -> None:
        with self._watch.measure("track"):
            numbers = self._tracker.step(
                frame.first_sample,
                detections,
                lambda which: self._networks.look(frame.image, detections.landmarks[which]),
                frame.starts_shot,
                last_sample=frame.end_sample - 1,
            )
        followed = np.flatnonzero(numbers != NOBODY)
        if not len(followed):
            return
        faces = detections.select(followed)
        with self._watch.measure("crop"):
            measured = self._networks.measure(frame.image, faces)
        with self._watch.measure("classify"):
            emotions = self._networks.read_emotion(frame.image, faces)
        with self._watch.measure("crop"):
            for row, number in enumerate(numbers[followed].tolist()):
                seen = Sighting(
                    first_sample=frame.first_sample,
                    end_sample=frame.end_sample,
                    box=faces.boxes[row],
                    landmarks=faces.landmarks[row],
                    score=float(faces.scores[row]),
                    quality=float(measured.quality[row]),
                    yaw_deg=float(measured.yaw_deg[row]),
                    pitch_deg=float(measured.pitch_deg[row]),
                    emotion=emotions[row],
                )
                builder = self._builders.setdefault(number, TrackletBuilder(self._config.sample_rate))
                builder.add(seen, lambda row=row: self._networks.cut_out(frame.image, faces.landmarks[row]))  # type: ignore[misc]

    def _warnings(self) -> tuple[Warning, ...]:
        if self._crowded_at is None:
            return ()
        text = f"Some frames show more than {self._config.max_faces} faces; only the clearest were analysed."
        return (Warning("too_many_faces", text, self._crowded_at / self._config.sample_rate),)
