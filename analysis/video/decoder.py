"""Frames of one chunk in the order of display, decoded from its keyframe on; damage is counted and stepped over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import islice
from math import inf

import av.error
from av.video.frame import VideoFrame

from analysis.types import ChunkSpec
from analysis.video.damage import DamageCount
from analysis.video.ends import end_pts
from analysis.video.errors import VideoError
from analysis.video.packets import demux
from analysis.video.source import VideoSource
from analysis.video.timing import Clock, Continuity

# Where decoding starts, in seconds before the chunk's keyframe, until it yields that very frame; None: at the beginning
STEPS_BACK_S: tuple[float | None, ...] = (0.0, 2.0, 15.0, 60.0, None)
MAX_PACKETS_TO_FIRST_FRAME = 600


def decoded(source: VideoSource, max_packets: int | None = None) -> Iterator[VideoFrame]:
    """Frames in the order of display from where the file stands; what cannot be decoded is stepped over."""
    for packet in islice(demux(source), max_packets):
        with suppress(av.error.FFmpegError):
            yield from packet.decode()
    with suppress(av.error.FFmpegError, EOFError):
        yield from source.stream.decode(None)


def first_frame(source: VideoSource) -> VideoFrame:
    """The first picture that can be decoded, as proof that the rest can.

    Raises:
        VideoError: none of the first packets gives a picture.
    """
    frame = next(decoded(source, MAX_PACKETS_TO_FIRST_FRAME), None)
    if frame is None:
        codec = source.stream.codec_context.codec.canonical_name
        raise VideoError("undecodable", f"This {codec} video cannot be decoded. Export it again.")
    return frame


@dataclass(frozen=True, slots=True)
class TimedFrame:
    """A decoded frame and when it comes on display."""

    frame: VideoFrame
    pts: int  # in time base units; never less than the one before
    sample: int  # first sample that it may be on display at


class ChunkDecoder:
    """Decodes one chunk's frames, once.

    Attributes, complete after the iteration:
        damage: of the pictures that belong to the chunk.
        owns: whether a timestamp is after the chunk's first sample (or at the file's beginning) and not after its end.
        last_pts: the last timestamp that is not after the chunk's end.
        is_at_end: the file ended.
    """

    def __init__(self, source: VideoSource, chunk: ChunkSpec, rate: Fraction) -> None:
        self.clock = Clock.of(source)
        self._source = source
        self.last_pts = self.clock.last_pts(chunk.end_sample / rate)
        after = self.clock.last_pts(chunk.first_sample / rate) if chunk.index else -inf
        # a function of its own, not a method: a circle of references would keep the file and its pictures in memory
        self.owns = partial(_owns, after, self.last_pts)
        self.damage = DamageCount(source.stream.codec_context.codec.canonical_name, self.owns, self._long_step())
        self.is_at_end = False
        self._chunk = chunk
        self._rate = rate
        self._last: tuple[int, int] | None = None  # when the last decoded frame comes on display, and how long it stays

    def _long_step(self) -> int:
        return 3 * self.clock.units(self._source.frame_s)

    @property
    def end_pts(self) -> int:
        """When the last decoded frame leaves the display."""
        return end_pts(self._source, *self._last) if self._last is not None else self._chunk.seek_pts

    def seek(self, seconds_back: float | None) -> None:
        """Stand on a packet at or before the chunk's keyframe (or, when the file seeks badly, near it)."""
        if self._chunk.index == 0 or seconds_back is None:
            return  # a file just opened stands at its beginning
        pts = self._chunk.seek_pts
        if seconds_back:
            pts -= self.clock.units(Fraction(seconds_back))
        with suppress(av.error.FFmpegError, OSError):  # whoever reads on sees where it stands
            self._source.container.seek(pts, stream=self._source.stream, backward=True)

    def frames(self) -> Iterator[TimedFrame]:
        """All frames from the chunk's keyframe to the end of the file, or until the caller has enough."""
        continuity = Continuity(self._source)
        for frame in self._decoded():
            self.damage.picture(frame)
            pts = frame.pts if frame.pts is not None else frame.dts
            if self._chunk.index and (pts is None or pts < self._chunk.seek_pts):
                continue
            placed = continuity.place(pts, frame.duration)
            self._last = (placed, continuity.last_duration)
            yield TimedFrame(frame, placed, self.clock.first_sample(placed, self._rate))
        self.is_at_end = True

    def _decoded(self) -> Iterator[VideoFrame]:
        has_begun = self._chunk.index == 0
        for packet in demux(self._source):
            has_begun = has_begun or packet.is_keyframe
            if not has_begun:
                continue
            if not packet.is_discard:  # what an edit list leaves out is decoded all the same: others lean on it
                self.damage.packet(packet.pts)
            try:
                yield from packet.decode()
            except av.error.FFmpegError:
                self.damage.refused(packet.pts)
        with suppress(av.error.FFmpegError, EOFError):
            yield from self._source.stream.decode(None)


def _owns(after: float, last: int, pts: int | None) -> bool:
    return pts is None or after < pts <= last
