"""What a browser can show: a copy that every browser plays, and a still picture."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import av.error
import cv2
from av.video.frame import VideoFrame

from analysis.types import Image
from analysis.video.decoder import decoded
from analysis.video.errors import VideoError
from analysis.video.picture import Display
from analysis.video.source import VideoSource, open_source
from analysis.video.timing import Clock
from analysis.video.transcode import OnProgress, transcode

PROXY_SIDE_PX = 1920
POSTER_SIDE_PX = 640
POSTER_QUALITY = 84
MAX_FRAMES_FROM_KEYFRAME = 600


def make_proxy(path: Path, out: Path, on_progress: OnProgress = lambda share: None) -> None:
    """H.264 and AAC in MP4, with the same clock, upright.

    Raises:
        VideoError: nothing of the file can be read.
    """
    transcode(path, out, max_side_px=PROXY_SIDE_PX, on_progress=on_progress)


def make_poster(path: Path, out: Path, at_s: float) -> None:
    """A JPEG of the picture that is on display at a time, or of the nearest that can be decoded.

    Raises:
        VideoError: nothing of the file can be read.
    """
    try:
        picture = picture_at(path, at_s)
    except VideoError:
        picture = picture_at(path, 0.0)
    is_written, jpeg = cv2.imencode(
        ".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, POSTER_QUALITY]
    )
    if not is_written:
        raise VideoError("undecodable", "No picture of this video can be written.")
    temporary = out.with_name(f".{out.name}.part")
    try:
        temporary.write_bytes(jpeg.tobytes())
        temporary.replace(out)
    finally:
        temporary.unlink(missing_ok=True)


def picture_at(path: Path, at_s: float, max_side_px: int = POSTER_SIDE_PX) -> Image:
    """The upright picture on display at a time, RGB [height, width, 3].

    Raises:
        VideoError: nothing can be decoded there.
    """
    with open_source(path) as source:
        return _picture_at(source, Fraction(at_s), max_side_px)


def _picture_at(source: VideoSource, at_s: Fraction, max_side_px: int) -> Image:
    clock = Clock.of(source)
    if at_s > 0:
        with suppress(av.error.FFmpegError, OSError, OverflowError):
            source.container.seek(int((at_s + source.start_s) / source.time_base), stream=source.stream)
    shown: VideoFrame | None = None
    for count, frame in enumerate(decoded(source)):
        if shown is not None and (frame.pts is None or clock.exact_s(frame.pts) > at_s):
            break
        shown = frame
        if count > MAX_FRAMES_FROM_KEYFRAME:
            break
    if shown is None:
        raise VideoError("undecodable", "No picture of this video can be decoded there.")
    return Display(source, shown, max_side_px).picture(shown)
