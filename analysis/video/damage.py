"""Counts what was lost or spoilt on the way from packets to pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import av.error
from av.stream import Discard
from av.video.frame import VideoFrame

from analysis.video.source import open_source

# of these, each packet becomes one picture (fields apart); others carry packets that are never shown
ONE_PICTURE_A_PACKET = ("h264", "hevc")

HOLE_BYTES = 1024  # more than containers put between two packets

Gap = tuple[int, int]


class DamageCount:
    """Bookkeeping for one chunk.

    Args:
        codec: FFmpeg's name.
        is_own: whether a picture of this timestamp is counted here and in no other chunk.
        gap: a longer step between pictures, in time base units, is noted.

    Attributes:
        n_packets: own packets.
        n_bad: own pictures that did not come, or came with visible damage, before the last good one.
        n_bad_at_end: the same after the last good one: a lost end rather than damage on the way.
        gaps: timestamps before and after each long step.
    """

    def __init__(self, codec: str, is_own: Callable[[int | None], bool], gap: int) -> None:
        self.n_packets = 0
        self.n_bad = 0
        self.n_bad_at_end = 0
        self._is_own = is_own
        self._awaited: set[int] = set()
        self._finds_missing = codec in ONE_PICTURE_A_PACKET
        self._first_shown: int | None = None
        self._last_shown = 0
        self._last_packet_refused = False
        self._gap = gap
        self.gaps: list[Gap] = []

    def packet(self, pts: int | None) -> None:
        self._last_packet_refused = False
        if self._is_own(pts):
            self.n_packets += 1
            if pts is not None and self._finds_missing:
                self._awaited.add(pts)

    def refused(self, pts: int | None) -> None:
        """The decoder could make nothing of a packet."""
        self._last_packet_refused = True
        if self._is_own(pts):
            self.n_bad_at_end += 1
            if pts is not None:
                self._awaited.discard(pts)

    def picture(self, frame: VideoFrame) -> None:
        pts = frame.pts
        if pts is not None:
            self._awaited.discard(pts)
            if self._first_shown is not None and pts - self._last_shown > self._gap and self._is_own(pts):
                self.gaps.append((self._last_shown, pts))
            self._first_shown = pts if self._first_shown is None else self._first_shown
            self._last_shown = pts
        if frame.interlaced_frame:  # two packets may make one picture
            self._finds_missing = False
        if not self._is_own(pts):
            return
        if frame.is_corrupt:
            self.n_bad_at_end += 1
        else:
            self.n_bad += self.n_bad_at_end
            self.n_bad_at_end = 0

    def total(self, *, has_lost_end: bool) -> int:
        """All bad pictures; of a file that is cut off, without those that the cut took or cut through."""
        if not has_lost_end:
            return self.n_bad + self.n_bad_at_end
        is_cut_through = self._last_packet_refused and not self.n_bad_at_end
        return self.n_bad - is_cut_through

    def close(self) -> None:
        """Add the pictures that the decoder left out in silence."""
        first = self._first_shown
        if self._finds_missing and first is not None:
            self.n_bad += sum(first < pts < self._last_shown for pts in self._awaited)
        self._awaited.clear()


def lost_in_gaps(path: str | Path, gaps: Sequence[Gap], frame: int) -> int:
    """How many pictures were lost where a Matroska file jumps over bytes that are no packets.

    A demuxer steps over spoilt packets in silence; a picture that simply stays long leaves no hole in the file.

    Args:
        gaps: timestamps before and after each long step between pictures.
        frame: usual step, all in time base units.
    """
    if not gaps:
        return 0
    holes = _holes(path, gaps[0][0], gaps[-1][1])
    return sum(
        max(1, round((after - before) / frame) - 1)
        for before, after in gaps
        if any(start <= after and end >= before for start, end in holes)
    )


def _holes(path: str | Path, from_pts: int, to_pts: int) -> list[Gap]:
    """Times before and after stretches of the file that belong to no packet, in the picture's time base."""
    found: list[Gap] = []
    with open_source(path) as source, suppress(av.error.FFmpegError, OSError):
        if not source.container.format.name.startswith("matroska"):
            return []
        for stream in source.container.streams:
            stream.discard = Discard.default
        source.container.seek(from_pts, stream=source.stream)
        covered_to: int | None = None
        last = from_pts
        for packet in source.container.demux():
            if not packet.size or packet.pos is None or packet.pts is None:
                continue
            now = round(packet.pts * packet.time_base / source.time_base)
            if covered_to is not None and packet.pos - covered_to > HOLE_BYTES:
                found.append((min(last, now), max(last, now)))
            covered_to, last = packet.pos + packet.size, now
            if packet.stream_index == source.stream.index and now > to_pts:
                break
    return found
