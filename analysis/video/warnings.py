"""What the user must know of a file that was analyzed all the same."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import av.error
from av.stream import Discard

from analysis.clock import timecode
from analysis.types import VideoWarning
from analysis.video.ends import STATES_CONTAINER_DURATION, stated_end_s
from analysis.video.source import VideoSource, open_source

TRUNCATED_S = 0.5  # a picture that ends this much early is reported


def damaged(n_bad: int, n_frames: int) -> VideoWarning:
    """Frames that were lost or show damage, of all frames looked at."""
    share = 100 * n_bad / max(n_frames, 1)
    percent = "Less than 1 %" if share < 1 else f"{min(share, 100):.0f} %"
    return VideoWarning(
        "damaged", f"{percent} of the frames are damaged or missing. The rest was analyzed.", None, n_bad, n_frames
    )


def truncated(picture_end_s: float, stated_end_s: float) -> VideoWarning:
    """The file says that it is longer than its picture."""
    return VideoWarning(
        "truncated",
        f"The picture ends at {timecode(picture_end_s)} of {timecode(stated_end_s)} because the file is cut off. "
        "Everything before was analyzed.",
        round(picture_end_s, 3),
    )


def join(warnings: Iterable[VideoWarning], n_frames: int) -> tuple[VideoWarning, ...]:
    """One warning of a kind for the whole video, from those of its chunks in order.

    Args:
        n_frames: frames of the whole video, damaged or not.
    """
    kept: dict[str, VideoWarning] = {}
    n_bad = 0
    for warning in warnings:
        n_bad += warning.n_bad
        kept.setdefault(warning.code, warning)
    if "damaged" in kept:
        kept["damaged"] = damaged(n_bad, n_frames)
    return tuple(kept.values())


def lost_end(path: str | Path, source: VideoSource, picture_end_s: float) -> VideoWarning | None:
    """A warning when the picture ends before the file says it does; sound that goes on alone is no fault."""
    stated_s = stated_end_s(source)
    if stated_s is None or picture_end_s > stated_s - TRUNCATED_S:
        return None
    has_only_its_container = source.container.format.name in STATES_CONTAINER_DURATION
    if has_only_its_container and last_packet_end_s(path, picture_end_s) > stated_s - TRUNCATED_S:
        return None
    return truncated(picture_end_s, stated_s)


def last_packet_end_s(path: str | Path, from_s: float) -> float:
    """When the last packet of any stream ends, in seconds of presentation, looking from a time near the end on."""
    with open_source(path) as source:
        container = source.container
        for stream in container.streams:
            stream.discard = Discard.default
        end_s = from_s
        with suppress(av.error.FFmpegError, OSError):
            container.seek(int((max(from_s - 1, 0) + float(source.start_s)) * 1_000_000))
            for packet in container.demux():
                if packet.pts is not None and packet.size:
                    end = (packet.pts + (packet.duration or 0)) * packet.time_base - source.start_s
                    end_s = max(end_s, float(end))
        return end_s
