"""facenet-pytorch's own MTCNN, which wants torchvision and requests and needs next to nothing of them."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import NamedTuple
from unittest import mock

import numpy as np
import torch
from PIL import Image as Photo

from analysis import geometry
from analysis.types import Floats, Image


class Found(NamedTuple):
    boxes: Floats  # [n, 4]
    scores: Floats  # [n]
    landmarks: Floats  # [n, 5, 2]


class Peer:
    def __init__(self, smallest_face_px: int) -> None:
        with mock.patch.dict(sys.modules, _stand_ins()):
            from facenet_pytorch.models.mtcnn import MTCNN
        self._mtcnn = MTCNN(keep_all=True, min_face_size=smallest_face_px, device="cpu")

    def detect(self, image: Image) -> Found:
        boxes, scores, landmarks = self._mtcnn.detect(Photo.fromarray(image), landmarks=True)
        if boxes is None:
            return Found(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros((0, 5, 2), np.float32))
        return Found(boxes.astype(np.float32), scores.astype(np.float32), landmarks.astype(np.float32))


def _stand_ins() -> dict[str, ModuleType]:
    names = ("torchvision", "torchvision.transforms", "torchvision.transforms.functional", "torchvision.ops")
    modules = {name: ModuleType(name) for name in (*names, "torchvision.ops.boxes", "requests", "requests.adapters")}
    modules["torchvision.transforms"].functional = modules[names[2]]  # type: ignore[attr-defined]
    modules["torchvision.transforms.functional"].to_tensor = torch.from_numpy  # type: ignore[attr-defined]
    modules["torchvision.ops.boxes"].batched_nms = _batched_nms  # type: ignore[attr-defined]
    modules["requests.adapters"].HTTPAdapter = object  # type: ignore[attr-defined]
    return modules


def _batched_nms(boxes: torch.Tensor, scores: torch.Tensor, groups: torch.Tensor, threshold: float) -> torch.Tensor:
    kept = geometry.suppress(boxes.numpy(), scores.numpy(), threshold, groups.numpy())
    return torch.from_numpy(kept)
