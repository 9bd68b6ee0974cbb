"""Makes the sample video that ships with the project, from footage that may be shared (see faceline-sample.txt).

    FACELINE_DATA=… python scripts/make_sample.py [OUT.mp4]

An actor whose face goes from neutral to angry, surprised and happy; a video call of six in which one camera is off for
a while; three people who walk up; a talk of two; an astronaut; two people who cross, one of whom leaves; two who tilt
their heads; and the call again with the actor in it: hard cuts, people who come back, gaps, real moving faces.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from PIL import Image as Pictures

from analysis.types import Floats, Image
from analysis.video.encoder import Mp4Writer

WIDTH, HEIGHT, RATE = 960, 540, 25
GAP = 8
BLEND = 6  # pictures over which one take of the actor goes over into the next
WALL = (18, 21, 28)
MAX_BYTES = 3_000_000
OUT = Path(__file__).parent.parent / "static" / "sample" / "faceline-sample.mp4"

Shot = Callable[[], Iterator[Image]]


@dataclass(frozen=True)
class Clip:
    """All pictures of a short clip, and its own frame rate."""

    pictures: list[Image]
    rate: float

    def at(self, time_s: float) -> Image:
        """The picture at a time; the clip runs forwards and backwards without end, so that nobody jumps."""
        n = len(self.pictures)
        index = int(time_s * self.rate) % (2 * n - 2)
        return self.pictures[index if index < n else 2 * n - 2 - index]


def take(clip: Clip, first: int, last: int, *, speed: float = 1.0) -> Clip:
    """The pictures from `first` to `last`, played at another speed."""
    return Clip(clip.pictures[first : last + 1], clip.rate * speed)


def joined(*takes: tuple[Clip, float]) -> Clip:
    """Takes of one person, each for so many seconds, blended into one another: no cut between them."""
    pictures: list[Image] = []
    for clip, seconds in takes:
        new = [clip.at(time_s) for time_s in times(seconds)]
        for k, picture in enumerate(new[:BLEND] if pictures else ()):
            share = (k + 1) / (BLEND + 1)
            new[k] = cv2.addWeighted(pictures[-1], 1 - share, picture, share, 0).astype(np.uint8)
        pictures += new
    return Clip(pictures, RATE)


def load(folder: Path, name: str) -> Clip:
    with av.open(str(folder / name)) as container:
        stream = container.streams.video[0]
        pictures = [np.asarray(frame.to_ndarray(format="rgb24"), np.uint8) for frame in container.decode(stream)]
        return Clip(pictures, float(stream.average_rate or RATE))


def graded(clip: Clip, *, saturation: float = 1.0, contrast: float = 1.0, brightness: float = 0.0) -> Clip:
    """Calmer colors, so that shots from different cameras go together."""

    def grade(picture: Image) -> Image:
        gray = picture.mean(axis=2, keepdims=True)
        mixed = gray + (picture - gray) * saturation
        return np.asarray(np.clip((mixed - 128) * contrast + 128 + brightness, 0, 255), np.uint8)

    return Clip([grade(picture) for picture in clip.pictures], clip.rate)


def cut_out(picture: Image, screen: str) -> tuple[Image, Floats]:
    """Somebody before a "green" or "cyan" screen: the picture, and how much of each pixel is theirs (0-1)."""
    picture = picture[4:]  # some films have a dark line at the top
    red, green, blue = (picture[..., k].astype(np.float32) for k in range(3))
    others = np.maximum(red, blue) if screen == "green" else red
    excess = (green if screen == "green" else np.minimum(green, blue)) - others
    alpha = np.asarray(cv2.GaussianBlur(1 - np.clip((excess - 12) / 30, 0, 1), (0, 0), 0.8), np.float32)[..., None]
    if screen == "green":
        green = np.minimum(green, others)
    return np.stack([red, green, blue], axis=2).astype(np.uint8), alpha


def pasted(wall: Image, person: tuple[Image, Floats], left: int, top: int) -> Image:
    """The person on the wall, cut off at its borders."""
    picture, alpha = person
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + picture.shape[1], wall.shape[1]), min(top + picture.shape[0], wall.shape[0])
    if x0 >= x1 or y0 >= y1:
        return wall
    part = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
    done = wall.copy()
    done[y0:y1, x0:x1] = picture[part] * alpha[part] + wall[y0:y1, x0:x1] * (1 - alpha[part])
    return done


def enlarged(person: tuple[Image, Floats], height: int) -> tuple[Image, Floats]:
    picture, alpha = person
    size = (round(picture.shape[1] * height / picture.shape[0]), height)
    larger = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC), np.uint8)
    return larger, np.asarray(cv2.resize(alpha, size), np.float32)[..., None]


def room(width: int, height: int) -> Image:
    """A wall out of focus, with light from the left."""
    y, x = np.mgrid[0:height, 0:width] / height
    wall = np.stack([150 - 60 * x + 18 * y, 158 - 56 * x + 8 * y, 168 - 46 * x - 6 * y], axis=2)
    for center_x, center_y, radius, light in ((0.2, 0.3, 0.22, 26), (1.3, 0.25, 0.16, 18), (1.62, 0.55, 0.24, 12)):
        wall += light * np.exp(-((((x - center_x) ** 2 + (y - center_y) ** 2) / radius**2) ** 2))[..., None]
    return np.asarray(np.clip(wall, 0, 255), np.uint8)


def in_room(clip: Clip, screen: str) -> Clip:
    """Somebody before a screen, now before a wall as wide as the film."""
    wall = room(WIDTH, HEIGHT)
    people = (enlarged(cut_out(picture, screen), HEIGHT) for picture in clip.pictures)
    return Clip([pasted(wall, one, (WIDTH - one[0].shape[1]) // 2, 0) for one in people], clip.rate)


def filled(picture: Image, width: int, height: int) -> Image:
    """Scaled so that it covers width × height, the rest cut off evenly at the sides, mostly below."""
    scale = max(width / picture.shape[1], height / picture.shape[0])
    size = (round(picture.shape[1] * scale), round(picture.shape[0] * scale))
    large = cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA)
    left, top = (size[0] - width) // 2, (size[1] - height) // 4
    return np.asarray(large[top : top + height, left : left + width], np.uint8)


def rounded(tile: Image, radius: int = 14) -> Image:
    """The tile with its corners taken off."""
    height, width = tile.shape[:2]
    mask = np.zeros((height * 4, width * 4), np.uint8)
    r, right, bottom = radius * 4, width * 4 - radius * 4 - 1, height * 4 - radius * 4 - 1
    cv2.rectangle(mask, (r, 0), (right, height * 4), 255, -1)
    cv2.rectangle(mask, (0, r), (width * 4, bottom), 255, -1)
    for center in ((r, r), (right, r), (r, bottom), (right, bottom)):
        cv2.circle(mask, center, r, 255, -1)
    alpha = cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA)[..., None] / 255
    return np.asarray(tile * alpha + np.array(WALL) * (1 - alpha), np.uint8)


def tiles(
    clips: list[Clip], columns: int, seconds: float, offset_s: float = 0.0, off: tuple[int, float, float] | None = None
) -> Iterator[Image]:
    """Speakers side by side, like a video call; `off`: whose camera is off from when to when."""
    rows = len(clips) // columns
    width = (WIDTH - GAP * (columns + 1)) // columns
    height = (HEIGHT - GAP * (rows + 1)) // rows
    for time_s in times(seconds):
        wall = np.full((HEIGHT, WIDTH, 3), WALL, np.uint8)
        for i, clip in enumerate(clips):
            x, y = GAP + i % columns * (width + GAP), GAP + i // columns * (height + GAP)
            if off and i == off[0] and off[1] <= time_s < off[2]:
                tile = camera_off(width, height)
            else:
                tile = filled(clip.at(time_s + offset_s + i * 0.31), width, height)
            wall[y : y + height, x : x + width] = rounded(tile)
        yield wall


def camera_off(width: int, height: int) -> Image:
    """What a call shows of somebody without a picture."""
    tile = np.full((height, width, 3), (38, 44, 56), np.uint8)
    cv2.circle(tile, (width // 2, height // 2), height // 7, (70, 80, 98), -1, cv2.LINE_AA)
    return tile


def crossing(left: Clip, right: Clip, seconds: float) -> Iterator[Image]:
    """Two people, cut out of a green and a cyan screen, pass one another; who comes from the left passes in front."""
    wall = np.asarray(cv2.GaussianBlur(room(WIDTH, HEIGHT), (0, 0), 3), np.uint8)
    for time_s in times(seconds):
        way = time_s / seconds
        step = round(5 * np.sin(2 * np.pi * 1.6 * time_s))
        behind = enlarged(cut_out(right.at(time_s), "cyan"), 400)
        before = enlarged(cut_out(left.at(time_s), "green"), 480)
        picture = pasted(wall, behind, round(WIDTH - 430 - way * (WIDTH + 40)), HEIGHT - 400 + step)
        yield pasted(picture, before, round(-330 + way * (WIDTH - 160)), HEIGHT - 470 - step)


def wide(clip: Clip, seconds: float) -> Iterator[Image]:
    for time_s in times(seconds):
        yield filled(clip.at(time_s), WIDTH, HEIGHT)


def moved(photo: Image, seconds: float) -> Iterator[Image]:
    """A slow move of the camera over a still photo, closer and to the face."""
    steps = list(times(seconds))
    for time_s in steps:
        t = time_s / seconds
        t = t * t * (3 - 2 * t)
        width = 500 - 150 * t
        height = width * HEIGHT / WIDTH
        x, y = 6 + 52 * t, 8 + 14 * t
        matrix = np.array([[WIDTH / width, 0, -x * WIDTH / width], [0, HEIGHT / height, -y * HEIGHT / height]])
        yield np.asarray(cv2.warpAffine(photo, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC), np.uint8)


def times(seconds: float) -> Iterator[float]:
    return (i / RATE for i in range(round(seconds * RATE)))


def storyboard(folder: Path) -> Iterator[Iterator[Image]]:
    """The shots in order."""
    grid = {name: load(folder, f"grid_ccby_{name}.mpg") for name in (
        "bbaf2n", "brbk7n", "swiz3n", "lwbsza", "lbax4n", "lrwp9a", "sbia1a", "lbbc2a", "sbwe5n", "pwij3p",
    )}  # fmt: skip
    grid = {name: graded(clip, saturation=0.72) for name, clip in grid.items()}
    walk_up = load(folder, "intel_ccby_face-demographics-walking-and-pause.mp4")
    tilt = load(folder, "intel_ccby_head-pose-face-detection-female-and-male.mp4")
    walk_up, tilt = (graded(clip, saturation=1.15, contrast=1.15, brightness=14) for clip in (walk_up, tilt))
    takes = {name: load(folder, f"crema_d_odbl_1001_DFA_{name}_XX.flv") for name in ("NEU", "DIS", "FEA", "HAP")}
    calm, smile = take(takes["NEU"], 0, 60), take(takes["HAP"], 31, 55, speed=0.7)
    cross, startled = take(takes["DIS"], 33, 46, speed=0.5), take(takes["FEA"], 22, 28, speed=0.35)
    acted = joined((calm, 2.0), (cross, 2.8), (calm, 1.6), (startled, 1.2), (smile, 3.4))
    actor = in_room(acted, "green")
    listening = in_room(joined((smile, 2.6), (calm, 3.4)), "green")
    crossed = load(folder, "grid_ccby_lbbc2a.mpg")
    with Pictures.open(folder / "astronaut_nasa_pd.png") as photo:
        astronaut = np.asarray(photo.convert("RGB"))

    first_call = [grid[name] for name in ("bbaf2n", "brbk7n", "swiz3n", "lwbsza", "lbax4n", "lrwp9a")]
    last_call = [grid["swiz3n"], grid["lbbc2a"], actor, grid["lwbsza"], grid["sbia1a"], grid["brbk7n"]]
    yield wide(actor, 11.0)
    yield tiles(first_call, 3, 6.0, off=(3, 2.0, 4.2))
    yield wide(walk_up, 3.4)
    yield tiles([listening, grid["brbk7n"]], 2, 6.0)
    yield moved(astronaut, 5.0)
    yield crossing(take(takes["NEU"], 0, 60), crossed, 5.0)
    yield wide(tilt, 4.6)
    yield tiles(last_call, 3, 6.0, offset_s=7.4)


def main(arguments: list[str]) -> int:
    data = os.environ.get("FACELINE_DATA")
    if not data:
        sys.stderr.write("Set FACELINE_DATA to the data folder (see CONTRIBUTING.md).\n")
        return 2
    out = Path(arguments[0]) if arguments else OUT
    out.parent.mkdir(parents=True, exist_ok=True)
    with Mp4Writer(out, WIDTH, HEIGHT, RATE, quality=24, preset="veryslow") as writer:
        n = 0
        for shot in storyboard(Path(data) / "free"):
            for picture in shot:
                writer.write(picture, Fraction(n, RATE))
                n += 1
    size = out.stat().st_size
    sys.stdout.write(f"{out}: {n / RATE:.1f} s, {size / 1e6:.2f} MB\n")
    return 0 if size <= MAX_BYTES else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
