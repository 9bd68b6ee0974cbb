"""A video stream's packets without decoding: when, how long, which are keyframes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import av.error
import numpy as np
from av.packet import Packet
from av.stream import Stream
from numpy.typing import NDArray

from analysis.video.ends import end_pts
from analysis.video.source import VideoSource
from analysis.video.timing import Continuity

MAX_READ_ERRORS = 100  # in a row; then the rest of the file is given up


@dataclass(frozen=True, slots=True)
class PacketTable:
    """The packets of one stream in decoding order, columns of equal length n, in its time base."""

    pts: NDArray[np.int64]  # [n] jumps of the clock taken out
    duration: NDArray[np.int64]  # [n] at least 1
    is_key: NDArray[np.bool_]  # [n]
    is_regular: bool  # every packet had a timestamp and none jumped: keyframes can be sought

    def __len__(self) -> int:
        return len(self.pts)

    @property
    def end_pts(self) -> int:
        """When the last picture leaves the display."""
        last = int(np.argmax(self.pts))
        return int(self.pts[last] + self.duration[last])


def demux(source: VideoSource, *streams: Stream) -> Iterator[Packet[Any]]:
    """The packets of the chosen stream, or of these, from where the file stands; errors on the way are stepped over.

    The empty packet that ends a stream is left out.
    """
    errors = 0
    while errors < MAX_READ_ERRORS:
        try:
            for packet in source.container.demux(*(streams or (source.stream,))):
                if packet.size:
                    errors = 0
                    yield packet
        except (av.error.FFmpegError, OSError):
            errors += 1
        else:
            return


def read_packet_table(source: VideoSource) -> PacketTable:
    """Read all packets of the chosen stream, from the beginning of the file."""
    continuity = Continuity(source)
    frame = max(1, round(source.frame_s / source.time_base))
    pts: list[int] = []
    duration: list[int] = []
    is_key: list[bool] = []
    has_every_time = True
    is_cut_through = False
    for packet in demux(source):
        is_cut_through = packet.is_corrupt
        if packet.is_discard:  # outside of the edit list: never shown
            continue
        has_every_time = has_every_time and packet.pts is not None
        order = packet.dts if packet.dts is not None else packet.pts
        placed = continuity.place(order, packet.duration)
        own = packet.pts + continuity.offset if packet.pts is not None else placed
        pts.append(own)
        duration.append(packet.duration or frame)
        is_key.append(packet.is_keyframe)
    if is_cut_through and len(pts) > 1:  # the last packet is there in part: the file was cut off
        del pts[-1], duration[-1], is_key[-1]
    if pts:
        last = max(range(len(pts)), key=pts.__getitem__)
        duration[last] = end_pts(source, pts[last], duration[last]) - pts[last]
    return PacketTable(
        np.array(pts, np.int64),
        np.array(duration, np.int64),
        np.array(is_key, np.bool_),
        has_every_time and continuity.n_jumps == 0,
    )
