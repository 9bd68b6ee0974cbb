"""Labels training faces by the teachers of `analysis.evaluate.motion_teacher`, for `models.training.motion`.

    python scripts/label_motion.py --data DATA --teachers DATA/networks --out training/motion

The folder gets, 2,000 faces at a time, pictures (crops of the network's template, 30 % wider, so that training can move
them) and labels. It goes on where it was stopped.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np
from sklearn.datasets import load_sample_images
from tqdm import tqdm

from analysis import geometry
from analysis.detect.mtcnn import FAST, Mtcnn, Strictness
from analysis.evaluate.motion_teacher import TaughtMotion, Teacher, five_of
from analysis.runtime import choose_device
from analysis.types import Floats, Image
from models import registry
from models.motion_points import MESH_POINTS
from models.pictures import PictureSource, open_labeled
from models.training.emotion import training_rows
from models.training.motion import MARGIN, PACKED_PX

# clips of GRID that may be trained on; the others are kept for measuring
SPEECH = ("bbaf2n", "brbk7n", "lbax4n", "lbbc2a", "lrwp9a", "swwp2s")
SURE = 0.5  # presence from which on the points of a face are learned
FRAMES_PER_S = 4.0
N_NONFACES = 6_000
SHARD = 2_000
_EASY = Strictness(propose=0.5, refine=0.1, output=0.05)  # takes nearly anything for a face

Labeled = tuple[
    str, Image, TaughtMotion, Floats, bool
]  # name, picture, what the teachers say, five landmarks, is it a face


def template_points(side_px: int, margin: float = 1.0) -> Floats:
    """The five landmarks [5, 2] of the emotion network's crop in a square that is so much wider, px."""
    inside = np.array(registry.template("emotion").landmarks, np.float32)
    return ((inside - 0.5) / margin + 0.5) * side_px


def fairface(data: Path, teacher: Teacher, no_faces: Path | None, skip: int) -> Iterator[Labeled]:
    pictures = open_labeled(data / "faces/fairface_train.zip")
    inside = np.array(registry.template("face").landmarks, np.float32)
    for name in pictures.files[skip:]:
        image = pictures.source.read(name)
        motion = teacher.read(image, inside * len(image), passes=2)
        yield name, image, motion, _placed(motion, inside * len(image)), True


def fer2013(data: Path, teacher: Teacher, no_faces: Path | None, skip: int) -> Iterator[Labeled]:
    pictures = open_labeled(data / "faces/fer2013.zip")
    for row in training_rows(pictures)[skip:]:
        image = pictures.source.read(pictures.files[row])
        guess = template_points(len(image))
        motion = teacher.read(image, guess, passes=2)
        yield pictures.files[row], image, motion, _placed(motion, guess), True


def free(data: Path, teacher: Teacher, no_faces: Path | None, skip: int) -> Iterator[Labeled]:
    """Frames of the videos that may be trained on."""
    if skip:
        return
    for path in training_videos(data):
        for k, frame in enumerate(frames_of(path)):
            (found,) = _detector(*frame.shape[:2], 40, FAST).detect([frame])
            for landmarks, score in zip(found.landmarks, found.scores, strict=True):
                motion = teacher.read(frame, landmarks)
                if score > 0.9 and motion.presence > SURE:
                    yield f"{path.name}:{k}", frame, motion, landmarks, True


def nonfaces(data: Path, teacher: Teacher, no_faces: Path | None, skip: int) -> Iterator[Labeled]:
    """What a detector that takes nearly anything finds beside the faces, and places drawn at random."""
    further = (
        [] if no_faces is None else [PictureSource(no_faces).read(name) for name in PictureSource(no_faces).names()]
    )
    draw = np.random.default_rng(skip)
    pictures = PictureSource(data / "faces/fairface_train.zip")
    names = [name for name in pictures.names() if name.endswith(".webp")]
    given = [*load_sample_images().images, *further]
    given += [frame for path in training_videos(data) for frame in frames_of(path, per_s=0.5)]
    n = skip
    while n < N_NONFACES:
        if draw.random() < 0.5:
            image, has_face = pictures.read(names[int(draw.integers(len(names)))]), True
            image = np.asarray(cv2.resize(image, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)
        else:
            image, has_face = _part(given[int(draw.integers(len(given)))], draw), False
        for landmarks in _candidates(image, draw, has_face=has_face):
            motion = teacher.read(image, landmarks)
            if motion.presence < SURE:
                n += 1
                yield "", image, motion, landmarks, False


def _candidates(image: Image, draw: np.random.Generator, *, has_face: bool) -> list[Floats]:
    """Five landmarks each, of what is no face; in a crop of a face, only what lies apart from it."""
    (found,) = _detector(*image.shape[:2], 20, _EASY).detect([image])
    height, width = image.shape[:2]
    landmarks = list(found.landmarks[:12])
    for _ in range(3):
        side = float(np.exp(draw.uniform(np.log(24), np.log(0.5 * min(height, width)))))
        corner = draw.uniform(0, 1, 2) * (np.array([width, height]) - side)
        landmarks.append((corner + template_points(1) * side).astype(np.float32))
    if not has_face:
        return landmarks
    apart = [one for one in landmarks if np.abs(one.mean(0) / (width, height) - 0.5).max() > 0.33]
    inside = [one for one in landmarks if np.ptp(one[:, 0]) < 0.08 * width]  # a nostril, an ear
    return [*apart, *inside]


def _part(image: Image, draw: np.random.Generator) -> Image:
    """A square part at random, 320 px wide."""
    height, width = image.shape[:2]
    side = int(draw.uniform(0.2, 1.0) * min(height, width))
    top, left = int(draw.integers(height - side + 1)), int(draw.integers(width - side + 1))
    part = image[top : top + side, left : left + side]
    how = cv2.INTER_AREA if side > 320 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(part, (320, 320), interpolation=how), np.uint8)


@cache
def _detector(height_px: int, width_px: int, smallest_px: int, strictness: Strictness) -> Mtcnn:
    return Mtcnn.open(height_px, width_px, smallest_px, choose_device("cpu"), strictness=strictness)


def training_videos(data: Path) -> list[Path]:
    return [
        path
        for path in sorted((data / "free").iterdir())
        if path.suffix in (".mpg", ".mp4") and (path.name.startswith("intel") or any(w in path.name for w in SPEECH))
    ]


def frames_of(path: Path, per_s: float = FRAMES_PER_S) -> Iterator[Image]:
    with av.open(str(path)) as video:
        stream = video.streams.video[0]
        step = max(1, round(float(stream.average_rate or 25) / per_s))
        for k, frame in enumerate(video.decode(stream)):
            if k % step == 0:
                yield np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)


def _placed(motion: TaughtMotion, guess: Floats) -> Floats:
    """Where a detector would see the landmarks; where the teacher is unsure, the guess."""
    return five_of(motion.points[:, :2]) if motion.presence > SURE else guess


def write(labeled: Iterator[Labeled], path: Path, teacher: Teacher) -> bool:
    """The next pictures [n, s, s, 3] to ``path``.npy, labels to ``path``.npz; false when none is left."""
    target = template_points(PACKED_PX, MARGIN)
    packed: list[Image] = []
    columns: dict[str, list[object]] = {}
    for name, image, motion, landmarks, is_face in islice(tqdm(labeled, total=SHARD, desc=path.name), SHARD):
        transform = geometry.similarity(landmarks, target)
        crop = cv2.warpAffine(image, transform, (PACKED_PX, PACKED_PX), flags=cv2.INTER_LINEAR)
        packed.append(np.asarray(crop, np.uint8))
        scale = float(np.hypot(*transform[:, 0]))
        points = np.concatenate([geometry.apply(transform, motion.points[:, :2]), motion.points[:, 2:] * scale], axis=1)
        pose_deg, gaze_deg = teacher.directions(points)  # after the roll is taken out
        told = {
            "name": name,
            "points": (points[list(MESH_POINTS), :2] / PACKED_PX).astype(np.float32),
            "presence": motion.presence,
            "is_face": is_face,
            "coefficients": motion.coefficients,
            "angles_deg": np.concatenate([pose_deg, gaze_deg]),
        }
        for key, value in told.items():
            columns.setdefault(key, []).append(value)
    if packed:
        arrays = {key: np.array(values) for key, values in columns.items()}
        np.savez(path.with_suffix(".npz"), **arrays)  # type: ignore[arg-type]
        np.save(path.with_suffix(".unfinished.npy"), np.stack(packed))
        path.with_suffix(".unfinished.npy").rename(path.with_suffix(".npy"))
    return len(packed) == SHARD


SOURCES: dict[str, Callable[[Path, Teacher, Path | None, int], Iterator[Labeled]]] = {
    "fairface": fairface,
    "fer2013": fer2013,
    "free": free,
    "nonfaces": nonfaces,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder of faces/ and free/")
    parser.add_argument("--teachers", type=Path, required=True, help="the folder of the teachers' files")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--no-faces", type=Path, help="a folder of pictures without faces, beside those that are found")
    parser.add_argument("--only", choices=SOURCES, nargs="*", default=list(SOURCES))
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    arguments.out.mkdir(parents=True, exist_ok=True)
    teacher = Teacher(arguments.teachers)
    for name in arguments.only:
        n_done = len(list(arguments.out.glob(f"{name}-*[0-9].npy")))
        labeled = SOURCES[name](arguments.data, teacher, arguments.no_faces, n_done * SHARD)
        while write(labeled, arguments.out / f"{name}-{n_done:02}", teacher):
            n_done += 1


if __name__ == "__main__":
    main()
