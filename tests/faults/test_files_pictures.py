"""Pictures that are turned, squeezed, interlaced, in odd colors, or that change."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from analysis.types import VideoProbe
from analysis.video.probe import probe_video
from tests.faults.files import numbers, read
from tests.films import Film, numbered


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_pictures_are_turned_upright(tmp_path, degrees, mirrored):
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


def test_pixels_that_are_not_square(tmp_path):
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
def test_every_pixel_format_becomes_rgb(tmp_path, codec, pixels, options):
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


def test_interlaced_pictures_lose_their_comb(tmp_path):
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
def test_hdr_is_brought_to_an_ordinary_picture(tmp_path, transfer, white):
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


def test_colors_follow_the_matrix_of_the_file(tmp_path):
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


def test_a_size_that_changes_is_scaled_to_the_first(tmp_path):
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


def test_the_default_picture_among_many_streams(tmp_path):
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
