"""Heads alone on a frozen trunk: features of all pictures are computed once, then an epoch takes a second.

The quick way to a first version, and the base line that fine-tuning must beat.

    python -m models.training.heads fairface_train.zip faceres-deep.safetensors features.npy
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor, nn
from tqdm import tqdm

from models.crop_geometry import resized
from models.mobilenet import MobileNet
from models.pictures import LabeledPictures, open_labeled
from models.training.face_losses import TASKS, FaceTargets
from models.training.faces import FIXED_WEIGHTS, FaceNetworks, FacesLesson, Weighting

INPUT_PX = 224  # the side that the trunk was pretrained at
BATCH = 128


@torch.inference_mode()
def compute_features(pictures: LabeledPictures, trunk: MobileNet, side_px: int = INPUT_PX) -> NDArray[np.float16]:
    """Features [n, 1024] of all pictures."""
    parts = []
    for first in tqdm(range(0, len(pictures), 32), unit="batch"):
        images = [resized(pictures.source.read(name), side_px) for name in pictures.files[first : first + 32]]
        parts.append(trunk(torch.from_numpy(np.stack(images))).numpy().astype(np.float16))
    return np.concatenate(parts)


def fit_heads(
    features: Tensor, rows: Tensor, targets: FaceTargets, *, weighting: Weighting = "equal", epochs: int = 12,
    rate: float = 1e-3, weight_decay: float = 0.02, smoothing: float = 0.05, seed: int = 0,
    fixed_weights: tuple[float, float, float] = FIXED_WEIGHTS, summed_weight: float = float(len(TASKS)),
) -> FaceNetworks:  # fmt: skip
    """Trains both heads.

    Args:
        features: [n, 1024]; a picture may come more than once (mirrored, with fewer pixels).
        rows: [n] row of the labels that each is of.
        fixed_weights: of age, gender and ethnicity, for the weighting "fixed".
        summed_weight: of all losses together, whatever the weighting.
    """
    torch.manual_seed(seed)
    lesson = FacesLesson(targets, (features[:0], np.zeros(0, np.int64)), weighting, n_frozen=13, smoothing=smoothing)
    lesson.network.fixed_weights, lesson.network.summed_weight = fixed_weights, summed_weight
    lesson.network.train()
    heads = [parameter for parameter in lesson.network.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(heads, rate, weight_decay=weight_decay)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs * (len(rows) // BATCH + 1))
    for _ in range(epochs):
        for part in torch.split(torch.randperm(len(rows)), BATCH):
            loss = lesson.loss_of_features(features[part], rows[part])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(heads, 5.0)
            optimizer.step()
            schedule.step()
    return lesson.network


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("images", type=Path)
    parser.add_argument("trunk", type=Path)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    trunk = MobileNet().eval()
    trunk.load_state_dict({name: value.float() for name, value in load_file(arguments.trunk).items()})
    np.save(arguments.target, compute_features(open_labeled(arguments.images), trunk))


if __name__ == "__main__":
    main()
