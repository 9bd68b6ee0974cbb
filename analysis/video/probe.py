"""What a file is, said in under a second for most files: measured where its header cannot be trusted.

Run as ``python -m analysis.video.probe PATH`` it prints a `VideoProbe` as JSON and exits 0, or ``{"code", "message"}``
and exits 2. It imports no network runtime, and limits its own memory and time.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import av.error
from av.audio.stream import AudioStream
from av.video.frame import VideoFrame

from analysis.types import VideoProbe
from analysis.video.declared import read_declared
from analysis.video.decoder import first_frame
from analysis.video.ends import end_pts
from analysis.video.errors import VideoError
from analysis.video.packets import demux, read_packet_table
from analysis.video.picture import Display
from analysis.video.source import (
    MAX_DURATION_S,
    MAX_FILE_BYTES,
    MAX_PIXELS,
    MAX_SIDE_PX,
    MIN_SIDE_PX,
    VideoSource,
    open_source,
)
from analysis.video.timing import Clock

SCAN_BYTES = 64 << 20  # files up to this size are read whole; of larger ones only the index or the end
AGREES_S = 1.0  # how far a header may be from what the end of the file shows
INDEX_END = 1000  # entries at the end of an index that are looked at
TAIL_S = 20


@dataclass(frozen=True, slots=True)
class Extent:
    """How long the picture is, from packets."""

    end_s: Fraction  # of presentation
    n_frames: int
    shown_s: Fraction  # from the first to the end of the last frame


def probe_video(path: str | Path) -> VideoProbe:
    """What a video is.

    Raises:
        VideoError: the file is refused; the error says why in a sentence for the user.
    """
    size = Path(path).stat().st_size
    if size > MAX_FILE_BYTES:
        limit_gb = MAX_FILE_BYTES >> 30
        raise VideoError("too_large", f"The file is larger than {limit_gb} GB. Cut it, or export it smaller.")
    with Path(path).open("rb") as file:
        declared = read_declared(file)
    if declared.width and declared.height:
        refuse_size(declared.width, declared.height)
    with open_source(path) as source:
        refuse_size(*source.stored_size)
        extent = measure(source, size)
        if source.container.format.name == "gif" and extent.n_frames == 1:
            raise _refusal_of_gif(path)
    if extent.end_s > MAX_DURATION_S:
        length, limit = _hours(float(extent.end_s)), _hours(MAX_DURATION_S)
        raise VideoError("too_long", f"The video is {length} long. The limit is {limit}. Cut it into parts.")
    with open_source(path) as source:
        first = first_frame(source)
        display = Display(source, first)
        refuse_size(display.width_px, display.height_px)
        return _describe(source, first, display, extent)


def _refusal_of_gif(path: str | Path) -> VideoError:
    """One that FFmpeg reads as a single picture: it is one, or an animation that states no times, which only browsers
    play."""
    from PIL import Image

    try:
        with Image.open(path) as picture:
            n_pictures = getattr(picture, "n_frames", 1)
    except (OSError, ValueError, SyntaxError):
        n_pictures = 1
    if n_pictures > 1:
        sentence = "This animated GIF does not say how long each picture is shown. Save it with a delay, or as MP4."
        return VideoError("no_times", sentence)
    return VideoError("image", "This is a GIF image, not a video. Choose a video file.")


def _describe(source: VideoSource, first: VideoFrame, display: Display, extent: Extent) -> VideoProbe:
    return VideoProbe(
        container=source.container.format.name,
        codec=source.stream.codec_context.codec.canonical_name,
        width_px=display.width_px,
        height_px=display.height_px,
        rotation_deg=display.turn.quarters * 90,
        frame_rate=round(float(extent.n_frames / extent.shown_s), 3) if extent.shown_s else 0.0,
        duration_s=round(float(extent.end_s), 3),
        n_frames=extent.n_frames,
        has_sound=bool(source.container.streams.audio),
        plays_in_browser=plays_in_browser(source, first),
    )


def refuse_size(width: int, height: int) -> None:
    """Refuse pictures too large to be decoded safely or too small to show a face.

    Raises:
        VideoError
    """
    if max(width, height) > MAX_SIDE_PX or width * height > MAX_PIXELS:
        raise VideoError(
            "too_many_pixels",
            f"The picture is {width} × {height} pixels. The limit is {MAX_SIDE_PX} per side and "
            f"{MAX_PIXELS // 1_000_000} megapixels. Export it smaller.",
        )
    if 0 < min(width, height) < MIN_SIDE_PX:
        raise VideoError(
            "too_small", f"The picture is {width} × {height} pixels. The minimum is {MIN_SIDE_PX} pixels per side."
        )


def measure(source: VideoSource, file_bytes: int) -> Extent:
    """How long the picture is: from the index, the whole file, or its end, whichever is cheapest and sure."""
    return _from_index(source, file_bytes) or _from_tail(source, file_bytes) or _from_packets(source)


def _from_packets(source: VideoSource) -> Extent:
    table = read_packet_table(source)
    if not len(table):
        raise VideoError("no_picture", "The file has no readable picture.")
    clock = Clock.of(source)
    first = int(table.pts.min())
    return Extent(clock.exact_s(table.end_pts), len(table), (table.end_pts - first) * source.time_base)


def _from_index(source: VideoSource, file_bytes: int) -> Extent | None:
    """From the index that an MP4 file carries, when it is whole and all it names lies in the file."""
    stream = source.stream
    entries = stream.index_entries
    if not source.container.format.name.startswith("mov") or not stream.frames or len(entries) != stream.frames:
        return None
    if file_bytes <= SCAN_BYTES:
        return None
    last = max(entries[-INDEX_END:], key=lambda entry: entry.timestamp)
    if any(entry.pos + entry.size > file_bytes for entry in entries[-INDEX_END:]):
        return None
    start = stream.start_time or 0
    frame = max(1, round(source.frame_s / source.time_base))
    decoded_end = last.timestamp + frame
    end = start + (stream.duration or 0)
    if not stream.duration or abs(end - decoded_end) * source.time_base > AGREES_S:
        return None
    return Extent(Clock.of(source).exact_s(end), stream.frames, stream.duration * source.time_base)


def _from_tail(source: VideoSource, file_bytes: int) -> Extent | None:
    """From the header's duration, when the end of the file bears it out; the file is left at its beginning."""
    stated_us = source.container.duration
    if file_bytes <= SCAN_BYTES or not stated_us or stated_us < 0:
        return None
    clock = Clock.of(source)
    stated_s = Fraction(stated_us, 1_000_000)
    end_s = Fraction(0)
    try:
        source.container.seek(int((stated_s + source.start_s - TAIL_S) * 1_000_000))
        for packet in demux(source):
            if packet.pts is not None:
                end_s = max(end_s, clock.exact_s(end_pts(source, packet.pts, packet.duration or 0)))
        is_borne_out = abs(end_s - stated_s) <= AGREES_S
        source.container.seek(int(source.start_s * 1_000_000))
    except (av.error.FFmpegError, OSError, OverflowError):
        return None
    if not is_borne_out:
        return None
    first = Fraction(source.stream.start_time or 0) * source.time_base - source.start_s
    rate = source.stream.average_rate or 1 / source.frame_s
    return Extent(end_s, round((end_s - first) * rate), end_s - first)


def plays_in_browser(source: VideoSource, first: VideoFrame) -> bool:
    """Whether Chromium, Firefox and Safari all play the file as it is: 8-bit H.264 in MP4, or VP8, VP9 in WebM.

    Of a file that does not begin at 0, players disagree what the time is: it is shown by a copy that does.
    """
    if abs(source.start_s) > source.frame_s:
        return False
    codec = source.stream.codec_context.codec.canonical_name
    sounds = {_codec_of(stream) for stream in source.container.streams.audio[:1]}
    if first.format.name not in ("yuv420p", "yuvj420p"):
        return False
    source.file.seek(0)
    head = source.file.read(64)
    if source.container.format.name.startswith("mov"):
        is_mp4 = head[4:8] == b"ftyp" and head[8:12] != b"qt  "
        return is_mp4 and codec == "h264" and sounds <= {"aac", "mp3"}
    if source.container.format.name.startswith("matroska"):
        return b"webm" in head and codec in ("vp8", "vp9") and sounds <= {"opus", "vorbis"}
    return False


def _codec_of(stream: AudioStream) -> str:
    return str(stream.codec_context.codec.canonical_name) if stream.codec_context is not None else "unknown"


def _hours(seconds: float) -> str:
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def main(arguments: list[str]) -> int:
    import json
    from dataclasses import asdict

    from analysis.video.limits import limit_this_process, refuse

    limit_this_process(cpu_s=60, memory_mb=2048)
    try:
        probe = probe_video(arguments[0])
    except VideoError as error:
        return refuse(error)
    except FileNotFoundError:
        return refuse(VideoError("not_found", "The file does not exist."))
    sys.stdout.write(json.dumps(asdict(probe)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
