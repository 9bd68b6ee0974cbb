"""facenet-pytorch's own MTCNN beside ours, on the same pictures in the same run, one thread each.

The package wants torchvision and requests and needs next to nothing of them; what little it takes is stood in for, so
that neither is installed for a comparison.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from unittest import mock

import cv2
import numpy as np

from analysis import geometry
from analysis.config import AnalysisConfig
from analysis.detect import open_detector
from analysis.runtime import choose_device
from analysis.types import Floats, Image

if TYPE_CHECKING:
    from torch import Tensor

Result = TypeVar("Result")
SURE = 0.9  # of its score, from which on a find of the peer's is a face rather than a doubt
LEAST_IOU = 0.5  # from which on two boxes are one face


class PeerFaces(NamedTuple):
    """What a detector found in one picture."""

    boxes: Floats  # [n, 4]
    scores: Floats  # [n]
    landmarks: Floats  # [n, 5, 2]


class Peer:
    """facenet-pytorch's MTCNN with the thresholds it comes with."""

    def __init__(self, smallest_face_px: int) -> None:
        with mock.patch.dict(sys.modules, _stand_ins()):
            from facenet_pytorch.models.mtcnn import MTCNN
        self._mtcnn = MTCNN(keep_all=True, min_face_size=smallest_face_px, device="cpu")

    def detect(self, image: Image) -> PeerFaces:
        """Its faces of one picture."""
        from PIL import Image as Photo

        boxes, scores, landmarks = self._mtcnn.detect(Photo.fromarray(image), landmarks=True)
        if boxes is None:
            return PeerFaces(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros((0, 5, 2), np.float32))
        return PeerFaces(boxes.astype(np.float32), scores.astype(np.float32), landmarks.astype(np.float32))


class Miss(NamedTuple):
    """A find of the peer's that we have not."""

    number: int  # of the picture
    score: float
    around: Image  # as of `around_box`


@dataclass(frozen=True, slots=True)
class Compared:
    """Medians over the pictures; the peer's figures are None when it was not asked."""

    detect_ms_per_frame: float
    peer_ms_per_frame: float | None = None
    peer_faces_found: float | None = None  # share of its faces that we find, 0-1; None when it finds none
    peer_sure_faces_found: float | None = None  # of those it is sure of
    n_peer_faces: int | None = None
    misses: tuple[Miss, ...] = ()


def compare(images: Sequence[Image], config: AnalysisConfig, device: str = "auto", *, with_peer: bool) -> Compared:
    """Time the whole search on each picture [height, width, 3], picture after picture, and the peer's between.

    Raises:
        DeviceError: the device is not there.
    """
    cv2.setNumThreads(1)
    height_px, width_px = images[0].shape[:2]
    ours = open_detector(config, height_px, width_px, choose_device(device))
    theirs = _one_thread_peer(config.smallest_face_px(height_px)) if with_peer else None
    for image in images[:3]:  # compiles what is compiled at first use
        ours.detect([image])
    our_s: list[float] = []
    their_s: list[float] = []
    hits: list[bool] = []
    sure: list[bool] = []
    misses: list[Miss] = []
    for number, image in enumerate(images):
        seconds, mine = _timed(lambda image=image: ours.detect([image])[0])  # type: ignore[misc]
        our_s.append(seconds)
        if theirs is not None:
            seconds, other = _timed(lambda image=image: theirs.detect(image))  # type: ignore[misc]
            their_s.append(seconds)
            sure += (other.scores >= SURE).tolist()
            is_hit = geometry.iou(other.boxes, mine.boxes).max(axis=1, initial=0) >= LEAST_IOU
            hits += is_hit.tolist()
            misses += [
                Miss(number, float(other.scores[i]), around_box(image, other.boxes[i])) for i in np.flatnonzero(~is_hit)
            ]
    ms = 1000 * median(our_s)
    if theirs is None:
        return Compared(ms)
    of_sure = [hit for hit, is_sure in zip(hits, sure, strict=True) if is_sure]
    return Compared(ms, 1000 * median(their_s), _share(hits), _share(of_sure), len(hits), tuple(misses))


def write_misses(misses: Sequence[Miss], folder: Path) -> None:
    """A picture of each, so that whoever likes sees what they are; the folder is made.

    Raises:
        OSError: they cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for i, miss in enumerate(misses):
        encoded = cv2.imencode(".png", cv2.cvtColor(miss.around, cv2.COLOR_RGB2BGR))[1]
        (folder / f"{i:03}-picture-{miss.number}-score-{miss.score:.2f}.png").write_bytes(encoded.tobytes())


def around_box(image: Image, box: Floats) -> Image:
    """The part of a picture with a box [4] in its middle, twice as long as the box to each side."""
    center, reach = (box[:2] + box[2:]) / 2, float((box[2:] - box[:2]).max())
    left, top = np.clip(center - reach, 0, None).astype(int)
    right, bottom = np.ceil(center + reach).astype(int)
    return image[top:bottom, left:right].copy()


def _share(hits: Sequence[bool]) -> float | None:
    return sum(hits) / len(hits) if hits else None


def _one_thread_peer(smallest_face_px: int) -> Peer:
    import torch

    torch.set_num_threads(1)
    return Peer(smallest_face_px)


def _timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """Computing time, which other work on the machine does not add to; with one thread it is that of a quiet clock."""
    began = time.process_time()
    result = work()
    return time.process_time() - began, result


def _stand_ins() -> dict[str, ModuleType]:
    import torch

    names = ("torchvision", "torchvision.transforms", "torchvision.transforms.functional", "torchvision.ops")
    modules = {name: ModuleType(name) for name in (*names, "torchvision.ops.boxes", "requests", "requests.adapters")}
    modules["torchvision.transforms"].functional = modules[names[2]]  # type: ignore[attr-defined]
    modules["torchvision.transforms.functional"].to_tensor = torch.from_numpy  # type: ignore[attr-defined]
    modules["torchvision.ops.boxes"].batched_nms = _batched_nms  # type: ignore[attr-defined]
    modules["requests.adapters"].HTTPAdapter = object  # type: ignore[attr-defined]
    return modules


def _batched_nms(boxes: Tensor, scores: Tensor, groups: Tensor, threshold: float) -> Tensor:
    import torch

    kept = geometry.suppress(boxes.numpy(), scores.numpy(), threshold, groups.numpy())
    return torch.from_numpy(kept)
