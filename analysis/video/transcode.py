"""Every frame of a video, upright and in time, into a new H.264 file, its sound beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av.error
import numpy as np
from av.audio.frame import AudioFrame
from av.packet import Packet
from av.stream import Discard
from av.video.frame import VideoFrame

from analysis.types import Image
from analysis.video.decoder import first_frame
from analysis.video.encoder import Mp4Writer
from analysis.video.packets import demux
from analysis.video.picture import Display
from analysis.video.source import VideoSource, open_source
from analysis.video.timing import Clock, Continuity

OnProgress = Callable[[float], None]  # the share that is done, 0-1
Paint = Callable[[Image, float], None]  # draws into a picture that comes on display at a time in seconds


def transcode(
    path: Path,
    out: Path,
    *,
    max_side_px: int,
    paint: Paint | None = None,
    on_progress: OnProgress = lambda share: None,
) -> None:
    """Write a copy whose clock is that of the analysis; `out` appears when it is whole.

    Args:
        max_side_px: larger pictures are brought down to this longer side.
        paint: called for every picture before it is written.

    Raises:
        VideoError: nothing of the file can be read.
    """
    with open_source(path) as source:
        display = Display(source, first_frame(source), max_side_px)
    with open_source(path) as source:
        sound = _sound_stream(source)
        duration_s = (source.container.duration or 0) / 1e6
        rate = float(1 / source.frame_s)
        with Mp4Writer(out, display.width_px, display.height_px, rate, with_sound=sound is not None) as writer:
            for time_s, frame in _frames(source, sound):
                if isinstance(frame, AudioFrame):
                    writer.write_sound(frame, time_s)
                    continue
                picture = display.picture(frame)
                if paint is not None:
                    picture = np.require(picture, requirements="W")
                    paint(picture, float(time_s))
                writer.write(picture, time_s)
                if duration_s > 0:
                    on_progress(min(1.0, float(time_s) / duration_s))
    on_progress(1.0)


def _sound_stream(source: VideoSource) -> Any:
    sound = next((stream for stream in source.container.streams.audio if stream.codec_context is not None), None)
    if sound is not None:
        sound.discard = Discard.default
    return sound


def _frames(source: VideoSource, sound: Any) -> Iterator[tuple[Fraction, VideoFrame | AudioFrame]]:
    """Pictures and sound in the order of the file, with the time they begin at."""
    clock, continuity = Clock.of(source), Continuity(source)
    streams = [source.stream] if sound is None else [source.stream, sound]
    for packet in demux(source, *streams):
        for frame in _decoded(packet):
            if isinstance(frame, VideoFrame):
                pts = frame.pts if frame.pts is not None else frame.dts
                yield clock.exact_s(continuity.place(pts, frame.duration)), frame
            elif isinstance(frame, AudioFrame) and frame.pts is not None and frame.time_base is not None:
                yield frame.pts * frame.time_base - source.start_s, frame
    for last in _flushed(source):
        yield clock.exact_s(continuity.place(last.pts, last.duration)), last


def _decoded(packet: Packet[Any]) -> list[Any]:
    try:
        return list(packet.decode())
    except av.error.FFmpegError:
        return []


def _flushed(source: VideoSource) -> list[VideoFrame]:
    try:
        return source.stream.decode(None)
    except (av.error.FFmpegError, EOFError):
        return []
