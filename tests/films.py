"""Small films made by code, in every odd shape; each frame carries its own number in its picture.

A frame's number is written as sixteen bars, light or dark, across its middle; it survives lossy codecs, scaling and
gray, and `number_of` reads it back. Behind the bars a texture changes with the scene.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

Picture = NDArray[np.uint8]  # [height, width, 3] RGB

N_BITS = 16


def numbered(number: int, width: int = 160, height: int = 96, scene: int = 0) -> Picture:
    """A picture that says its number, before a texture of its scene."""
    rng = np.random.default_rng(scene)
    coarse = rng.integers(40, 216, (6, 8, 3)).astype(np.uint8)
    picture = np.kron(coarse, np.ones((height // 6 + 1, width // 8 + 1, 1), np.uint8))[:height, :width].copy()
    top, bottom = height * 3 // 8, height * 5 // 8
    for bit in range(N_BITS):
        left, right = width * bit // N_BITS, width * (bit + 1) // N_BITS
        picture[top:bottom, left:right] = 235 if number >> bit & 1 else 20
    return picture


def number_of(picture: NDArray[Any]) -> int:
    """What `numbered` wrote into a picture, upright, of any size."""
    height, width = picture.shape[:2]
    gray = picture.mean(axis=2) if picture.ndim == 3 else picture
    line = gray[height * 7 // 16 : height * 9 // 16].mean(axis=0)
    centers = [int(width * (bit + 0.5) / N_BITS) for bit in range(N_BITS)]
    return sum(int(line[x - 1 : x + 2].mean() > 127) << bit for bit, x in enumerate(centers))


@dataclass
class Film:
    """How to write a film; `write` writes it."""

    n_frames: int = 50
    rate: int | Fraction = 25
    size: tuple[int, int] = (160, 96)
    codec: str = "libx264"
    pixels: str = "yuv420p"
    options: dict[str, str] = field(default_factory=lambda: {"crf": "18", "preset": "ultrafast"})
    container: str | None = None  # FFmpeg's name of the muxer; None: by the file's name
    container_options: dict[str, str] = field(default_factory=dict)
    gop: int = 12
    b_frames: int = 0
    times: Sequence[int] | None = None  # pts of each frame in time_base; None: constant rate
    time_base: Fraction | None = None
    sound_s: float | None = None  # length of a tone, None: no sound
    sound_from_s: float = 0.0
    sound_codec: str = "aac"
    picture: Callable[[int, int, int], Picture] = numbered  # of (number, width, height)
    prepare: Callable[[Any], None] = lambda stream: None  # last changes to the video stream
    touch: Callable[[VideoFrame, int], None] = lambda frame, number: None  # last changes to a frame
    extra_streams: Callable[[Any], None] = lambda container: None

    def write(self, path: Path) -> Path:
        with av.open(str(path), "w", format=self.container, container_options=self.container_options) as container:
            stream = self._video(container)
            sound = container.add_stream(self.sound_codec, rate=48_000) if self.sound_s is not None else None
            self.extra_streams(container)
            if sound is not None:
                self._write_sound(container, sound)
            for number in range(self.n_frames):
                frame = VideoFrame.from_ndarray(self.picture(number, *self.size), "rgb24")
                if self.pixels != "rgb24":
                    frame = frame.reformat(format=self.pixels)
                if self.times is not None:
                    frame.pts, frame.time_base = self.times[number], self.time_base
                else:
                    frame.pts, frame.time_base = number, 1 / Fraction(self.rate)
                self.touch(frame, number)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return path

    def _video(self, container: Any) -> Any:
        stream = container.add_stream(self.codec, rate=self.rate, options=dict(self.options))
        stream.width, stream.height = self.size
        stream.pix_fmt = self.pixels
        stream.codec_context.gop_size = self.gop
        stream.codec_context.max_b_frames = self.b_frames
        stream.codec_context.thread_count = 1
        if self.time_base is not None:
            stream.codec_context.time_base = self.time_base
            stream.time_base = self.time_base
        self.prepare(stream)
        return stream

    def _write_sound(self, container: Any, stream: Any) -> None:
        assert self.sound_s is not None
        wave = (np.sin(np.arange(int(self.sound_s * 48_000)) * 0.05) * 8000).astype(np.int16)
        for start in range(0, len(wave), 1024):
            frame = av.AudioFrame.from_ndarray(wave[None, start : start + 1024], "s16", "mono")
            frame.sample_rate = 48_000
            frame.pts, frame.time_base = start + round(self.sound_from_s * 48_000), Fraction(1, 48_000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def scenes(length: int) -> Callable[[int, int, int], Picture]:
    """Pictures whose scene changes every `length` frames: a cut."""
    return lambda number, width, height: numbered(number, width, height, scene=1 + number // length)


def end_by_edit_list(film: Path, end_s: float, last_s: float) -> None:
    """Give the last picture a long duration of its own, as iPhones do in Live Photos, and end the film by edit list."""
    data = bytearray(film.read_bytes())

    def number(box: bytes, offset: int) -> tuple[int, int]:
        at = data.rindex(box) + offset
        return at, int.from_bytes(data[at : at + 4], "big")

    _, film_scale = number(b"mvhd", 16)
    _, media_scale = number(b"mdhd", 16)
    _, n_entries = number(b"stts", 8)
    last = data.rindex(b"stts") + 12 + 8 * (n_entries - 1)
    count, delta = struct.unpack(">II", data[last : last + 8])
    assert count == 1, "the last picture must have an entry of its own"
    data[last + 4 : last + 8] = struct.pack(">I", round(last_s * media_scale))
    at, media_length = number(b"mdhd", 20)
    data[at : at + 4] = struct.pack(">I", media_length - delta + round(last_s * media_scale))
    for box, offset in ((b"mvhd", 20), (b"tkhd", 24), (b"elst", 12)):
        at, _ = number(box, offset)
        data[at : at + 4] = struct.pack(">I", round(end_s * film_scale))
    film.write_bytes(data)
