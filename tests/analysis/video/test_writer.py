"""What is written for people to look at: the annotated video, the copy that plays everywhere, the poster."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from analysis.video.drawing import TaggedBox, draw
from analysis.video.errors import VideoError
from analysis.video.probe import probe_video
from analysis.video.proxy import make_poster, make_proxy
from analysis.video.transcode import transcode
from analysis.video.writer import Annotation, marks_at
from tests.films import Film, number_of, numbered

ROOT = Path(__file__).parents[3]


def frames_of(path: Path) -> list[tuple[float, np.ndarray]]:
    with av.open(str(path)) as container:
        return [(float(frame.time), frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]


@pytest.mark.parametrize(
    ("name", "film"),
    [
        ("a.mov", Film(n_frames=30, codec="libx265", options={"x265-params": "log-level=none"}, sound_s=1.2)),
        ("a.wmv", Film(n_frames=30, codec="wmv2", options={"b": "2M"}, container="asf")),
        ("a.mpg", Film(n_frames=30, codec="mpeg2video", options={"b": "2M"}, b_frames=2)),
        ("a.avi", Film(n_frames=30, codec="mjpeg", pixels="yuvj420p", options={}, size=(161, 97))),
        ("a.mkv", Film(n_frames=30, times=[i * i * 3 for i in range(30)], time_base=Fraction(1, 1000), sound_s=2.0)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_proxy_plays_in_browsers_and_shows_every_frame_at_its_time(tmp_path, name, film):
    source = film.write(tmp_path / name)
    progress: list[float] = []
    make_proxy(source, tmp_path / "proxy.mp4", progress.append)
    facts = probe_video(tmp_path / "proxy.mp4")
    assert facts.plays_in_browser
    assert facts.has_sound == (film.sound_s is not None)
    shown = frames_of(tmp_path / "proxy.mp4")
    assert [number_of(image) for _, image in shown] == list(range(30))
    if film.times is not None:
        assert [time for time, _ in shown] == pytest.approx([t / 1000 for t in film.times], abs=0.002)
    assert progress == sorted(progress)
    assert progress[-1] == 1.0
    assert {path.name for path in tmp_path.iterdir() if path.is_file()} == {name, "proxy.mp4"}


def test_a_turned_film_has_an_upright_proxy(tmp_path):
    film = Film(
        n_frames=5,
        size=(96, 160),
        picture=lambda number, *_: np.ascontiguousarray(np.rot90(numbered(number), -1)),
        prepare=lambda stream: stream.set_display_rotation(90),
    ).write(tmp_path / "a.mov")
    make_proxy(film, tmp_path / "proxy.mp4")
    assert [number_of(image) for _, image in frames_of(tmp_path / "proxy.mp4")] == list(range(5))


def test_large_films_are_brought_down(tmp_path):
    film = Film(n_frames=2, size=(640, 360)).write(tmp_path / "a.mp4")
    transcode(film, tmp_path / "small.mp4", max_side_px=320)
    assert (probe_video(tmp_path / "small.mp4").width_px, probe_video(tmp_path / "small.mp4").height_px) == (320, 180)


def test_nothing_is_left_when_writing_fails(tmp_path):
    film = Film(n_frames=20).write(tmp_path / "a.mp4")

    def fail(*_: object) -> None:
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        transcode(film, tmp_path / "out.mp4", max_side_px=320, paint=fail)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["a.mp4"]
    (tmp_path / "text.mp4").write_text("no video")
    with pytest.raises(VideoError):
        make_proxy(tmp_path / "text.mp4", tmp_path / "out.mp4")
    assert not (tmp_path / "out.mp4").exists()


@pytest.mark.parametrize(("at_s", "number"), [(0.0, 0), (1.0, 25), (1.19, 29), (99.0, 49)])
def test_a_poster_is_the_picture_on_display(tmp_path, at_s, number):
    film = Film(n_frames=50, b_frames=2).write(tmp_path / "a.mp4")
    make_poster(film, tmp_path / "poster.jpg", at_s)
    assert number_of(cv2.imread(str(tmp_path / "poster.jpg"))) == number


def test_the_module_writes_a_poster(tmp_path):
    film = Film(n_frames=50).write(tmp_path / "a.mp4")
    command = [sys.executable, "-m", "analysis.video.writer", "poster", str(film), str(tmp_path / "p.jpg"), "--at", "1"]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0
    assert number_of(cv2.imread(str(tmp_path / "p.jpg"))) == 25
    (tmp_path / "text.mp4").write_text("no video")
    command[4] = str(tmp_path / "text.mp4")
    assert subprocess.run(command, cwd=ROOT, check=False, capture_output=True).returncode == 2


def annotation(times: list[float], end_s: float) -> Annotation:
    boxes = np.array([[0.1 * k, 0.2, 0.1, 0.2] for k in range(len(times))], np.float32)
    return Annotation(np.array(times), end_s, boxes, "Person 3 · 34", ("Happy",) * len(times))


def test_boxes_move_evenly_between_samples_and_go_at_the_end():
    track = annotation([0.0, 0.2, 0.4], 0.6)
    assert [mark.text for mark in marks_at([track], 0.0, 0.2)] == ["Person 3 · 34 · Happy"]
    assert marks_at([track], 0.1, 0.2)[0].box[0] == pytest.approx(0.05)
    assert marks_at([track], 0.5, 0.2)[0].box[0] == pytest.approx(0.2)
    assert marks_at([track], 0.6, 0.2) == []


def test_no_box_while_a_face_is_out_of_view():
    track = annotation([0.0, 2.0], 2.2)
    assert [bool(marks_at([track], t, 0.2)) for t in (0.1, 0.19, 0.3, 1.9, 2.1)] == [True, True, False, False, True]


def test_what_is_drawn_lies_on_the_box_and_inside_the_picture():
    image = np.full((540, 960, 3), 90, np.uint8)
    marks = [
        TaggedBox((0.4, 0.4, 0.1, 0.2), "Person 1 · 34 · Happy", "Happy"),
        TaggedBox((-0.05, -0.1, 0.1, 0.2), "<b>Ünïcode 名前 " + "x" * 80, None),
        TaggedBox((0.97, 0.9, 0.1, 0.3), "Person 2", "Unheard of"),
    ]
    draw(image, marks)
    assert tuple(image[324 - 60, 384]) == (255, 255, 255), "the left side of the first box is white"
    assert (image[216 - 30 : 216 - 4, 340:520] == (0xF5, 0xC1, 0x2E)).all(axis=2).any(), (
        "its tag has the expression's color"
    )
    assert image[300, 700].tolist() == [90, 90, 90]
    small = np.zeros((40, 40, 3), np.uint8)
    draw(small, marks)
