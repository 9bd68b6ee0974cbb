"""The only door through which a stranger's file is opened: by an allow-list, as a file object, nothing beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import av
import av.error
from av.container import InputContainer
from av.stream import Discard, Disposition
from av.video.stream import VideoStream

from analysis.video import sniff
from analysis.video.declared import read_declared, top_boxes
from analysis.video.errors import VideoError

# FFmpeg's names. No demuxer that opens other files or addresses (hls, concat, dash, sdp, image2, …) is here.
DEMUXERS = (
    "mov", "matroska", "avi", "asf", "mpeg", "mpegts", "mpegvideo", "flv", "ogg", "gif", "mxf", "ivf", "obu",
    "h264", "hevc", "m4v", "dv", "nut", "rm", "wtv", "h263", "vc1", "mjpeg",
    # sound alone: opened only to be refused with the right words
    "mp3", "aac", "flac", "wav", "aiff", "amr", "ac3", "eac3", "caf", "au",
)  # fmt: skip
MAX_SIDE_PX = 8192
MAX_PIXELS = 40_000_000
MAX_CODED_PIXELS = 41_000_000  # decoders round both sides up, to 64 at most
MIN_SIDE_PX = 32
MAX_DURATION_S = 4 * 3600.0
MAX_FILE_BYTES = 4 << 30

DAMAGED_INDEX = "The file's index is damaged. Upload or export it again."

OPEN_OPTIONS = {
    "format_whitelist": ",".join(DEMUXERS),
    "protocol_whitelist": "none",
    "enable_drefs": "0",
    "max_pixels": str(MAX_CODED_PIXELS),
}


@dataclass(frozen=True, slots=True)
class VideoSource:
    """An open file and the one video stream of it that is looked at."""

    file: BinaryIO
    container: InputContainer
    stream: VideoStream
    start_s: Fraction  # start of presentation: the earliest of picture and sound, after edit lists
    stored_size: tuple[int, int]  # (width, height) as declared, px; frames of another size are scaled to it
    aspect: Fraction | None  # of one stored pixel, width to height

    @property
    def time_base(self) -> Fraction:
        return self.stream.time_base or Fraction(1, 90_000)

    @property
    def frame_s(self) -> Fraction:
        """How long a frame stays when nothing else says so, in seconds."""
        rate = self.stream.average_rate or self.stream.guessed_rate
        return 1 / rate if rate and 1 <= rate <= 1000 else Fraction(1, 25)


@contextmanager
def open_source(path: str | Path) -> Iterator[VideoSource]:
    """Open a video for reading.

    Raises:
        VideoError: the file is empty, no video, an image, sound alone, incomplete, or of an unknown codec.
    """
    with Path(path).open("rb") as file:
        head = file.read(sniff.HEAD_BYTES)
        refuse_by_head(head)
        file.seek(0)
        container = _open_container(file, head)
        try:
            stream = _choose_stream(container, file)
            yield VideoSource(
                file,
                container,
                stream,
                _start_of_presentation(container, stream),
                (stream.codec_context.width, stream.codec_context.height),
                stream.sample_aspect_ratio,
            )
        finally:
            container.close()


def refuse_by_head(head: bytes) -> None:
    """Refuse what can be told from the first bytes alone.

    Raises:
        VideoError: empty, an image, or a playlist.
    """
    if not head:
        raise VideoError("empty", "The file is empty.")
    if words := sniff.looks_like_image(head):
        raise VideoError("image", f"This is {words}, not a video. Choose a video file.")
    if words := sniff.looks_like_playlist(head):
        raise VideoError(
            "playlist", f"This is {words}, which only points to other files. Choose the video file itself."
        )


def _refuse_other_files(*_: Any) -> NoReturn:
    raise PermissionError("a video may not open other files")


def _open_container(file: BinaryIO, head: bytes) -> InputContainer:
    try:
        return av.open(file, "r", options=OPEN_OPTIONS, metadata_errors="replace", io_open=_refuse_other_files)
    except (av.error.FFmpegError, OSError, ValueError, EOFError, UnicodeError) as problem:
        raise _refusal(file, head) from problem


def _refusal(file: BinaryIO, head: bytes) -> VideoError:
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
        if all(name != b"moov" for name, _, _ in top_boxes(file)):
            return VideoError("incomplete", "The file is incomplete because its index is missing. Upload it again.")
        return VideoError("damaged", DAMAGED_INDEX)
    if words := sniff.looks_like_sound(head):
        return VideoError("no_picture", f"The file has sound but no picture (it looks like {words}).")
    return VideoError("not_a_video", f"This is not a video. It looks like {sniff.looks_like(head)}.")


def _choose_stream(container: InputContainer, file: BinaryIO) -> VideoStream:
    """The default video stream, else the first; cover art does not count."""
    pictures = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    pictures = [s for s in pictures if not s.disposition & Disposition.timed_thumbnails] or pictures
    if not pictures:
        if container.streams.audio or container.streams.video:
            raise VideoError("no_picture", "The file has sound but no picture.")
        if not len(container.streams) and container.format.name.startswith("mov"):
            raise VideoError("damaged", DAMAGED_INDEX)
        raise VideoError("no_picture", "The file has no picture.")
    default = [s for s in pictures if s.disposition & Disposition.default]
    stream = (default or pictures)[0]
    if stream.codec_context is None:
        codec = read_declared(file).codec or "unknown"
        raise VideoError("codec", f"The codec “{codec}” is not supported. Export the video as H.264.")
    for other in container.streams:
        if other.index != stream.index:
            other.discard = Discard.all
    stream.codec_context.thread_count = 1  # a process a core
    stream.codec_context.options = {"max_pixels": str(MAX_CODED_PIXELS)}
    return stream


def _start_of_presentation(container: InputContainer, stream: VideoStream) -> Fraction:
    starts = [
        each.start_time * each.time_base
        for each in (stream, *container.streams.audio)
        if each.start_time is not None and each.time_base is not None
    ]
    return min(starts, default=Fraction(0))
