"""Trains `models.emotion.EmotionNetwork` on FER2013 with FER2013's own labels and FER+'s votes side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor, nn

from models.crop_geometry import resized
from models.emotion import EmotionNetwork
from models.emotion_classes import FERPLUS
from models.pictures import LabeledPictures, open_labeled
from models.training.augment import Recipe
from models.training.batch_norm import fold, unfold
from models.training.feeding import Feed
from models.training.loop import TrainingPlan, train
from models.training.packing import pack
from models.training.split import split

INPUT_PX = 96
N_FROZEN = 4  # blocks that stay as they are: edges and colors are the same for all tasks
MIXUP = 0.2  # of the beta distribution that pairs of pictures are mixed by (Zhang et al. 2018)
PACKED_PX = 48  # FER2013's own size
RECIPE = Recipe(
    side_px=INPUT_PX, zoom=(0.85, 1.15), shift=0.06, turn_deg=12.0, brightness=0.3, contrast=0.3, saturation=0.0,
    tint=0.2, gray=0.4, blur=0.15, low_resolution=0.3, lowest_px=20, jpeg=0.15, occlusion=0.2,
)  # fmt: skip
N_HELD_OUT = 1226


@dataclass(frozen=True)
class EmotionLabels:
    """What a row of the packed file is labeled with."""

    fer2013: NDArray[np.int64]  # [n], -1 where it is not given
    votes: NDArray[np.float32]  # [n, 8] shares of FER+'s classes, zeros where nobody voted for one

    @staticmethod
    def read(pictures: LabeledPictures) -> EmotionLabels:
        votes = np.array([[float(row.get(f"fp_{name}") or 0) for name in FERPLUS] for row in pictures.rows], np.float32)
        votes[votes < 1.5] = 0  # a single vote is more often a slip than an opinion
        majority = pictures.column("emotion_ferplus")
        only_majority = (votes.sum(1) == 0) & (majority >= 0)
        votes[only_majority] = np.eye(len(FERPLUS), dtype=np.float32)[majority[only_majority]]
        return EmotionLabels(pictures.column("emotion7"), votes / np.maximum(votes.sum(1, keepdims=True), 1))


def training_rows(pictures: LabeledPictures) -> NDArray[np.int64]:
    """Rows of the parts `train` and `public`, without pictures that are found twice (some lie in several parts).

    The part `private` is for measuring.
    """
    usable = [
        i for i, row in enumerate(pictures.rows)
        if row.get("usage", "train") != "private" and not row.get("dup_group") and row.get("emotion")
    ]  # fmt: skip
    return np.array(usable, np.int64)


def held_out_split(pictures: LabeledPictures) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows to train on, and rows held out for choices and calibration."""
    rows = training_rows(pictures)
    return split(rows, min(N_HELD_OUT, len(rows) // 10), seed=0)


class EmotionLesson:
    """Cross-entropy on both label sets; rare classes of FER2013 count a little more."""

    def __init__(self, labels: EmotionLabels, held_out: tuple[Tensor, NDArray[np.int64]], smoothing: float) -> None:
        self.network = EmotionNetwork()
        self.labels = labels
        self.smoothing = smoothing
        self.held_out_pictures, self.held_out_rows = held_out
        self.fer2013 = torch.from_numpy(labels.fer2013)
        self.votes = torch.from_numpy(labels.votes)
        for part in [self.network.trunk.first, *self.network.trunk.blocks[:N_FROZEN]]:
            part.requires_grad_(False)

    def parameter_groups(self, rate: float) -> list[dict[str, Any]]:
        heads = [*self.network.fer2013_head.parameters(), *self.network.ferplus_head.parameters()]
        trunk = [parameter for parameter in self.network.trunk.parameters() if parameter.requires_grad]
        return [{"params": trunk, "lr": rate}, {"params": heads, "lr": 4 * rate}]

    def loss(self, pictures: Tensor, rows: Tensor) -> Tensor:
        """Of pictures mixed in pairs: each counts for its share in the mixture."""
        share = float(np.random.default_rng(int(torch.randint(2**31, ()))).beta(MIXUP, MIXUP))
        other = torch.randperm(len(rows))
        logits = self.network.logits(share * pictures + (1 - share) * pictures[other])
        return share * self._loss_of(logits, rows) + (1 - share) * self._loss_of(logits, rows[other])

    def _loss_of(self, logits: tuple[Tensor, Tensor], rows: Tensor) -> Tensor:
        fer2013, ferplus = logits
        own = F.cross_entropy(fer2013.float(), self.fer2013[rows], label_smoothing=self.smoothing, ignore_index=-1)
        votes = self.votes[rows]
        voted = -(votes * F.log_softmax(ferplus.float(), 1)).sum(1)
        return own + voted.sum() / votes.sum().clamp_min(1)

    def measure(self, network: nn.Module) -> Mapping[str, float]:
        assert isinstance(network, EmotionNetwork)
        fer2013, ferplus = predict(network, self.held_out_pictures)
        truth, votes = self.labels.fer2013[self.held_out_rows], self.labels.votes[self.held_out_rows]
        clear = votes.max(1) > 0.5
        return {
            "fer2013": float((fer2013.argmax(1) == truth).mean()),
            "ferplus": float((ferplus.argmax(1) == votes.argmax(1))[clear].mean()),
        }


@torch.inference_mode()
def predict(network: EmotionNetwork, pictures: Tensor) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Distributions over FER2013's and FER+'s classes, mean of the picture and its mirror image."""
    parts = []
    for part in torch.split(pictures, 128):
        straight, mirrored = network(part)[1:3], network(part.flip(2))[1:3]
        parts.append([(a + b) / 2 for a, b in zip(straight, mirrored, strict=True)])
    return torch.cat([part[0] for part in parts]).numpy(), torch.cat([part[1] for part in parts]).numpy()


def train_emotion(
    images: Path, pretrained: Path, plan: TrainingPlan, *, labels: Path | None = None, seed: int = 1, batch: int = 64,
    smoothing: float = 0.05,
) -> EmotionNetwork:  # fmt: skip
    """Trains on the pictures of `images`, from the trunk in `pretrained`; goes on from a checkpoint.

    Raises:
        FileNotFoundError: a file is missing.
        LabelError: the labels cannot be read.
    """
    torch.manual_seed(seed)  # heads begin at random
    pictures = open_labeled(images, labels)
    packed = pack(pictures, PACKED_PX, plan.directory / "pictures.npy")
    rows, held_out = held_out_split(pictures)
    measured = torch.from_numpy(np.stack([resized(packed[row], INPUT_PX) for row in held_out]))
    lesson = EmotionLesson(EmotionLabels.read(pictures), (measured, held_out), smoothing)
    trunk = {name: value.float() for name, value in load_file(pretrained).items()}
    lesson.network.trunk.load_state_dict(trunk, strict=False)  # the last block is left out
    unfold(lesson.network.trunk, measured[:512], N_FROZEN)
    feed = Feed(plan.directory / "pictures.npy", rows, None, RECIPE, batch, seed)
    network = train(lesson, feed, plan)
    assert isinstance(network, EmotionNetwork)
    fold(network.trunk)
    return network
