"""What is refused, and with which words."""

from __future__ import annotations

import io
import json
import os
import random
import re
import struct
import zipfile
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image as Pictures

from analysis.video.probe import probe_video
from tests.faults.files import numbers, read, refusal, run_probe
from tests.films import Film, numbered


def test_an_empty_file_is_refused(tmp_path):
    empty = tmp_path / "a.mp4"
    empty.touch()
    assert refusal(empty).sentence == "The file is empty."
    ran = run_probe(empty)
    assert (ran.returncode, json.loads(ran.stdout)) == (2, {"code": "empty", "message": "The file is empty."})


def _zip() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", "hello")
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Dear diary,\ntoday I learned to write.\n", "text"),
        ("Grüße aus Köln\n".encode() * 500, "text"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "PDF"),
        (_zip(), "ZIP"),
        (b"\x7fELF\x02\x01\x01" + bytes(200), "program"),
        (b"MZ\x90\x00" + bytes(300), "program"),
        (b"<!DOCTYPE html><html><body>video</body></html>", "HTML"),
        (random.Random(1).randbytes(100_000), "random"),
        (b"x", "text"),
        (bytes(5000), "random"),
    ],
)
def test_what_is_no_video_is_refused_by_what_it_looks_like(tmp_path, content, words):
    other = tmp_path / "holiday.mp4"
    other.write_bytes(content)
    assert words in refusal(other).sentence


@pytest.mark.parametrize(
    ("kind", "words"),
    [("JPEG", "JPEG"), ("PNG", "PNG"), ("GIF", "GIF"), ("BMP", "BMP"), ("WEBP", "WebP"), ("TIFF", "TIFF")],
)
def test_a_still_picture_is_refused_with_that_word(tmp_path, kind, words):
    image = tmp_path / "a.mp4"
    Pictures.fromarray(numbered(1)).save(image, kind)
    assert "image" in refusal(image).sentence
    assert words in refusal(image).sentence


def test_heic_is_refused_with_that_word(tmp_path):
    image = tmp_path / "IMG_0001.HEIC"
    image.write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(500))
    assert "HEIC image" in refusal(image).sentence


def test_fault_11_the_largest_picture_is_read_in_codecs_that_round_its_sides_up(tmp_path):
    """40 megapixels as shown; as coded, in blocks of 16 pixels, a little more."""
    with av.open(str(tmp_path / "a.avi"), "w") as container:
        stream = container.add_stream("mpeg4", rate=5)
        stream.width, stream.height, stream.pix_fmt = 8176, 4888, "yuv420p"
        picture = av.VideoFrame.from_ndarray(np.full((4888, 8176, 3), 100, np.uint8), "rgb24")
        container.mux([*stream.encode(picture), *stream.encode(None)])
    assert probe_video(tmp_path / "a.avi").height_px == 4888


def test_an_animated_gif_is_read_as_video(tmp_path):
    film = Film(n_frames=20, rate=10, codec="gif", pixels="rgb8", options={}).write(tmp_path / "a.gif")
    assert probe_video(film).n_frames == 20
    assert numbers(read(film)[0]) == list(range(0, 20, 2))


def test_an_animated_gif_without_times_is_refused_as_what_it_is(tmp_path):
    pictures = [Pictures.fromarray(numbered(number)).convert("P") for number in range(4)]
    pictures[0].save(tmp_path / "a.gif", save_all=True, append_images=pictures[1:], duration=100)
    assert probe_video(tmp_path / "a.gif").n_frames == 4
    timeless = re.sub(rb"\x21\xf9\x04....\x00", b"", (tmp_path / "a.gif").read_bytes(), flags=re.DOTALL)
    (tmp_path / "b.gif").write_bytes(timeless)
    said = refusal(tmp_path / "b.gif").sentence
    assert "animated GIF" in said
    assert "delay" in said


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.mp3", "libmp3lame"),
        ("a.m4a", "aac"),
        ("a.mp4", "aac"),
        ("a.ogg", "libopus"),
        ("a.mkv", "aac"),
        ("a.wav", "pcm_s16le"),
        ("a.flac", "flac"),
    ],
)
def test_sound_alone_is_refused(tmp_path, name, codec):
    assert "has sound but no picture" in refusal(write_sound(tmp_path / name, codec)).sentence


def write_sound(path: Path, codec: str, cover: bytes | None = None) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=48_000)
        picture = None
        if cover is not None:
            picture = container.add_stream("mjpeg")
            picture.width, picture.height, picture.pix_fmt = 160, 96, "yuvj420p"
            picture.disposition = av.stream.Disposition.attached_pic
        if picture is not None:
            frame = av.VideoFrame.from_ndarray(numbered(1), "rgb24").reformat(format="yuvj420p")
            frame.pts = 0
            container.mux(picture.encode(frame))
            container.mux(picture.encode(None))
        for start in range(0, 48_000, 1024):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.int16), "s16", "mono")
            frame.sample_rate, frame.pts = 48_000, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(("name", "codec"), [("a.mp4", "aac"), ("a.mp3", "libmp3lame")])
def test_cover_art_is_no_picture(tmp_path, name, codec):
    song = write_sound(tmp_path / name, codec, cover=b"")
    with av.open(str(song)) as container:
        assert container.streams.video[0].disposition & av.stream.Disposition.attached_pic
    assert "has sound but no picture" in refusal(song).sentence


def test_an_mp4_without_its_index_is_incomplete(tmp_path):
    film = Film(n_frames=40).write(tmp_path / "a.mp4")
    data = film.read_bytes()
    film.write_bytes(data[: data.index(b"moov") - 4])
    assert "incomplete" in refusal(film).sentence
    film.write_bytes(data[: data.index(b"moov") + 20])
    assert "index is damaged" in refusal(film).sentence


def test_an_unknown_codec_is_named(tmp_path):
    film = Film(n_frames=10).write(tmp_path / "a.mp4")
    data = film.read_bytes()
    at = data.index(b"avc1", data.index(b"stsd"))
    film.write_bytes(data[:at] + b"zzzz" + data[at + 4 :])
    assert "zzzz" in refusal(film).sentence
    other = Film(n_frames=10).write(tmp_path / "a.mkv")
    other.write_bytes(other.read_bytes().replace(b"V_MPEG4/ISO/AVC", b"V_MPEG9/XYZ/AVC"))
    assert "V_MPEG9/XYZ/AVC" in refusal(other).sentence


@pytest.mark.parametrize(
    "script",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{film}\n#EXT-X-ENDLIST\n",
        "#EXTM3U\n#EXTINF:10,\nfile://{film}\n",
        "ffconcat version 1.0\nfile {film}\n",
        "file '{film}'\n",
        '<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>{film}</BaseURL></MPD>',
        "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nm=video 5004 RTP/AVP 96\r\n",
        "subfile,,start,0,end,0,,:{film}",
        "crypto:{film}",
        "concat:{film}|{film}",
        "http://127.0.0.1:9/a.mp4",
        "[playlist]\nFile1={film}\n",
    ],
)
@pytest.mark.parametrize("name", ["a.mp4", "a.m3u8", "a.txt"])
def test_scripts_that_open_other_files_are_refused(tmp_path, script, name):
    film = Film(n_frames=5).write(tmp_path / "secret.mp4")
    playlist = tmp_path / name
    playlist.write_text(script.format(film=film))
    error = refusal(playlist)
    assert error.code in ("playlist", "not_a_video")


def test_addresses_are_never_opened():
    for address in ("http://127.0.0.1:9/a.mp4", "concat:/etc/passwd", "subfile,,start,0,end,0,,:/etc/passwd"):
        with pytest.raises((FileNotFoundError, OSError)):
            probe_video(address)


def test_an_mp4_that_refers_to_another_file_does_not_get_it(tmp_path):
    """A data reference with an alias: the sample table points into another file."""
    secret = Film(n_frames=5).write(tmp_path / "secret.mp4")
    film = tmp_path / "a.mp4"
    data = secret.read_bytes()
    at = data.index(b"url \0\0\0\1") - 4
    alias = struct.pack(">I4sI", 12 + len(str(secret)) + 1, b"url ", 0) + str(secret).encode() + b"\0"
    outside = bytearray(patched_size(data, at, 12, alias))
    pictures = outside.index(b"mdat") + 4
    outside[pictures : outside.index(b"moov") - 4] = bytes(outside.index(b"moov") - 4 - pictures)
    film.write_bytes(outside)
    refusal(film)


def patched_size(data: bytes, at: int, old: int, new: bytes) -> bytes:
    """Replace a box and correct the sizes of those around it."""
    grown = bytearray(data[:at] + new + data[at + old :])
    for name in (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"):
        position = data.index(name) - 4
        size = struct.unpack(">I", data[position : position + 4])[0]
        grown[position : position + 4] = struct.pack(">I", size + len(new) - old)
    return bytes(grown)


def test_huge_pictures_are_refused(tmp_path):
    wide = Film(n_frames=2, size=(8256, 64), codec="mjpeg", pixels="yuvj420p", options={}).write(tmp_path / "a.mkv")
    assert "8256 × 64" in refusal(wide).sentence
    large = Film(n_frames=1, size=(6500, 6400), codec="mjpeg", pixels="yuvj420p", options={}).write(tmp_path / "b.mkv")
    assert "40 megapixels" in refusal(large).sentence


def test_a_size_that_is_only_claimed_is_refused_too(tmp_path):
    film = Film(n_frames=5).write(tmp_path / "a.mp4")
    data = film.read_bytes()
    at = data.index(b"avc1", data.index(b"stsd")) + 28
    film.write_bytes(data[:at] + struct.pack(">HH", 60_000, 60_000) + data[at + 4 :])
    assert "60000 × 60000" in refusal(film).sentence


def test_tiny_pictures_are_refused(tmp_path):
    assert "16 × 16" in refusal(Film(n_frames=5, size=(16, 16)).write(tmp_path / "a.mp4")).sentence
    assert probe_video(Film(n_frames=5, size=(32, 32)).write(tmp_path / "b.mp4")).width_px == 32


@pytest.mark.parametrize(
    "name",
    [
        "x" * 240,
        "👩‍👩‍👧 film",
        "\u202egpj.exe",
        "=cmd|' \\C calc'!A0",
        "-rf",
        "+a",
        "@b",
        "<img src=x onerror=alert(1)>",
        "CON",
        "a:b?c*d",
        "concat:a|b",
        "file:a",
        "%s%n%d",
        "a\nb",
        "..mp4",
    ],
)
def test_any_name_is_only_a_name(tmp_path, name):
    film = Film(n_frames=10).write(tmp_path / "a.mp4").rename(tmp_path / name)
    assert probe_video(film).n_frames == 10
    ran = run_probe(film)
    assert ran.returncode == 0
    assert name not in ran.stdout


def test_more_bytes_than_the_limit_are_refused_unread(tmp_path):
    film = tmp_path / "a.mp4"
    film.touch()
    os.truncate(film, (4 << 30) + 1)  # takes no space
    assert "larger than 4 GB" in refusal(film).sentence
