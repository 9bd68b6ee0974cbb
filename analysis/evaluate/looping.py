"""A short video repeated until it is long, so that what is measured is a real long file, read and decoded as such."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import av
import av.error
from av.container import OutputContainer

from analysis.video.errors import VideoError
from analysis.video.packets import demux, read_packet_table
from analysis.video.source import MAX_SIDE_PX, VideoSource, open_source
from analysis.video.transcode import transcode

LEAST_SHARE = 0.99  # of the wanted length; a shorter copy is none


def loop_to(path: Path, seconds: float, folder: Path) -> Path:
    """The picture of a video, repeated whole until it lasts at least so long; a new file in `folder`.

    Its packets are copied as they are; where its container does not allow that, it is encoded anew first (H.264).

    Raises:
        VideoError: the file cannot be read.
    """
    copy = folder / f"{path.stem}-looped{path.suffix}"
    try:
        _repeat(path, seconds, copy)
        if _length_s(copy) >= LEAST_SHARE * seconds:
            return copy
    except (av.error.FFmpegError, ValueError, VideoError):
        pass  # encoded anew, below
    copy.unlink(missing_ok=True)
    plain, looped = folder / f"{path.stem}-plain.mp4", folder / f"{path.stem}-looped.mp4"
    transcode(path, plain, max_side_px=MAX_SIDE_PX)
    _repeat(plain, seconds, looped)
    plain.unlink()
    return looped


def _length_s(path: Path) -> float:
    """As the packets say; 0 when they cannot be sought by time."""
    with open_source(path) as source:
        table = read_packet_table(source)
        return float(table.end_pts * source.time_base) if table.is_regular else 0.0


def _repeat(path: Path, seconds: float, out: Path) -> None:
    with open_source(path) as source:
        table = read_packet_table(source)
        length = table.end_pts - int(table.pts.min())
        n_times = math.ceil(seconds / (length * source.time_base))
    with av.open(str(out), "w") as written:
        for i in range(n_times):
            with open_source(path) as source:
                if not written.streams:
                    written.add_stream_from_template(source.stream)
                _copy(source, i * length, written)


def _copy(source: VideoSource, shift: int, written: OutputContainer) -> None:
    stream: Any = written.streams[0]
    for packet in demux(source):
        if packet.pts is None or packet.dts is None:
            raise ValueError("a packet without a time cannot be shifted")
        packet.pts += shift
        packet.dts += shift
        packet.stream = stream
        written.mux(packet)
