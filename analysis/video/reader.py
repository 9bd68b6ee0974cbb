"""Sampled pictures of one chunk as a stream: upright, with exact times; frames nobody asked for are never converted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from analysis.config import AnalysisConfig
from analysis.types import ChunkSpec, SampledFrame, VideoWarning
from analysis.video import shots, warnings
from analysis.video.damage import lost_in_gaps
from analysis.video.decoder import STEPS_BACK_S, ChunkDecoder
from analysis.video.picture import Display
from analysis.video.shots import Shown
from analysis.video.source import VideoSource, open_source
from analysis.video.timing import exact


class SampleReader:
    """Iterates the sampled frames of one chunk, once.

    The chunk covers the time from its first sample to its end sample. It gives each frame that is on display at one
    of its samples, and each cut after its first sample up to and with its end sample: the cuts of all chunks together
    are those of the whole file, so that nothing need be compared over borders. `starts_shot` of a chunk's first frame
    knows only of cuts since the chunk's keyframe; a cut before it is in `shot_starts_s` of the chunk before.

    Attributes, complete after the iteration:
        width_px, height_px: upright size of every picture; 0 while nothing was decoded.
        shot_starts_s: times of first frames of shots (the file's first shot is not among them).
        end_s: when the chunk's last picture leaves the display, or its end sample's time when it goes on.
        goes_on: whether the video has pictures after the chunk.
        warnings: "damaged", "truncated"; `analysis.video.warnings.join` makes one of those of all chunks.
        n_decoded: frames decoded.

    Raises, while iterating:
        VideoError: the file cannot be opened.
    """

    def __init__(self, path: str | Path, chunk: ChunkSpec, config: AnalysisConfig) -> None:
        self._path = path
        self._chunk = chunk
        self._rate = exact(config.sample_rate)
        self._starts: list[float] = []
        self.width_px = 0
        self.height_px = 0
        self.end_s = float(chunk.first_sample / self._rate)
        self.goes_on = False
        self.warnings: tuple[VideoWarning, ...] = ()
        self.n_decoded = 0

    @property
    def shot_starts_s(self) -> tuple[float, ...]:
        return tuple(self._starts)

    def __iter__(self) -> Iterator[SampledFrame]:
        for seconds_back in STEPS_BACK_S if self._chunk.index else (None,):
            with open_source(self._path) as source:
                decoder = ChunkDecoder(source, self._chunk, self._rate)
                decoder.seek(seconds_back)
                frames = shots.mark(decoder.frames())
                first = next(frames, None)
                if seconds_back is not None and (first is None or first.placed.pts != self._chunk.seek_pts):
                    continue  # the decoder was not yet whole at the keyframe: begin earlier
                if first is not None:
                    yield from self._sampled(source, decoder, first, frames)
                self._warn(source, decoder)
                return

    def _sampled(
        self, source: VideoSource, decoder: ChunkDecoder, first: Shown, rest: Iterator[Shown]
    ) -> Iterator[SampledFrame]:
        """Each frame is on display from its own sample to the next frame's."""
        display = Display(source, first.placed.frame)
        self.width_px, self.height_px = display.width_px, display.height_px
        self.n_decoded = 1
        held, starts_shot = first, False
        for shown in rest:
            self.n_decoded += 1
            if samples := self._own(held.placed.sample, shown.placed.sample):
                yield SampledFrame(*samples, display.picture(held.placed.frame), starts_shot)
                starts_shot = False
            if shown.placed.pts > decoder.last_pts:
                self.end_s = float(self._chunk.end_sample / self._rate)
                self.goes_on = True
                return
            if shown.starts_shot:
                starts_shot = True
                if decoder.owns(shown.placed.pts):
                    self._starts.append(decoder.clock.seconds(shown.placed.pts))
            held = shown
        self.end_s = decoder.clock.seconds(decoder.end_pts)
        if samples := self._own(held.placed.sample, decoder.clock.first_sample(decoder.end_pts, self._rate)):
            yield SampledFrame(*samples, display.picture(held.placed.frame), starts_shot)

    def _own(self, first: int, end: int) -> tuple[int, int] | None:
        """The part of the samples [first, end) that is this chunk's."""
        first, end = max(first, self._chunk.first_sample), min(end, self._chunk.end_sample)
        return (first, end) if first < end else None

    def _warn(self, source: VideoSource, decoder: ChunkDecoder) -> None:
        damage = decoder.damage
        damage.close()
        lost_end = warnings.lost_end(self._path, source, self.end_s) if decoder.is_at_end else None
        n_lost = lost_in_gaps(self._path, damage.gaps, decoder.clock.units(source.frame_s))
        n_bad = damage.total(has_lost_end=lost_end is not None) + n_lost
        self.warnings = (
            *([warnings.damaged(n_bad, damage.n_packets + n_lost)] if n_bad else []),
            *([lost_end] if lost_end else []),
        )


def read_samples(path: str | Path, chunk: ChunkSpec, config: AnalysisConfig) -> Iterator[SampledFrame]:
    """The sampled frames of one chunk, for those who need neither cuts nor warnings."""
    yield from SampleReader(path, chunk, config)
