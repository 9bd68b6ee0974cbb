"""H.264 in MP4 that every browser plays: 8-bit 4:2:0, BT.709, index first, even sizes, written whole or not at all."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import av
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter

from analysis.types import Image

TIME_BASE = Fraction(1, 90_000)
BT709 = 1
LIMITED_RANGE = 1
SOUND_RATE = 48_000


class Mp4Writer:
    """Writes pictures at given times; use as a context manager: on an error nothing is left behind.

    Args:
        out: where the file appears when it is finished.
        width_px, height_px: of every picture given; an odd last column or row is repeated once.
        frame_rate: a hint for the encoder; times are taken as given.
        quality: x264's constant rate factor, lower is better.
        with_sound: whether `write_sound` will be called.
    """

    def __init__(
        self,
        out: Path,
        width_px: int,
        height_px: int,
        frame_rate: float,
        *,
        quality: int = 23,
        preset: str = "veryfast",
        with_sound: bool = False,
    ) -> None:
        self._out = out
        self._temporary = out.with_name(f".{out.name}.{os.getpid()}.part")
        self._size = (width_px + width_px % 2, height_px + height_px % 2)
        options = {"movflags": "+faststart"}
        self._container = av.open(str(self._temporary), "w", format="mp4", options=options)
        rate = Fraction(frame_rate).limit_denominator(1001) if 1 <= frame_rate <= 240 else Fraction(25)
        stream: Any = self._container.add_stream("libx264", rate=rate)
        stream.width, stream.height = self._size
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": str(quality), "preset": preset, "profile": "high"}
        context = stream.codec_context
        context.time_base = TIME_BASE
        context.gop_size = max(1, round(2 * rate))  # quick seeking
        context.thread_count = 1
        context.color_range, context.colorspace, context.color_primaries, context.color_trc = (
            LIMITED_RANGE, BT709, BT709, BT709,
        )  # fmt: skip
        self._stream = stream
        self._sound: Any = None
        if with_sound:
            self._sound = self._container.add_stream("aac", rate=SOUND_RATE, layout="stereo")
            self._sound.bit_rate = 128_000
        self._converter = VideoReformatter()
        self._last_pts = -1
        self._sound_end = 0  # in samples

    def write(self, image: Image, time_s: float | Fraction) -> None:
        """Show a picture, [height, width, 3] RGB, from a time on; times must grow."""
        frame = VideoFrame.from_ndarray(image, "rgb24")
        self.write_frame(frame, time_s)

    def write_frame(self, frame: VideoFrame, time_s: float | Fraction) -> None:
        """The same for a decoded RGB frame."""
        converted = self._converter.reformat(frame, *self._size, "yuv420p", dst_colorspace=BT709, dst_color_range=1)
        pts = max(round(time_s / TIME_BASE), self._last_pts + 1)
        self._last_pts = pts
        converted.pts, converted.time_base = pts, TIME_BASE
        converted.pict_type = 0
        self._container.mux(self._stream.encode(converted))

    def write_sound(self, frame: AudioFrame, time_s: Fraction) -> None:
        """Add sound that begins at a time; what begins before 0 or goes back is left out."""
        time_base = Fraction(1, frame.sample_rate)
        pts = round(time_s / time_base)
        if pts < self._sound_end:
            if pts < self._sound_end - frame.samples // 2:
                return
            pts = self._sound_end
        self._sound_end = pts + frame.samples
        frame.pts, frame.time_base = pts, time_base
        self._container.mux(self._sound.encode(frame))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._container.mux(self._stream.encode(None))
                if self._sound is not None:
                    self._container.mux(self._sound.encode(None))
            self._container.close()
            if kind is None:
                self._temporary.replace(self._out)
        finally:
            self._temporary.unlink(missing_ok=True)
