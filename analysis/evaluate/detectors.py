"""Haar against MTCNN on photos whose faces are marked: the experiment of "Neural networks for age and gender
prediction", on single faces, several people, faces turned away and faces partly hidden.

Boxes as WIDER FACE has them (Yang et al. 2016); like there a find counts from an overlap of a half on, each face and
each find at most once, and faces that are too small to be asked for are neither wanted nor wrong.
"""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from scipy.optimize import linear_sum_assignment
from tqdm import tqdm

from analysis import geometry
from analysis.config import DETECTORS, AnalysisConfig
from analysis.detect import open_detector
from analysis.evaluate.machine import described
from analysis.evaluate.metrics import Flags, wilson
from analysis.runtime import Device
from analysis.types import Floats, Image
from models import registry
from models.pictures import PictureSource

LEAST_IOU = 0.5
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


@dataclass(frozen=True, slots=True)
class MarkedPhoto:
    """A photo and the faces that people marked in it; `faces` is None when nobody did."""

    name: str
    image: Image
    faces: Floats | None  # [n, 4] xyxy, px
    is_turned: Flags  # [n] away from the camera
    is_hidden: Flags  # [n] partly, by something


@dataclass(frozen=True, slots=True)
class Finds:
    """What one detector found in a photo."""

    boxes: Floats  # [n, 4]
    ms: float


def compare(images: Path, boxes: Path | None, smallest_px: int, device: Device) -> tuple[dict[str, Any], list[Any]]:
    """Figures of both detectors, and for a picture side by side of each photo its finds by detector.

    Args:
        images: a ZIP file or a folder.
        boxes: CSV with file, x, y, w, h and the flags ``pose`` and ``occlusion``; ``boxes.csv`` inside by default.
        smallest_px: height of the smallest face that is searched for.

    Raises:
        FileNotFoundError: a file is missing.
        ValueError: the boxes cannot be read.
    """
    cv2.setNumThreads(1)  # networks run on one thread, too
    photos = read_photos(images, boxes)
    found = {name: [_find(name, photo.image, smallest_px, device) for photo in tqdm(photos, desc=name, unit="photo")]
             for name in DETECTORS}  # fmt: skip
    figures = {
        "n_photos": len(photos),
        "weights": {name: registry.spec(name).sha256 for name in ("pnet", "rnet", "onet")},
        "smallest_face_px": smallest_px,
        "least_iou": LEAST_IOU,
        "detectors": {name: _figures(photos, finds, smallest_px) for name, finds in found.items()},
        "machine": described(),
    }
    pairs = [(photo, {name: finds[i].boxes for name, finds in found.items()}) for i, photo in enumerate(photos)]
    return figures, pairs


def read_photos(images: Path, boxes: Path | None) -> list[MarkedPhoto]:
    """Photos in the order of their names, with their boxes where there are any."""
    source = PictureSource(images)
    names = [name for name in source.names() if name.lower().endswith(SUFFIXES)]
    rows: dict[str, list[Mapping[str, str]]] = {}
    inside = "boxes.csv" in source.names()
    if boxes is not None or inside:
        content = boxes.read_bytes() if boxes is not None else source.read_bytes("boxes.csv")
        for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"))):
            rows.setdefault(row["file"], []).append(row)
    is_marked = boxes is not None or inside
    return [_photo(name, source.read(name), rows.get(name, []) if is_marked else None) for name in names]


def _photo(name: str, image: Image, rows: Sequence[Mapping[str, str]] | None) -> MarkedPhoto:
    if rows is None:
        none = np.zeros(0, bool)
        return MarkedPhoto(name, image, None, none, none)
    sides = np.array([[float(row[key]) for key in "xywh"] for row in rows], np.float32).reshape(-1, 4)
    faces = np.concatenate([sides[:, :2], sides[:, :2] + sides[:, 2:]], axis=1)
    turned, hidden = (np.array([row.get(flag, "0") not in ("", "0") for row in rows], bool)
                      for flag in ("pose", "occlusion"))  # fmt: skip
    return MarkedPhoto(name, image, faces, turned, hidden)


def _find(detector: str, image: Image, smallest_px: int, device: Device) -> Finds:
    height_px, width_px = image.shape[:2]
    opened = open_detector(AnalysisConfig(detector=detector, min_face_px=smallest_px), height_px, width_px, device)
    if opened.weights:
        opened.detect([image])  # networks are compiled for this size
    began = time.process_time()  # of one thread: what a clock shows when nothing else runs
    (faces,) = opened.detect([image])
    return Finds(faces.boxes, 1000 * (time.process_time() - began))


# --- figures -------------------------------------------------------------------------------------------------------


def _figures(photos: Sequence[MarkedPhoto], found: Sequence[Finds], smallest_px: int) -> dict[str, Any]:
    times = [finds.ms for finds in found]
    figures: dict[str, Any] = {
        "ms_per_photo": {"median": round(float(np.median(times)), 1), "mean": round(float(np.mean(times)), 1)},
        "n_found": sum(len(finds.boxes) for finds in found),
    }
    marked = [(photo, finds) for photo, finds in zip(photos, found, strict=True) if photo.faces is not None]
    if not marked:
        return figures
    scores = [_score(photo, finds.boxes, smallest_px) for photo, finds in marked]
    figures["all"] = _summed(scores)
    figures["single_faces"] = _summed([score for score in scores if len(score.is_found) == 1])
    figures["several_people"] = _summed([score for score in scores if len(score.is_found) > 1])
    figures["turned_away"] = _recall(np.concatenate([score.is_found[score.is_turned] for score in scores]))
    figures["partly_hidden"] = _recall(np.concatenate([score.is_found[score.is_hidden] for score in scores]))
    return figures


@dataclass(frozen=True, slots=True)
class _Score:
    """One photo's: of the faces that are wanted, which were found; and how many finds are no face."""

    is_found: Flags
    is_turned: Flags
    is_hidden: Flags
    n_right: int
    n_wrong: int


def _score(photo: MarkedPhoto, finds: Floats, smallest_px: int) -> _Score:
    assert photo.faces is not None
    is_found, is_right = np.zeros(len(photo.faces), bool), np.zeros(len(finds), bool)
    if len(photo.faces) and len(finds):
        overlap = geometry.iou(photo.faces, finds)
        for face, find in zip(*linear_sum_assignment(-overlap), strict=True):
            if overlap[face, find] >= LEAST_IOU:
                is_found[face] = is_right[find] = True
    is_wanted = photo.faces[:, 3] - photo.faces[:, 1] >= smallest_px
    n_right = int((is_found & is_wanted).sum())
    return _Score(
        is_found[is_wanted], photo.is_turned[is_wanted], photo.is_hidden[is_wanted], n_right, int((~is_right).sum())
    )


def _summed(scores: Sequence[_Score]) -> dict[str, Any]:
    n_right, n_wrong = sum(score.n_right for score in scores), sum(score.n_wrong for score in scores)
    is_found = np.concatenate([score.is_found for score in scores]) if scores else np.zeros(0, bool)
    n = n_right + n_wrong
    return {
        "n_photos": len(scores),
        **_recall(is_found),
        "precision": round(n_right / n, 4) if n else None,
        "precision_interval": wilson(n_right, n),
    }


def _recall(is_found: Flags) -> dict[str, Any]:
    n = len(is_found)
    return {
        "n_faces": n,
        "recall": round(float(is_found.mean()), 4) if n else None,
        "recall_interval": wilson(int(is_found.sum()), n),
    }
