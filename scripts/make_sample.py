"""Makes the sample video that ships with the project, from footage that may be shared (see faceline-sample.txt).

    FACELINE_DATA=… python scripts/make_sample.py [OUT.mp4]

A video call of six, single speakers, three people walking up, two who tilt their heads, an astronaut, and the call
again: hard cuts, people who come back, real moving faces.
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

from analysis.types import Image
from analysis.video.encoder import Mp4Writer

WIDTH, HEIGHT, RATE = 960, 540, 25
GAP = 8
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


def load(folder: Path, name: str) -> Clip:
    with av.open(str(folder / name)) as container:
        stream = container.streams.video[0]
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(stream)]
        return Clip(pictures, float(stream.average_rate or RATE))


def graded(clip: Clip, *, saturation: float = 1.0, contrast: float = 1.0, brightness: float = 0.0) -> Clip:
    """Calmer colors, so that shots from different cameras go together."""

    def grade(picture: Image) -> Image:
        gray = picture.mean(axis=2, keepdims=True)
        mixed = gray + (picture - gray) * saturation
        return np.asarray(np.clip((mixed - 128) * contrast + 128 + brightness, 0, 255), np.uint8)

    return Clip([grade(picture) for picture in clip.pictures], clip.rate)


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


def tiles(clips: list[Clip], columns: int, seconds: float, offset_s: float = 0.0) -> Iterator[Image]:
    """Speakers side by side, like a video call."""
    rows = len(clips) // columns
    width = (WIDTH - GAP * (columns + 1)) // columns
    height = (HEIGHT - GAP * (rows + 1)) // rows
    for time_s in times(seconds):
        wall = np.full((HEIGHT, WIDTH, 3), WALL, np.uint8)
        for i, clip in enumerate(clips):
            x, y = GAP + i % columns * (width + GAP), GAP + i // columns * (height + GAP)
            wall[y : y + height, x : x + width] = rounded(filled(clip.at(time_s + offset_s + i * 0.31), width, height))
        yield wall


def single(clip: Clip, seconds: float) -> Iterator[Image]:
    """One speaker, whole height, before a blurred copy of the same picture."""
    for time_s in times(seconds):
        picture = clip.at(time_s)
        wall = cv2.GaussianBlur(filled(picture, WIDTH // 4, HEIGHT // 4), (0, 0), 12)
        wall = (cv2.resize(wall, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC) * 0.6).astype(np.uint8)
        width = round(picture.shape[1] * HEIGHT / picture.shape[0])
        left = (WIDTH - width) // 2
        wall[:, left : left + width] = filled(picture, width, HEIGHT)
        yield wall


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
    with Pictures.open(folder / "astronaut_nasa_pd.png") as photo:
        astronaut = np.asarray(photo.convert("RGB"))

    def call(*names: str, columns: int, seconds: float, offset_s: float = 0.0) -> Iterator[Image]:
        return tiles([grid[name] for name in names], columns, seconds, offset_s)

    yield call("bbaf2n", "brbk7n", "swiz3n", "lwbsza", "lbax4n", "lrwp9a", columns=3, seconds=6.0)
    yield single(grid["swiz3n"], 3.0)
    yield single(grid["brbk7n"], 3.0)
    yield wide(walk_up, 3.4)
    yield single(grid["sbia1a"], 3.0)
    yield call("lbbc2a", "sbwe5n", columns=2, seconds=4.0)
    yield wide(tilt, 4.6)
    yield moved(astronaut, 5.0)
    yield single(grid["lwbsza"], 3.0)
    yield single(grid["pwij3p"], 3.0)
    yield call("pwij3p", "lbbc2a", "brbk7n", "sbia1a", "swiz3n", "sbwe5n", columns=3, seconds=5.0, offset_s=1.4)


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
