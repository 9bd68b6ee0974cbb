"""Cuts: found to the frame, and only where there are cuts."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from itertools import islice, pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from analysis.config import AnalysisConfig
from analysis.video.plan import plan_chunks
from analysis.video.reader import SampleReader
from tests.films import Film, Picture, numbered

CONFIG = AnalysisConfig()


def shots_of(length: int) -> Callable[[int, int, int], Picture]:
    return lambda number, width, height: numbered(0, width, height, scene=1 + number // length)


def cuts(path: Path) -> list[float]:
    found: list[float] = []
    for chunk in plan_chunks(path, CONFIG):
        reader = SampleReader(path, chunk, CONFIG)
        for _ in reader:
            pass
        found += reader.shot_starts_s
    return found


def test_cuts_are_found_to_the_frame(tmp_path):
    film = Film(n_frames=150, b_frames=3, picture=shots_of(37)).write(tmp_path / "a.mp4")
    assert cuts(film) == pytest.approx([37 / 25, 74 / 25, 111 / 25, 148 / 25])


def test_a_sampled_frame_says_that_a_shot_began_since_the_one_before(tmp_path):
    film = Film(n_frames=100, picture=shots_of(37)).write(tmp_path / "a.mp4")
    reader = SampleReader(film, plan_chunks(film, CONFIG)[0], CONFIG)
    assert [frame.first_sample for frame in reader if frame.starts_shot] == [8, 15]


def texture(seed: int) -> Picture:
    import cv2

    noise = np.random.default_rng(seed).integers(0, 256, (14, 40, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(noise, (800, 280), interpolation=cv2.INTER_CUBIC), np.uint8)


def pan(number: int, width: int, height: int, px_a_frame: int = 6) -> Picture:
    left = (number * px_a_frame) % 600
    return np.ascontiguousarray(texture(1)[40 : 40 + height, left : left + width])


def tilt(number: int, width: int, height: int) -> Picture:
    return np.ascontiguousarray(texture(8)[number // 2 : number // 2 + height, 200 : 200 + width])


def shaken(number: int, width: int, height: int) -> Picture:
    x, y = np.random.default_rng(number).integers(0, 24, 2)
    return np.ascontiguousarray(texture(2)[40 + y : 40 + y + height, 200 + x : 200 + x + width])


def zoom(number: int, width: int, height: int) -> Picture:
    import cv2

    side = 1 + number * 0.03
    part = texture(3)[100 - int(48 / side) : 100 + int(48 / side), 300 - int(80 / side) : 300 + int(80 / side)]
    return np.asarray(cv2.resize(part, (width, height)), np.uint8)


def flashes(number: int, width: int, height: int) -> Picture:
    picture = numbered(0, width, height, scene=4)
    return np.minimum(picture.astype(int) + 150, 255).astype(np.uint8) if number in (20, 21, 40) else picture


def a_tile_changes(number: int, width: int, height: int) -> Picture:
    """One of six in a call is replaced."""
    picture = numbered(0, width, height, scene=5)
    if number >= 25:
        picture[: height // 2, : width // 3] = numbered(0, width, height, scene=6)[: height // 2, : width // 3]
    return picture


def fade(number: int, width: int, height: int) -> Picture:
    return (numbered(0, width, height, scene=7) * min(1.0, number / 40)).astype(np.uint8)


@pytest.mark.parametrize("picture", [pan, shaken, zoom, flashes, a_tile_changes, fade])
def test_what_moves_shakes_or_flashes_is_no_cut(tmp_path, picture):
    assert cuts(Film(n_frames=60, picture=picture).write(tmp_path / "a.mp4")) == []


def test_a_cut_between_two_moving_shots_is_found(tmp_path):
    def picture(number: int, width: int, height: int) -> Picture:
        return pan(number, width, height) if number < 30 else zoom(number - 30, width, height)

    assert cuts(Film(n_frames=60, picture=picture).write(tmp_path / "a.mp4")) == pytest.approx([1.2])


def test_a_blank_frame_between_two_shots_is_one_cut(tmp_path):
    def picture(number: int, width: int, height: int) -> Picture:
        if number == 30:
            return np.full((height, width, 3), 255, np.uint8)
        return numbered(0, width, height, scene=number > 30)

    assert cuts(Film(n_frames=60, picture=picture).write(tmp_path / "a.mp4")) == pytest.approx([1.2])


def turning(before: Picture, after: Picture, share: float, kind: str) -> Picture:
    """The picture at a share of a transition, 0 to 1."""
    if kind == "dissolve":
        return ((1 - share) * before + share * after).astype(np.uint8)
    shown, light = (before, 1 - 2 * share) if share < 0.5 else (after, 2 * share - 1)
    return (light * shown).astype(np.uint8)


@pytest.mark.parametrize("kind", ["dissolve", "fade"])
@pytest.mark.parametrize("length_s", [0.4, 0.8, 1.2])
def test_a_picture_that_turns_into_another_is_one_new_shot(tmp_path, kind, length_s):
    def picture(number: int, width: int, height: int) -> Picture:
        share = min(max((number / 25 - 2.0) / length_s + 0.5, 0.0), 1.0)
        return turning(pan(number, width, height, 1), tilt(number, width, height), share, kind)

    assert cuts(Film(n_frames=100, picture=picture).write(tmp_path / "a.mp4")) == pytest.approx([2.0], abs=0.3)


def test_a_cut_inside_a_slow_change_of_light_is_one_cut(tmp_path):
    def picture(number: int, width: int, height: int) -> Picture:
        light = min(1.0, 0.5 + number / 80)
        return (light * numbered(0, width, height, scene=number >= 30)).astype(np.uint8)

    assert cuts(Film(n_frames=60, picture=picture).write(tmp_path / "a.mp4")) == pytest.approx([1.2])


REAL = ["street_crowd_1080p.mp4", "classroom_walkout_720p.mp4", "sad_to_happy_360p.mp4", "older_woman_glasses_524.mp4"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["dissolve", "fade"])
@pytest.mark.parametrize("names", list(pairwise(REAL)), ids="-".join)
def test_real_videos_that_turn_into_one_another(data_dir, tmp_path, kind, names):
    before, after = (pictures_of(data_dir / "videos" / name, 75) for name in names)

    def picture(number: int, width: int, height: int) -> Picture:
        share = min(max((number - 37.5) / 18, 0.0), 1.0)  # 0.72 s
        return turning(before[min(number, 74)], after[max(0, number - 37)], share, kind)

    film = Film(n_frames=100, size=(320, 180), picture=picture).write(tmp_path / "a.mp4")
    assert cuts(film) == pytest.approx([46.5 / 25], abs=0.3)


def pictures_of(path: Path, n: int) -> list[Picture]:
    with av.open(str(path)) as container:
        frames = islice(container.decode(video=0), n)
        return [frame.reformat(320, 180, "rgb24").to_ndarray() for frame in frames]


# --- a cut beside what is none: a step that is explained never silences the one after it ---


def lit(picture: Picture, levels: int) -> Picture:
    return np.clip(picture.astype(int) + levels, 0, 255).astype(np.uint8)


def scene(number: int, n_disturbed: int, frames_before_cut: int, disturbed: Callable[[], Picture]) -> Picture:
    """A still picture that gives way to another at frame 30, disturbed for some frames before it."""
    if number >= 30:
        return np.ascontiguousarray(texture(11)[:96, :160])
    last = 30 - frames_before_cut
    return disturbed() if last - n_disturbed < number <= last else np.ascontiguousarray(texture(1)[40:136, 200:360])


@pytest.mark.parametrize("rate", [25, 60])
@pytest.mark.parametrize("frames_before_cut", [1, 2, 3])
@pytest.mark.parametrize("px", [(8, 0), (-30, 5), (60, 0)])
def test_fault_77_a_cut_right_after_a_jerk_is_found_to_the_frame(tmp_path, px, frames_before_cut, rate):
    def jerked() -> Picture:
        return np.ascontiguousarray(texture(1)[40 + px[1] : 136 + px[1], 200 + px[0] : 360 + px[0]])

    film = Film(
        n_frames=60, rate=rate, picture=lambda number, *_: scene(number, 1, frames_before_cut, jerked)
    ).write(tmp_path / "a.mp4")  # fmt: skip
    assert cuts(film) == pytest.approx([30 / rate])


@pytest.mark.parametrize("n_flash", [1, 2, 3])
@pytest.mark.parametrize("frames_before_cut", [1, 2, 3])
@pytest.mark.parametrize("levels", [60, 110])
def test_fault_77_a_cut_right_after_a_flash_is_found_to_the_frame(tmp_path, levels, frames_before_cut, n_flash):
    def flash() -> Picture:
        return lit(texture(1)[40:136, 200:360], levels)

    film = Film(n_frames=60, picture=lambda number, *_: scene(number, n_flash, frames_before_cut, flash))
    assert cuts(film.write(tmp_path / "a.mp4")) == pytest.approx([30 / 25])


@pytest.mark.parametrize("n_white", [1, 3])
@pytest.mark.parametrize("frames_before_cut", [2, 3])
def test_fault_77_a_cut_right_after_a_white_flash_is_found_to_the_frame(tmp_path, frames_before_cut, n_white):
    def white() -> Picture:
        return np.full((96, 160, 3), 255, np.uint8)

    film = Film(n_frames=60, picture=lambda number, *_: scene(number, n_white, frames_before_cut, white))
    assert cuts(film.write(tmp_path / "a.mp4")) == pytest.approx([30 / 25])


def copied(number: int) -> int:
    """Every other frame twice."""
    return number - number % 2


def left_out(number: int) -> int:
    """Three frames are missing after every ninth."""
    return number + 3 * (number // 9)


@pytest.mark.parametrize("shown", [copied, left_out])
@pytest.mark.parametrize("px_a_frame", [3, 9, 14])
def test_fault_77_doubled_and_dropped_frames_of_a_pan_are_no_cuts(tmp_path, px_a_frame, shown):
    def picture(number: int, width: int, height: int) -> Picture:
        left = px_a_frame * shown(number) % 1200
        return np.ascontiguousarray(texture(1)[40 : 40 + height, min(left, 1200 - left) :][:, :width])

    assert cuts(Film(n_frames=60, picture=picture).write(tmp_path / "a.mp4")) == []


@pytest.mark.parametrize("shown", [copied, left_out])
def test_fault_77_a_cut_in_a_pan_with_doubled_and_dropped_frames_is_found(tmp_path, shown):
    def picture(number: int, width: int, height: int) -> Picture:
        wide = texture(1) if number < 30 else texture(11)
        left = 5 * shown(number)
        return np.ascontiguousarray(wide[40 : 40 + height, left : left + width])

    assert cuts(Film(n_frames=60, picture=picture).write(tmp_path / "a.mp4")) == pytest.approx([1.2])


@pytest.mark.parametrize("n_flash", [1, 2, 3, 8])
def test_fault_77_a_flash_in_a_pan_is_no_cut(tmp_path, n_flash):
    def picture(number: int, width: int, height: int) -> Picture:
        return lit(pan(number, width, height, 3), 90 if 20 <= number < 20 + n_flash else 0)

    assert cuts(Film(n_frames=60, picture=picture).write(tmp_path / "a.mp4")) == []


@pytest.mark.parametrize("name", ["cut_plain", "cut_after_jerk", "cut_after_flash"])
def test_fault_77_cuts_of_small_videos(data_dir, name):
    assert cuts(data_dir / f"small/{name}.mp4") == pytest.approx([2.0], abs=0.001)


@pytest.mark.parametrize("pixels", ["gray", "yuv444p", "yuv420p10le", "yuvj420p"])
def test_cuts_are_found_in_any_pixel_format(tmp_path, pixels):
    film = Film(n_frames=60, pixels=pixels, picture=shots_of(25)).write(tmp_path / "a.mp4")
    assert cuts(film) == pytest.approx([1.0, 2.0])


PICTURE_BEGINS_S = {
    "sitcom_cuts_720p.mp4": Fraction(1704, 1000)
}  # its sound begins first; truth counts from the picture


@pytest.mark.slow
def test_cuts_of_real_videos(data_dir):
    truth = json.loads((data_dir / "videos/truth.json").read_text())
    for name, facts in truth.items():
        if "cuts" not in facts or name.startswith("_") or name.startswith("noface_then_face"):
            continue
        begins_s = float(PICTURE_BEGINS_S.get(name, 0))
        expected = [cut + begins_s for cut in facts["cuts"]]
        assert cuts(data_dir / "videos" / name) == pytest.approx(expected, abs=0.021), name


@pytest.mark.slow
def test_both_ends_of_a_shot_between_others(data_dir):
    """Its truth names the face's coming; the picture is blank again from 6.345 s on."""
    assert cuts(data_dir / "videos/noface_then_face_hevc.mov") == pytest.approx([3.95, 6.35], abs=0.021)


def test_cuts_of_the_sample_video():
    sample = Path(__file__).parents[3] / "static/sample/faceline-sample.mp4"
    expected = [11.0, 17.0, 20.4, 26.4, 31.4, 36.4, 41.0]
    assert cuts(sample) == pytest.approx(expected, abs=0.001)
