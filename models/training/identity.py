"""The branches' second expert: what the identity embedding says of gender and ethnicity.

It is trained after the trunk and apart from it, on the same pictures. The embedding never saw their labels, so it has
nothing learned by heart; trained together with a trunk that has, it would be passed over.

Pictures are crops like FairFace's, whose landmarks lie where the template "face" has them in the mean; the embedding's
crop is cut from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn
from tqdm import tqdm

from models import registry
from models.crop_geometry import recut
from models.face_attributes import PairedBranch, to_five
from models.pictures import open_labeled
from models.training.calibrate import TEMPERATURES, softmax
from models.training.face_losses import FaceTargets, task_losses
from models.training.faces import held_out_split

BATCH = 64
EPOCHS, RATE, WEIGHT_DECAY, SMOOTHING = 8, 2e-3, 0.02, 0.05
SHARES = np.arange(0.0, 1.01, 0.1)  # of the second expert's logits in the sum
Images = NDArray[np.uint8]
Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


def in_batches(packed: Path, ask: Callable[[Images], NDArray[Any]], what: str, rows: Integers) -> NDArray[Any]:
    """What `ask` says [n, …] of these rows of the packed pictures."""
    pictures = np.load(packed, mmap_mode="r")
    parts = [rows[first : first + BATCH] for first in range(0, len(rows), BATCH)]
    return np.concatenate([ask(pictures[part]) for part in tqdm(parts, desc=what, unit="batch")])


def embeddings(packed: Path, rows: Integers) -> Floats:
    """Unit vectors [n, 128] of these rows of the packed pictures."""
    return in_batches(packed, embeddings_of, "embeddings", rows)


@cache
def _embedding() -> nn.Module:
    return registry.build("embedding")


@torch.inference_mode()
def embeddings_of(pictures: Sequence[Images] | Images) -> Floats:
    """Unit vectors [n, 128] of face crops of any size, each the mean of both ways round, as a video's faces get."""
    network, side_px = _embedding(), registry.spec("embedding").input_px
    assert side_px is not None
    crops = torch.from_numpy(np.stack([recut(picture, "face", "embedding", side_px) for picture in pictures]))
    both = [network(part) + network(part.flip(2)) for part in torch.split(crops, BATCH)]
    vectors: Floats = F.normalize(torch.cat(both), dim=1).numpy()
    return vectors


def train_experts(
    branches: Mapping[str, PairedBranch], images: Path, directory: Path, *, labels: Path | None = None,
    packed: Path | None = None, seed: int = 1,
) -> None:  # fmt: skip
    """Trains them, in place, on the pictures that the trunk was trained on.

    Args:
        directory: of the trunk's training; embeddings are kept there.
        packed: pictures packed before; else those that the trunk's training packed.
    """
    pictures = open_labeled(images, labels)
    rows, _ = held_out_split(len(pictures))
    path, kept = packed or directory / "pictures.npy", directory / "embeddings.npy"
    if not kept.exists() or len(np.load(kept, mmap_mode="r")) != len(rows):  # none, or of other pictures
        np.save(kept, embeddings(path, rows))
    vectors = torch.from_numpy(np.load(kept))
    fit_experts(branches, vectors, torch.from_numpy(rows), FaceTargets.read(pictures), seed=seed)


def fit_experts(
    branches: Mapping[str, PairedBranch], vectors: Tensor, rows: Tensor, targets: FaceTargets, *, seed: int = 0
) -> None:
    """Trains the branches' layers on the embedding, in place, by their own answers alone.

    Args:
        vectors: [n, 128] unit vectors.
        rows: [n] row of the labels that each is of.
    """
    torch.manual_seed(seed)
    experts = nn.ModuleList(branch.of_embedding for branch in branches.values()).train()
    optimizer = torch.optim.AdamW(experts.parameters(), RATE, weight_decay=WEIGHT_DECAY)
    batch = min(256, len(rows))
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS * -(-len(rows) // batch))
    for _ in range(EPOCHS):
        for part in torch.split(torch.randperm(len(rows)), batch):
            logits = {name: branch.read_embedding(vectors[part]) for name, branch in branches.items()}
            logits["ethnicity"] = to_five(logits["race7"])
            loss = task_losses(logits, rows[part], targets, SMOOTHING).sum()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
    experts.eval()


@torch.no_grad()
def weigh(branch: PairedBranch, features: Floats, vectors: Floats, truth: Integers) -> float:
    """Scales the second expert's logits, in place, so that together they give the truth the greatest likelihood.

    Args:
        features: [n, 1024], of pictures that were held out of training; and their embeddings [n, 128].
        truth: [n] classes.

    Returns:
        The factor, 0-1.
    """
    first = branch.of_feature(torch.from_numpy(features)).numpy()
    second = branch.read_embedding(torch.from_numpy(vectors)).numpy()
    rows = np.arange(len(truth))
    losses = [
        min(-np.log(softmax(first + share * second, t)[rows, truth] + 1e-9).mean() for t in TEMPERATURES)
        for share in SHARES
    ]
    share = round(float(SHARES[int(np.argmin(losses))]), 1)
    last = branch.of_embedding[-1]
    assert isinstance(last, nn.Linear)
    last.weight.mul_(share)
    last.bias.mul_(share)
    return share
