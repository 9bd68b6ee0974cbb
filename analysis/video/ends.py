"""When a film ends by what the file says of itself: edit lists, the durations of its streams, or of its container."""

from __future__ import annotations

from fractions import Fraction

from analysis.video.source import VideoSource
from analysis.video.timing import Clock

MAX_BELIEVABLE_S = 48 * 3600.0  # a longer stated duration is nonsense, not the sign of a lost end
STATES_STREAM_DURATION = ("mov,mp4,m4a,3gp,3g2,mj2",)
STATES_CONTAINER_DURATION = ("matroska,webm", "flv", "asf")


def stated_end_s(source: VideoSource) -> float | None:
    """When the picture should end by what the file says, in seconds of presentation; None: it says nothing."""
    name, stream = source.container.format.name, source.stream
    if name == "avi" and stream.frames:
        end_s = float(stream.frames * source.frame_s)
    elif name in STATES_STREAM_DURATION and stream.duration and stream.time_base:
        end_s = float(((stream.start_time or 0) + stream.duration) * stream.time_base - source.start_s)
    elif name in STATES_CONTAINER_DURATION and source.container.duration:
        end_s = source.container.duration / 1e6 - float(source.start_s)
    else:
        return None
    return end_s if 0 < end_s < MAX_BELIEVABLE_S else None


def end_pts(source: VideoSource, last_pts: int, duration: int) -> int:
    """When the last picture leaves the display, in time base units: the stated end, where that falls within the time
    that the picture claims for itself. A Live Photo's last picture claims seconds that its edit list leaves out."""
    end = last_pts + duration
    stated_s = stated_end_s(source)
    if stated_s is None:
        return end
    stated = Clock.of(source).last_pts(Fraction(stated_s).limit_denominator(1_000_000))
    return stated if last_pts < stated < end else end
