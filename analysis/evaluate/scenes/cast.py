"""The people of a scene: faces cut out of photos of the data folder, several photos each where there are."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from analysis.classify.pose import head_pose
from analysis.config import AnalysisConfig
from analysis.detect import Detector, open_detector
from analysis.evaluate.scenes.script import SIZE
from analysis.runtime import Device
from analysis.types import Floats, Image
from models.pictures import PictureSource

SEVERAL_PHOTOS = ("lfw_pairs.zip", "emotion_color.zip")  # both of Labeled Faces in the Wild, named by person
SINGLE_PHOTOS = "fairface_train.zip"
N_SINGLE = 4000  # of its first pictures, the individuals with one photo
SINGLE_SHARE = 0.3
PHOTO_PX, MARGIN_PX = 256, 64  # photos are brought to this size, with room around for the detector
LEAST_SCORE = 0.995
MOST_YAW_DEG = 30.0
SHARP_BACKGROUNDS = ("cf_017_0.jpg",)  # no face in it
BLURRED_BACKGROUNDS = ("cf_010_2.jpg", "cf_014_5.jpg", "cf_016_8.jpg", "if_t1.jpg", "uf_meeting.jpg", "ul_8.jpg")


@dataclass(frozen=True, slots=True)
class Photo:
    """A face with its surroundings: the picture, how opaque each pixel is, and the face's box in it."""

    image: Image
    alpha: NDArray[np.uint8]  # [height, width]
    box: Floats  # [4] xyxy, px; as the detector sees the face in the photo at rest


@dataclass(frozen=True, slots=True)
class CastMember:
    """One person, and photos of this person taken on different days."""

    name: str
    photos: tuple[Photo, ...]


class Casting:
    """Chooses people and backgrounds from the data folder (`faces/`, `photos/`).

    Seeds that are odd and even draw from two halves that share nobody: what is tuned on one is measured on the other.
    """

    def __init__(self, data_dir: Path, device: Device) -> None:
        self._data_dir = data_dir
        self._device = device
        self._sources = {name: PictureSource(data_dir / "faces" / name) for name in (*SEVERAL_PHOTOS, SINGLE_PHOTOS)}

    def choose(self, seed: int, number: int, n_people: int) -> list[CastMember]:
        """The people of a scene, all different."""
        rng = np.random.default_rng([seed, number, 1])
        half = seed % 2
        named = list(self._named.items())[half::2]
        named = [named[i] for i in rng.permutation(len(named))]
        single = (int(i) for i in rng.permutation(np.arange(1 + half, N_SINGLE, 2)))
        chosen: list[CastMember] = []
        while len(chosen) < n_people:
            if rng.random() < SINGLE_SHARE:
                name = f"train/{next(single)}.webp"
                found = self._photos([(SINGLE_PHOTOS, name)])
            else:
                name, files = named.pop()
                found = self._photos(files)
                if len(found) < 2:
                    continue
            if found:
                chosen.append(CastMember(name, found))
        return chosen

    @cached_property
    def backgrounds(self) -> list[Image]:
        """Pictures a little larger than the frame, in which nobody can be found."""
        sharp = [self._background(name, 0) for name in SHARP_BACKGROUNDS]
        return sharp + [self._background(name, 24) for name in BLURRED_BACKGROUNDS]

    # ------------------------------------------------------------

    @cached_property
    def _named(self) -> dict[str, list[tuple[str, str]]]:
        """(source, file) of the photos of each person who has several, by name."""
        found: dict[str, dict[str, tuple[str, str]]] = {}
        for source in SEVERAL_PHOTOS:
            for file in zipfile.ZipFile(self._sources[source].path).namelist():
                if file.endswith(".webp"):
                    found.setdefault(Path(file).stem.rsplit("_", 1)[0], {}).setdefault(Path(file).stem, (source, file))
        return {
            name: [photos[stem] for stem in sorted(photos)] for name, photos in sorted(found.items()) if len(photos) > 1
        }

    @cached_property
    def _detector(self) -> Detector:
        side = PHOTO_PX + 2 * MARGIN_PX
        return open_detector(AnalysisConfig(), side, side, self._device)

    def _photos(self, files: list[tuple[str, str]]) -> tuple[Photo, ...]:
        photos = (self._photo(self._sources[source].read(file)) for source, file in files)
        return tuple(photo for photo in photos if photo is not None)

    def _photo(self, image: Image) -> Photo | None:
        """The photo with its one sure face that looks about at the camera, or None."""
        scaled = np.asarray(cv2.resize(image, (PHOTO_PX, PHOTO_PX), interpolation=cv2.INTER_CUBIC), np.uint8)
        wide = np.pad(scaled, ((MARGIN_PX, MARGIN_PX), (MARGIN_PX, MARGIN_PX), (0, 0)), mode="edge")
        [found] = self._detector.detect([wide])
        sure = found.select(found.scores >= LEAST_SCORE)
        if len(sure) != 1 or abs(float(head_pose(sure.landmarks)[0][0])) > MOST_YAW_DEG:
            return None
        box = sure.boxes[0] - MARGIN_PX
        return Photo(scaled, _head(box), box)

    def _background(self, name: str, blur_px: float) -> Image:
        with Pillow.open(self._data_dir / "photos" / name) as picture:
            image = np.asarray(picture.convert("RGB"))
        width, height = int(SIZE[0] * 1.3), int(SIZE[1] * 1.3)
        scale = max(width / image.shape[1], height / image.shape[0])
        large = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)[:height, :width]
        if blur_px:
            large = cv2.GaussianBlur(large, (0, 0), blur_px)
        return np.asarray(large, np.uint8)


def _head(box: Floats) -> NDArray[np.uint8]:
    """An ellipse around hair and chin, soft at its border."""
    width, height = float(box[2] - box[0]), float(box[3] - box[1])
    center = (float(box[0] + box[2]) / 2, float(box[1] + box[3]) / 2 - 0.08 * height)
    mask = np.zeros((PHOTO_PX, PHOTO_PX), np.uint8)
    cv2.ellipse(mask, (center, (1.7 * width, 1.55 * height), 0), 255, -1)
    mask[:2], mask[-2:], mask[:, :2], mask[:, -2:] = 0, 0, 0, 0
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), 3), np.uint8)
