"""What MP4 and Matroska headers say of the picture, read by hand: FFmpeg replaces it by what the bitstream says.

Needed to name a codec that FFmpeg does not know, and to refuse sizes that are only claimed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

HEADER_BYTES = 16 << 20  # larger headers are not looked at
BOXES = (b"moov", b"trak", b"mdia", b"minf", b"stbl")  # that hold other boxes

SEGMENT, TRACKS, TRACK_ENTRY, VIDEO = 0x18538067, 0x1654AE6B, 0xAE, 0xE0
CODEC_ID, PIXEL_WIDTH, PIXEL_HEIGHT = 0x86, 0xB0, 0xBA


@dataclass(frozen=True, slots=True)
class Declared:
    """Of the first picture track: its codec in the container's own words, and its size; 0 when not stated."""

    codec: str = ""
    width: int = 0
    height: int = 0


def read_declared(file: BinaryIO) -> Declared:
    """From an open file; leaves its position anywhere. Never raises on damaged files."""
    file.seek(0)
    head = file.read(8)
    try:
        if head[4:8] == b"ftyp":
            return _of_mp4(_moov(file))
        if head[:4] == b"\x1aE\xdf\xa3":
            file.seek(0)
            return _of_matroska(file.read(1 << 20))
    except (IndexError, ValueError):
        pass
    return Declared()


def top_boxes(file: BinaryIO, limit: int = 10_000) -> Iterator[tuple[bytes, int, int]]:
    """(name, position, size) of the boxes of an MP4 file, a size of 0 reaches to its end."""
    position = 0
    for _ in range(limit):
        file.seek(position)
        header = file.read(16)
        if len(header) < 8:
            return
        size = int.from_bytes(header[:4], "big")
        if size == 1:
            size = int.from_bytes(header[8:16], "big")
        yield header[4:8], position, size
        if size < 8:
            return
        position += size


def _moov(file: BinaryIO) -> bytes:
    for name, position, size in top_boxes(file):
        if name == b"moov":
            file.seek(position + 8)
            return file.read(min(size - 8 if size else HEADER_BYTES, HEADER_BYTES))
    return b""


def _of_mp4(moov: bytes) -> Declared:
    is_picture = False
    for name, body in _boxes(moov):
        if name == b"hdlr":
            is_picture = body[8:12] == b"vide"
        elif name == b"stsd" and is_picture and len(body) >= 44:
            entry = body[8:]
            name_of_codec = entry[4:8].decode("latin-1").strip()
            return Declared(
                _printable(name_of_codec), int.from_bytes(entry[32:34], "big"), int.from_bytes(entry[34:36], "big")
            )
    return Declared()


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """All boxes, those inside others too, in the order of the file."""
    position = 0
    while position + 8 <= len(data):
        size, name = int.from_bytes(data[position : position + 4], "big"), data[position + 4 : position + 8]
        if size < 8:
            return
        body = data[position + 8 : position + size]
        if name in BOXES:
            yield from _boxes(body)
        else:
            yield name, body
        position += size


def _of_matroska(head: bytes) -> Declared:
    for track in _elements(head, (SEGMENT, TRACKS, TRACK_ENTRY)):
        values = dict(_children(track))
        if VIDEO in values:
            video = dict(_children(values[VIDEO]))
            size = [int.from_bytes(video.get(key, b""), "big") for key in (PIXEL_WIDTH, PIXEL_HEIGHT)]
            return Declared(_printable(values.get(CODEC_ID, b"").decode("latin-1")), *size)
    return Declared()


def _elements(data: bytes, path: tuple[int, ...]) -> Iterator[bytes]:
    for key, body in _children(data):
        if key == path[0]:
            if len(path) == 1:
                yield body
            else:
                yield from _elements(body, path[1:])


def _children(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(id, body) of EBML elements in a row."""
    position = 0
    while position < len(data):
        id_length = 9 - data[position].bit_length()
        key = int.from_bytes(data[position : position + id_length], "big")
        position += id_length
        size_length = 9 - data[position].bit_length()
        size = int.from_bytes(data[position : position + size_length], "big") & ((1 << 7 * size_length) - 1)
        position += size_length
        if size == (1 << 7 * size_length) - 1:  # unknown: to the end
            size = len(data) - position
        yield key, data[position : position + size]
        position += size


def _printable(text: str) -> str:
    return re.sub(r"[^ -~]", "", text)[:40]
