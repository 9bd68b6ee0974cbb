"""design/faults.md, part A: each odd file, and what the engine makes of it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import signal
import struct
import subprocess
import sys
import zipfile
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image as Pictures

from analysis.config import AnalysisConfig
from analysis.types import SampledFrame, VideoProbe, Warning
from analysis.video.errors import VideoError
from analysis.video.plan import plan_chunks
from analysis.video.probe import probe_video
from analysis.video.reader import SampleReader
from tests.films import Film, number_of, numbered

ROOT = Path(__file__).parents[2]
CONFIG = AnalysisConfig()


def refusal(path: Path) -> VideoError:
    with pytest.raises(VideoError) as caught:
        probe_video(path)
    sentence = caught.value.sentence
    assert sentence.endswith(".")
    assert "Error" not in sentence
    assert str(path.parent) not in sentence
    return caught.value


def read(path: Path) -> tuple[list[SampledFrame], tuple[Warning, ...]]:
    """All sampled frames, as chunks give them, and the warnings."""
    frames: list[SampledFrame] = []
    warnings: tuple[Warning, ...] = ()
    for chunk in plan_chunks(path, CONFIG):
        reader = SampleReader(path, chunk, CONFIG)
        frames += list(reader)
        warnings += reader.warnings
    return frames, warnings


def numbers(frames: list[SampledFrame]) -> list[int]:
    return [number_of(frame.image) for frame in frames]


def run_probe(path: Path | str, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "analysis.video.probe", str(path)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=120, **options)  # type: ignore[call-overload]


def test_fault_01_an_empty_file_is_refused(tmp_path):
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
def test_fault_02_what_is_no_video_is_refused_by_what_it_looks_like(tmp_path, content, words):
    other = tmp_path / "holiday.mp4"
    other.write_bytes(content)
    assert words in refusal(other).sentence


@pytest.mark.parametrize(
    ("kind", "words"),
    [("JPEG", "JPEG"), ("PNG", "PNG"), ("GIF", "GIF"), ("BMP", "BMP"), ("WEBP", "WebP"), ("TIFF", "TIFF")],
)
def test_fault_03_a_still_picture_is_refused_with_that_word(tmp_path, kind, words):
    image = tmp_path / "a.mp4"
    Pictures.fromarray(numbered(1)).save(image, kind)
    assert "image" in refusal(image).sentence
    assert words in refusal(image).sentence


def test_fault_03_heic_is_refused_with_that_word(tmp_path):
    image = tmp_path / "IMG_0001.HEIC"
    image.write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(500))
    assert "HEIC image" in refusal(image).sentence


def test_fault_03_an_animated_gif_is_read_as_video(tmp_path):
    film = Film(n_frames=20, rate=10, codec="gif", pixels="rgb8", options={}).write(tmp_path / "a.gif")
    assert probe_video(film).n_frames == 20
    assert numbers(read(film)[0]) == list(range(0, 20, 2))


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
def test_fault_04_sound_alone_is_refused(tmp_path, name, codec):
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
def test_fault_05_cover_art_is_no_picture(tmp_path, name, codec):
    song = write_sound(tmp_path / name, codec, cover=b"")
    with av.open(str(song)) as container:
        assert container.streams.video[0].disposition & av.stream.Disposition.attached_pic
    assert "has sound but no picture" in refusal(song).sentence


def test_fault_06_an_mp4_without_its_index_is_incomplete(tmp_path):
    film = Film(n_frames=40).write(tmp_path / "a.mp4")
    data = film.read_bytes()
    film.write_bytes(data[: data.index(b"moov") - 4])
    assert "incomplete" in refusal(film).sentence
    film.write_bytes(data[: data.index(b"moov") + 20])
    assert "index is damaged" in refusal(film).sentence


FASTSTART = {"movflags": "faststart"}


@pytest.mark.parametrize(("name", "options"), [("a.mp4", FASTSTART), ("a.mkv", {}), ("a.webm", {}), ("a.avi", {})])
def test_fault_07_a_file_cut_off_is_analysed_up_to_there(tmp_path, name, options):
    codec = {"a.webm": "libvpx", "a.avi": "mpeg4"}.get(name, "libx264")
    film = Film(n_frames=150, codec=codec, options={}, container_options=options).write(tmp_path / name)
    assert read(film)[1] == ()
    film.write_bytes(film.read_bytes()[: film.stat().st_size * 6 // 10])
    frames, (warning,) = read(film)
    assert warning.code == "truncated"
    assert warning.from_s is not None
    assert warning.from_s == pytest.approx(frames[-1].end_sample / 5, abs=0.25)
    assert 2.5 < warning.from_s < 5.0
    assert probe_video(film).duration_s == pytest.approx(warning.from_s, abs=0.1)


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.mov"])
def test_fault_07_sound_longer_than_the_picture_is_no_fault(tmp_path, name):
    film = Film(n_frames=50, sound_s=6.0).write(tmp_path / name)
    assert read(film)[1] == ()


def damaged(film: Path, n_flips: int) -> Path:
    """Flip bits in the middle fifth of a file."""
    data, rng = bytearray(film.read_bytes()), random.Random(2)
    for _ in range(n_flips):
        data[rng.randrange(len(data) * 2 // 5, len(data) * 3 // 5)] ^= 1 << rng.randrange(8)
    film.write_bytes(data)
    return film


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts", "a.mpg", "a.webm"])
def test_fault_08_goes_on_after_damage_and_says_how_much(tmp_path, name):
    codec = {"a.mpg": "mpeg2video", "a.webm": "libvpx-vp9"}.get(name, "libx264")
    options = {"deadline": "realtime", "cpu-used": "8"} if codec == "libvpx-vp9" else {}
    film = Film(n_frames=200, size=(320, 192), codec=codec, options=options).write(tmp_path / name)
    clean, no_warnings = read(film)
    assert no_warnings == ()
    frames, (warning,) = read(damaged(film, 40))
    assert warning.code == "damaged"
    assert "%" in warning.text
    assert 0 < warning.n_bad < 120
    assert numbers(frames)[-10:] == numbers(clean)[-10:], "the end, after the damage, is whole"


def test_fault_08_a_hole_in_the_file_counts_as_lost_frames(tmp_path):
    film = Film(n_frames=200, size=(320, 192)).write(tmp_path / "a.mkv")
    data = bytearray(film.read_bytes())
    start = len(data) * 2 // 5
    data[start : start + len(data) // 10] = bytes(len(data) // 10)
    film.write_bytes(data)
    (warning,) = read(film)[1]
    assert warning.code == "damaged"
    assert 12 <= warning.n_bad <= 35


def test_fault_09_an_unknown_codec_is_named(tmp_path):
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
def test_fault_10_scripts_that_open_other_files_are_refused(tmp_path, script, name):
    film = Film(n_frames=5).write(tmp_path / "secret.mp4")
    playlist = tmp_path / name
    playlist.write_text(script.format(film=film))
    error = refusal(playlist)
    assert error.code in ("playlist", "not_a_video")


def test_fault_10_addresses_are_never_opened():
    for address in ("http://127.0.0.1:9/a.mp4", "concat:/etc/passwd", "subfile,,start,0,end,0,,:/etc/passwd"):
        with pytest.raises((FileNotFoundError, OSError)):
            probe_video(address)


def test_fault_10_an_mp4_that_refers_to_another_file_does_not_get_it(tmp_path):
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


def test_fault_11_huge_pictures_are_refused(tmp_path):
    wide = Film(n_frames=2, size=(8256, 64), codec="mjpeg", pixels="yuvj420p", options={}).write(tmp_path / "a.mkv")
    assert "8256 × 64" in refusal(wide).sentence
    large = Film(n_frames=1, size=(6500, 6400), codec="mjpeg", pixels="yuvj420p", options={}).write(tmp_path / "b.mkv")
    assert "40 megapixels" in refusal(large).sentence


def test_fault_11_a_size_that_is_only_claimed_is_refused_too(tmp_path):
    film = Film(n_frames=5).write(tmp_path / "a.mp4")
    data = film.read_bytes()
    at = data.index(b"avc1", data.index(b"stsd")) + 28
    film.write_bytes(data[:at] + struct.pack(">HH", 60_000, 60_000) + data[at + 4 :])
    assert "60000 × 60000" in refusal(film).sentence


def test_fault_12_tiny_pictures_are_refused(tmp_path):
    assert "16 × 16" in refusal(Film(n_frames=5, size=(16, 16)).write(tmp_path / "a.mp4")).sentence
    assert probe_video(Film(n_frames=5, size=(32, 32)).write(tmp_path / "b.mp4")).width_px == 32


@pytest.mark.parametrize("ticks", [0, 10**9, 0xFFFFFFFF, 0x80000000])
def test_fault_13_a_wrong_length_in_the_header_is_measured_mp4(tmp_path, ticks):
    film = Film(n_frames=50).write(tmp_path / "a.mp4")
    data = bytearray(film.read_bytes())
    for box, offset in ((b"mvhd", 20), (b"tkhd", 24), (b"mdhd", 20)):
        at = data.index(box) + offset
        data[at : at + 4] = struct.pack(">I", ticks)
    film.write_bytes(data)
    assert (probe_video(film).duration_s, probe_video(film).n_frames) == (2.0, 50)
    assert len(read(film)[0]) == 10


@pytest.mark.parametrize("duration", [0.0, -5.0, 1e15, float("nan"), float("inf")])
def test_fault_13_a_wrong_length_in_the_header_is_measured_mkv(tmp_path, duration):
    film = Film(n_frames=50).write(tmp_path / "a.mkv")
    data = film.read_bytes()
    at = data.index(b"\x44\x89\x88") + 3
    film.write_bytes(data[:at] + struct.pack(">d", duration) + data[at + 8 :])
    assert probe_video(film).duration_s == 2.0
    frames, warnings = read(film)
    assert len(frames) == 10
    assert warnings == ()


def test_fault_14_longer_than_the_limit_is_refused_naming_it(tmp_path):
    times = [0, 4 * 3600 * 1000 + 60_000]
    film = Film(n_frames=2, times=times, time_base=Fraction(1, 1000)).write(tmp_path / "a.mkv")
    assert "the limit is 4 h" in refusal(film).sentence


MS = Fraction(1, 1000)


@pytest.mark.parametrize(
    ("times", "shown"),
    [
        ([5000 + 40 * i for i in range(25)], [0, 5, 10, 15, 20]),  # does not begin at 0
        ([0, 40, 80, 80, 80, 120, 500, 960], [0, 5, 5, 6, 6]),  # repeated and variable
        ([40 * i + (3000 if i >= 10 else 0) for i in range(20)], [0, 5, *[9] * 15, 10, 15]),  # jumps forwards
        (list(range(1000, 2000, 40)), [0, 5, 10, 15, 20]),
    ],
)
def test_fault_15_time_comes_from_timestamps(tmp_path, times, shown):
    film = Film(n_frames=len(times), times=times, time_base=MS).write(tmp_path / "a.mkv")
    frames, _ = read(film)
    by_sample = [number_of(frame.image) for frame in frames for _ in range(frame.first_sample, frame.end_sample)]
    assert by_sample == shown
    assert probe_video(film).n_frames == len(times)


@pytest.mark.parametrize("rate", [1, 5, Fraction(24000, 1001), 60, 1000])
def test_fault_15_any_frame_rate_works(tmp_path, rate):
    film = Film(n_frames=30, rate=rate).write(tmp_path / "a.mp4")
    assert probe_video(film).frame_rate == pytest.approx(float(rate), rel=0.01)
    frames, _ = read(film)
    shown = {k: number_of(frame.image) for frame in frames for k in range(frame.first_sample, frame.end_sample)}
    assert shown == {k: int(k * rate / 5) for k in range(-int(-30 * 5 / rate // 1)) if k * rate / 5 < 30}


def test_fault_15_sound_that_begins_first_starts_the_clock(tmp_path):
    times = [1500 + 40 * i for i in range(25)]
    film = Film(n_frames=25, times=times, time_base=MS, sound_s=3.0).write(tmp_path / "a.mkv")
    frames, _ = read(film)
    assert (frames[0].first_sample, number_of(frames[0].image)) == (8, 2)
    assert probe_video(film).duration_s == pytest.approx(2.5, abs=0.03)


def test_fault_15_recordings_glued_together_go_on_counting(tmp_path):
    """Timestamps of the second part fall back to the beginning."""
    parts = [Film(n_frames=30).write(tmp_path / f"{part}.ts").read_bytes() for part in range(2)]
    film = tmp_path / "a.ts"
    film.write_bytes(b"".join(parts))
    assert probe_video(film).duration_s == pytest.approx(2.4, abs=0.05)
    assert numbers(read(film)[0]) == [0, 5, 10, 15, 20, 25, 0, 5, 10, 15, 20, 25]


def test_fault_16_one_frame_is_a_video(tmp_path):
    film = Film(n_frames=1).write(tmp_path / "a.mp4")
    assert probe_video(film).n_frames == 1
    assert numbers(read(film)[0]) == [0]


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_fault_17_pictures_are_turned_upright(tmp_path, degrees, mirrored):
    """The matrix turns, then mirrors; so the stored picture is the upright one mirrored, then turned back."""
    upright = numbered(5, 160, 96)
    stored = np.rot90(upright[:, ::-1] if mirrored else upright, -degrees // 90 % 4)
    height, width = stored.shape[:2]
    film = Film(
        n_frames=3,
        size=(width, height),
        picture=lambda *_: np.ascontiguousarray(stored),
        prepare=lambda stream: stream.set_display_rotation(degrees, hflip=mirrored),
    ).write(tmp_path / "a.mp4")
    probe = probe_video(film)
    assert (probe.width_px, probe.height_px) == (160, 96)
    (frame,) = read(film)[0]
    assert frame.image.shape == (96, 160, 3)
    assert np.abs(frame.image.astype(int) - upright).mean() < 6


def shown(film: Path) -> tuple[np.ndarray, VideoProbe]:
    frames, warnings = read(film)
    assert warnings == ()
    assert numbers(frames) == [0, 5]
    return frames[0].image, probe_video(film)


def test_fault_18_pixels_that_are_not_square(tmp_path):
    def widen(stream: object) -> None:
        stream.codec_context.sample_aspect_ratio = Fraction(16, 9)  # type: ignore[attr-defined]

    image, probe = shown(Film(n_frames=10, size=(96, 96), prepare=widen).write(tmp_path / "a.mp4"))
    assert (probe.width_px, probe.height_px) == (171, 96)
    assert image.shape == (96, 171, 3)


PIXELS = [
    ("libx264", "yuv420p10le", {}),
    ("libx264", "yuv444p", {}),
    ("libx264", "yuvj420p", {}),
    ("libx264", "gray", {}),
    ("libx264", "yuv422p10le", {}),
    ("ffv1", "yuva420p", {}),
    ("png", "rgba", {}),
    ("png", "pal8", {}),
    ("png", "gray16be", {}),
    ("ffv1", "gray", {}),
    ("qtrle", "argb", {}),
    ("ffv1", "gbrp10le", {}),
    ("libx265", "yuv420p12le", {"x265-params": "log-level=none"}),
    ("rawvideo", "uyvy422", {}),
    ("prores_ks", "yuva444p10le", {}),
]


@pytest.mark.parametrize(("codec", "pixels", "options"), PIXELS, ids=lambda value: str(value))
def test_fault_18_every_pixel_format_becomes_rgb(tmp_path, codec, pixels, options):
    def prepare(stream: object) -> None:
        if pixels == "gray":  # its values are of full range
            stream.codec_context.color_range = 2  # type: ignore[attr-defined]

    film = Film(n_frames=10, codec=codec, pixels=pixels, options=options, prepare=prepare)
    if pixels == "pal8":
        film = Film(n_frames=10, codec="gif", pixels="rgb8", options={}, rate=25)
        image, _ = shown(film.write(tmp_path / "a.gif"))
    else:
        image, _ = shown(film.write(tmp_path / ("a.mkv" if codec == "ffv1" else "a.mov")))
    reference = numbered(0).astype(int)
    if pixels.startswith("gray"):
        reference = (reference @ [0.299, 0.587, 0.114])[..., None]
    assert np.abs(image - reference).mean() < (24 if pixels == "pal8" else 9)


def test_fault_18_interlaced_pictures_lose_their_comb(tmp_path):
    """Every other line shows a moment later: a bar that moves has teeth, which are taken out."""

    def combed(number: int, width: int, height: int) -> np.ndarray:
        picture = np.full((height, width, 3), 60, np.uint8)
        for field in (0, 1):
            left = 20 + 8 * number + 8 * field
            picture[field::2, left : left + 24] = 220
        return picture

    film = Film(
        n_frames=10,
        codec="mpeg2video",
        options={"flags": "+ildct+ilme", "b": "8M"},
        picture=combed,
        gop=1,
    ).write(tmp_path / "a.mpg")
    with av.open(str(film)) as container:
        if not next(container.decode(video=0)).interlaced_frame:
            pytest.skip("the encoder does not mark its frames as interlaced")
    image = read(film)[0][0].image.astype(int)
    lines = image[10:80, 20:60].mean(axis=2)
    assert np.abs(lines[1:-1] * 2 - lines[:-2] - lines[2:]).mean() < 20


@pytest.mark.parametrize(("transfer", "white"), [(16, 0.58), (18, 0.75)], ids=["PQ", "HLG"])
def test_fault_18_hdr_is_brought_to_an_ordinary_picture(tmp_path, transfer, white):
    """Reference white of 203 nits is bright, not gray; black stays black."""
    gray = np.zeros((96, 160), np.uint16)
    gray[:, 80:] = round(white * 65535)

    def paint(frame: av.VideoFrame, number: int) -> None:
        frame.color_trc, frame.color_primaries, frame.colorspace = transfer, 9, 9

    def prepare(stream: object) -> None:
        context = stream.codec_context  # type: ignore[attr-defined]
        context.color_trc, context.color_primaries, context.colorspace, context.color_range = transfer, 9, 9, 1

    def picture(*_: int) -> np.ndarray:
        return np.repeat((gray >> 8).astype(np.uint8)[..., None], 3, axis=2)

    film = Film(
        n_frames=5,
        codec="libx265",
        pixels="yuv420p10le",
        options={"x265-params": "log-level=none"},
        picture=picture,
        prepare=prepare,
        touch=paint,
    ).write(tmp_path / "a.mp4")
    image = read(film)[0][0].image
    assert image[:, :70].mean() < 12
    assert 170 < image[:, 90:].mean() < 235


def test_fault_18_colors_follow_the_matrix_of_the_file(tmp_path):
    """BT.709 and BT.601 of the same red come back as the same red."""
    red = np.zeros((96, 160, 3), np.uint8)
    red[..., 0] = 200
    for colorspace, swscale in ((1, 1), (6, 5)):
        path = tmp_path / f"{colorspace}.mp4"
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libx264", rate=25)
            stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
            stream.codec_context.colorspace = colorspace
            frame = av.VideoFrame.from_ndarray(red, "rgb24").reformat(format="yuv420p", dst_colorspace=swscale)
            frame.pts = 0
            container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        image = read(path)[0][0].image
        assert np.abs(image.mean(axis=(0, 1)) - [200, 0, 0]).max() < 8, colorspace


def test_fault_19_a_size_that_changes_is_scaled_to_the_first(tmp_path):
    first = Film(n_frames=50).write(tmp_path / "1.ts").read_bytes()
    second = Film(n_frames=50, size=(320, 192), times=range(50, 100), time_base=Fraction(1, 25)).write(
        tmp_path / "2.ts"
    )
    film = tmp_path / "a.ts"
    film.write_bytes(first + second.read_bytes())
    frames, _ = read(film)
    assert {frame.image.shape for frame in frames} == {(96, 160, 3)}
    assert {0, 5, 45} <= set(numbers(frames))
    assert len(frames) >= 19


def test_fault_20_the_default_picture_among_many_streams(tmp_path):
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as container:
        streams = []
        for size in ((320, 192), (160, 96)):
            stream = container.add_stream("libx264", rate=25)
            stream.width, stream.height = size
            stream.pix_fmt = "yuv420p"
            streams.append(stream)
        streams[0].disposition = 0
        streams[1].disposition = av.stream.Disposition.default
        for number in range(10):
            for stream in streams:
                frame = av.VideoFrame.from_ndarray(numbered(number, stream.width, stream.height), "rgb24")
                frame.pts, frame.time_base = number, Fraction(1, 25)
                container.mux(stream.encode(frame))
        for stream in streams:
            container.mux(stream.encode(None))
    assert probe_video(path).width_px == 160
    assert numbers(read(path)[0]) == [0, 5]


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
def test_fault_21_any_name_is_only_a_name(tmp_path, name):
    film = Film(n_frames=10).write(tmp_path / "a.mp4").rename(tmp_path / name)
    assert probe_video(film).n_frames == 10
    ran = run_probe(film)
    assert ran.returncode == 0
    assert name not in ran.stdout


def test_fault_22_the_same_file_gives_the_same_plan_and_pictures(tmp_path):
    first = Film(n_frames=50, b_frames=2).write(tmp_path / "a.mp4")
    second = tmp_path / "copy.mp4"
    second.write_bytes(first.read_bytes())
    assert plan_chunks(first, CONFIG) == plan_chunks(second, CONFIG)
    for one, other in zip(read(first)[0], read(second)[0], strict=True):
        assert np.array_equal(one.image, other.image)


def test_fault_23_a_table_that_claims_millions_of_frames_is_ended_by_the_limits(tmp_path):
    """A few bytes that stand for a quarter of a billion frames."""
    film = Film(n_frames=10).write(tmp_path / "a.mp4")
    data = bytearray(film.read_bytes())
    at = data.index(b"stsz") + 8
    data[at : at + 8] = struct.pack(">II", 1, 0x0FFFFFFF)
    film.write_bytes(data)
    ran = run_probe(film)
    assert ran.returncode == 2 or ran.returncode < 0
    if ran.returncode == 2:
        assert json.loads(ran.stdout)["message"].endswith(".")


LIMITED = "from analysis.video.limits import limit_this_process as l; l(cpu_s=1, memory_mb={mb}); {then}"


def test_fault_23_memory_of_the_process_is_bounded():
    code = LIMITED.format(mb=512, then="bytearray(1 << 30)")
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert ran.returncode == 1
    assert "MemoryError" in ran.stderr


def test_fault_24_an_endless_loop_is_ended_by_the_kernel():
    code = LIMITED.format(mb=512, then="exec('while True: pass')")
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=False, timeout=60)
    assert ran.returncode in (-signal.SIGXCPU, -signal.SIGKILL)


def test_fault_25_more_bytes_than_the_limit_are_refused_unread(tmp_path):
    film = tmp_path / "a.mp4"
    film.touch()
    os.truncate(film, (4 << 30) + 1)  # takes no space
    assert "larger than 4 GB" in refusal(film).sentence


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts", "a.webm", "a.avi"])
def test_fault_24_spoilt_headers_end_in_a_result_or_a_refusal(tmp_path, name):
    codec = {"a.webm": "libvpx", "a.avi": "mpeg4"}.get(name, "libx264")
    sound = "libopus" if name == "a.webm" else "aac"
    film = Film(n_frames=20, codec=codec, options={}, sound_s=0.5, sound_codec=sound).write(tmp_path / name)
    clean, rng = film.read_bytes(), random.Random(24)
    for _ in range(25):
        data = bytearray(clean)
        start = rng.choice((0, max(0, len(data) - 3000)))
        for _ in range(rng.choice((1, 5, 30))):
            data[rng.randrange(start, min(start + 3000, len(data)))] = rng.randrange(256)
        film.write_bytes(data)
        with contextlib.suppress(VideoError):  # anything else fails the test
            probe_video(film)
            read(film)
