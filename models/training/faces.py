"""Trains `models.face_attributes`: the shared trunk's top and the branches for age, gender and ethnicity together.

Pictures are crops like FairFace's. Early layers of the pretrained trunk stay as they are (Mishra et al.).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor, nn

from models import registry
from models.crop_geometry import resized
from models.face_attributes import FEATURES, AgeGenderHead, Branch, EthnicityHead, PairedBranch, Trunk, to_five
from models.pictures import open_labeled
from models.processor import computes_in_bf16
from models.training.augment import Recipe
from models.training.batch_norm import fold, unfold
from models.training.face_losses import TASKS, FaceTargets, task_losses
from models.training.feeding import Feed
from models.training.loop import TrainingPlan, train
from models.training.packing import pack
from models.training.split import split

INPUT_PX = 192
PACKED_PX = 224
RECIPE = Recipe(side_px=INPUT_PX, low_resolution=0.3, lowest_px=48)  # faces of video have few pixels
GENDER_WEIGHT = 2.0  # of its loss, which is soon much smaller than the others
N_HELD_OUT = 2000
N_NORMED = 128  # pictures on which batch norm is first measured
Weighting = Literal["equal", "fixed", "dynamic"]
FIXED_WEIGHTS = (0.4, 0.2, 0.4)  # age, gender, ethnicity


def held_out_split(n_pictures: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows to train on, and rows held out for choices and calibration."""
    return split(np.arange(n_pictures), min(N_HELD_OUT, n_pictures // 10), seed=0)


class FaceNetworks(nn.Module):
    """Trunk, both heads and the weights of their losses, as one thing to train."""

    def __init__(self, weighting: Weighting = "equal") -> None:
        super().__init__()
        self.trunk = Trunk()
        self.age_gender = AgeGenderHead()
        self.ethnicity = EthnicityHead()
        self.weighting = weighting
        self.fixed_weights = FIXED_WEIGHTS
        self.summed_weight = float(len(TASKS))  # of all tasks' losses together
        self.loss_weights = nn.Linear(FEATURES, len(TASKS))

    @property
    def branches(self) -> dict[str, Branch]:
        return {"age": self.age_gender.age, "gender": self.age_gender.gender, "race7": self.ethnicity.race7}

    @property
    def paired_branches(self) -> dict[str, PairedBranch]:
        return {"gender": self.age_gender.gender, "race7": self.ethnicity.race7}

    def of_feature(self, feature: Tensor) -> dict[str, Tensor]:
        """Logits that the trunk's features [n, 1024] give by themselves, which is what trains the trunk."""
        logits = {name: branch.of_feature(feature) for name, branch in self.branches.items()}
        return logits | {"ethnicity": to_five(logits["race7"])}

    def task_weights(self, feature: Tensor) -> Tensor:
        """Weight of each task's loss in this batch [3], positive, summing to one.

        "dynamic": a fully connected layer on the shared features with softmax (Mishra et al.), mean over the batch.
        """
        if self.weighting == "equal":
            return torch.full((len(TASKS),), 1 / len(TASKS))
        if self.weighting == "fixed":
            return torch.tensor(self.fixed_weights)
        return torch.softmax(self.loss_weights(feature), 1).mean(0)


class FacesLesson:
    """Cross-entropy of all branches, weighted."""

    def __init__(self, targets: FaceTargets, held_out: tuple[Tensor, NDArray[np.int64]], weighting: Weighting,
                 n_frozen: int, smoothing: float) -> None:  # fmt: skip
        self.network = FaceNetworks(weighting)
        self.targets = targets
        self.smoothing = smoothing
        self.held_out_pictures, self.held_out_rows = held_out
        frozen = [self.network.trunk.first, *self.network.trunk.blocks[:n_frozen]] if n_frozen >= 0 else []
        for part in frozen:
            part.requires_grad_(False)

    def parameter_groups(self, rate: float) -> list[dict[str, Any]]:
        trunk = [p for p in self.network.trunk.parameters() if p.requires_grad]
        inside = {id(p) for p in self.network.trunk.parameters()}
        heads = [p for p in self.network.parameters() if id(p) not in inside]
        return [{"params": trunk, "lr": rate}, {"params": heads, "lr": 4 * rate}]

    def loss(self, pictures: Tensor, rows: Tensor) -> Tensor:
        return self.loss_of_features(self.network.trunk(pictures), rows)

    def loss_of_features(self, feature: Tensor, rows: Tensor) -> Tensor:
        """The same, from the trunk's features [n, 1024] on."""
        losses = task_losses(self.network.of_feature(feature), rows, self.targets, self.smoothing)
        losses = losses * torch.tensor([GENDER_WEIGHT if task == "gender" else 1.0 for task in TASKS])
        total: Tensor = self.network.summed_weight * (self.network.task_weights(feature).float() * losses).sum()
        return total

    def measure(self, network: nn.Module) -> Mapping[str, float]:
        assert isinstance(network, FaceNetworks)
        answers = predict(network, self.held_out_pictures)
        answers["age_group"] = answers["age"] @ self.targets.years_to_groups.numpy()
        figures = {}
        for name in ("age_group", "gender", "ethnicity", "race7"):
            truth = self.targets.labels[name].numpy()[self.held_out_rows]
            if (truth >= 0).any():
                figures[name] = float((answers[name].argmax(1) == truth)[truth >= 0].mean())
        return figures


@torch.inference_mode()
def predict(network: FaceNetworks, pictures: Tensor) -> dict[str, NDArray[np.float32]]:
    """Distributions by name (age [n, 101], gender, ethnicity, race7) that the trunk's features alone give, mean of the
    picture and its mirror image."""
    parts: list[dict[str, Tensor]] = []
    for part in torch.split(pictures, 64):
        both = [_answers(network, part), _answers(network, part.flip(2))]
        parts.append({name: (both[0][name] + both[1][name]) / 2 for name in both[0]})
    return {name: torch.cat([part[name] for part in parts]).numpy() for name in parts[0]}


def _answers(network: FaceNetworks, pictures: Tensor) -> dict[str, Tensor]:
    with torch.autocast("cpu", torch.bfloat16, enabled=computes_in_bf16()):
        feature = network.trunk(pictures)
    return {name: torch.softmax(logits, 1) for name, logits in network.of_feature(feature.float()).items()}


def _load_shipped(network: FaceNetworks) -> None:
    parts = {"trunk": network.trunk, "head_age_gender": network.age_gender, "head_ethnicity": network.ethnicity}
    for name, module in parts.items():
        module.load_state_dict(registry.build(name).state_dict())


def train_faces(
    images: Path, pretrained: Path, plan: TrainingPlan, *, labels: Path | None = None, packed: Path | None = None,
    weighting: Weighting = "equal", n_frozen: int = 3, smoothing: float = 0.1, seed: int = 1, batch: int = 64,
    side_px: int = INPUT_PX, from_shipped: bool = False,
) -> FaceNetworks:  # fmt: skip
    """Trains trunk and branches on the pictures of `images`, from the trunk in `pretrained`; goes on from a checkpoint.

    The branches' experts on the identity embedding are left to `models.training.identity`.

    Args:
        packed: the same pictures packed before from larger originals, in the order of the labels. Those of `images`
            are then drawn beside them: what is measured, and what video shows, has fewer pixels.
        n_frozen: so many blocks after the first convolution are not trained; -1 trains all.
        from_shipped: start from the weights that ship, heads included, instead of the pretrained trunk.

    Raises:
        FileNotFoundError: a file is missing.
        LabelError: the labels cannot be read.
    """
    torch.manual_seed(seed)  # heads begin at random
    pictures = open_labeled(images, labels)
    own = plan.directory / "pictures.npy"
    pixels = pack(pictures, len(pictures.source.read(pictures.files[0])) if packed else PACKED_PX, own)
    rows, held_out = held_out_split(len(pictures))
    measured = torch.from_numpy(np.stack([resized(pixels[row], side_px) for row in held_out]))
    lesson = FacesLesson(FaceTargets.read(pictures), (measured, held_out), weighting, n_frozen, smoothing)
    lesson.network.trunk.load_state_dict({name: value.float() for name, value in load_file(pretrained).items()})
    if from_shipped:
        _load_shipped(lesson.network)
    unfold(lesson.network.trunk, measured[:N_NORMED], max(n_frozen, 0))
    feed = Feed(packed or own, rows, None, replace(RECIPE, side_px=side_px), batch, seed, small=own if packed else None)
    network = train(lesson, feed, plan)
    assert isinstance(network, FaceNetworks)
    fold(network.trunk)
    return network
