"""Trains `models.face_attributes`: the shared trunk's top and the branches for age, gender and ethnicity together.

Pictures are crops like FairFace's. Early layers of the pretrained trunk stay as they are (Mishra et al.).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor, nn

from models import registry
from models.face_attributes import FEATURES, AgeGenderHead, EthnicityHead, Trunk
from models.labels import ETHNICITIES
from models.pictures import LabelledPictures, open_labelled
from models.training.ages import group_matrix, group_targets, year_targets
from models.training.augment import Recipe, plain
from models.training.feeding import Feed
from models.training.loop import Plan, train
from models.training.packing import pack
from models.training.split import split

INPUT_PX = 224
PACKED_PX = 224
RECIPE = Recipe(side_px=INPUT_PX, low_resolution=0.55, lowest_px=48)  # faces of video have few pixels
N_HELD_OUT = 2000
TASKS = ("age", "gender", "ethnicity")
COLUMNS = ("age", "age_group", "gender", "ethnicity", "race7")
Weighting = Literal["equal", "fixed", "dynamic"]
FIXED_WEIGHTS = (0.4, 0.2, 0.4)  # age, gender, ethnicity


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

    def task_weights(self, feature: Tensor) -> Tensor:
        """Weight of each task's loss in this batch [3], positive, summing to one.

        "dynamic": a fully connected layer on the shared features with softmax (Mishra et al.), mean over the batch.
        """
        if self.weighting == "equal":
            return torch.full((len(TASKS),), 1 / len(TASKS))
        if self.weighting == "fixed":
            return torch.tensor(self.fixed_weights)
        return torch.softmax(self.loss_weights(feature), 1).mean(0)


@dataclass(frozen=True)
class FaceTargets:
    """Labels of the packed file's rows as tensors, -1 where not given, and what they mean as distributions."""

    labels: dict[str, Tensor]
    years_of_group: Tensor  # [9, 101]
    years_of_age: Tensor  # [101, 101]
    years_to_groups: Tensor  # [101, 9]
    ethnicity_weights: Tensor  # [5], rare classes count more

    @staticmethod
    def read(pictures: LabelledPictures) -> FaceTargets:
        labels = {name: torch.from_numpy(pictures.column(name)) for name in COLUMNS}
        counts = torch.bincount(labels["ethnicity"].clamp_min(0), minlength=len(ETHNICITIES)).float().clamp_min(1)
        weights = counts.mean().sqrt() / counts.sqrt()
        of_group, of_age, groups = (torch.from_numpy(table()) for table in (group_targets, year_targets, group_matrix))
        return FaceTargets(labels, of_group, of_age, groups, weights / weights.mean())

    def years(self, rows: Tensor) -> Tensor:
        """Target distribution over years [n, 101]: around the age where it is known, else over the group."""
        age, group = self.labels["age"][rows], self.labels["age_group"][rows].clamp_min(0)
        known = (age >= 0)[:, None]
        return torch.where(known, self.years_of_age[age.clamp_min(0)], self.years_of_group[group])


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
        losses = self._task_losses(feature, rows)
        total: Tensor = self.network.summed_weight * (self.network.task_weights(feature).float() * losses).sum()
        return total

    def _task_losses(self, feature: Tensor, rows: Tensor) -> Tensor:
        """Losses of age, gender, ethnicity [3]."""
        targets, labels = self.targets, self.targets.labels
        log_years = F.log_softmax(self.network.age_gender.age(feature).float(), 1)
        log_groups = torch.log(log_years.exp() @ targets.years_to_groups + 1e-6)
        has_age = (labels["age_group"][rows] >= 0).float()
        years = -(targets.years(rows) * log_years).sum(1) @ has_age / has_age.sum().clamp_min(1)
        group = F.nll_loss(log_groups, labels["age_group"][rows], ignore_index=-1)
        gender = self._cross_entropy(self.network.age_gender.gender(feature), labels["gender"][rows])
        five = self._cross_entropy(
            self.network.ethnicity.ethnicity(feature), labels["ethnicity"][rows], targets.ethnicity_weights
        )
        seven = self._cross_entropy(self.network.ethnicity.race7(feature), labels["race7"][rows])
        return torch.stack([0.5 * (years + group), gender, five + 0.5 * seven])

    def _cross_entropy(self, logits: Tensor, labels: Tensor, weights: Tensor | None = None) -> Tensor:
        if not bool((labels >= 0).any()):
            return logits.sum() * 0.0
        return F.cross_entropy(logits.float(), labels, weight=weights, label_smoothing=self.smoothing, ignore_index=-1)

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
    """Distributions by name (age [n, 101], gender, ethnicity, race7), mean of the picture and its mirror image."""
    parts: list[dict[str, Tensor]] = []
    for part in torch.split(pictures, 64):
        both = [_answers(network, part), _answers(network, part.flip(2))]
        parts.append({name: (both[0][name] + both[1][name]) / 2 for name in both[0]})
    return {name: torch.cat([part[name] for part in parts]).numpy() for name in parts[0]}


def _answers(network: FaceNetworks, pictures: Tensor) -> dict[str, Tensor]:
    with torch.autocast("cpu", torch.bfloat16):
        feature = network.trunk(pictures)
    feature = feature.float()
    age, gender = network.age_gender(feature)
    five, seven = network.ethnicity(feature)
    return {"age": age, "gender": gender, "ethnicity": five, "race7": seven}


def _load_shipped(network: FaceNetworks) -> None:
    parts = {"trunk": network.trunk, "head_age_gender": network.age_gender, "head_ethnicity": network.ethnicity}
    for name, module in parts.items():
        module.load_state_dict(registry.build(name).state_dict())


def train_faces(
    images: Path, pretrained: Path, plan: Plan, *, labels: Path | None = None, packed: Path | None = None,
    weighting: Weighting = "equal", n_frozen: int = 4, smoothing: float = 0.05, seed: int = 1, batch: int = 64,
    side_px: int = INPUT_PX, from_shipped: bool = False,
) -> FaceNetworks:  # fmt: skip
    """Trains on the pictures of `images`, from the trunk in `pretrained`; goes on from a checkpoint.

    Args:
        packed: pictures packed before (of the same labels file, in its order), for instance from larger originals.
        n_frozen: so many blocks after the first convolution are not trained; -1 trains all.
        from_shipped: start from the weights that ship, heads included, instead of the pretrained trunk.

    Raises:
        FileNotFoundError: a file is missing.
        LabelError: the labels cannot be read.
    """
    torch.manual_seed(seed)  # heads begin at random
    pictures = open_labelled(images, labels)
    path = packed or plan.directory / "pictures.npy"
    pixels = np.load(path, mmap_mode="r") if packed else pack(pictures, PACKED_PX, path)
    every = np.arange(len(pictures))
    rows, held_out = split(every, min(N_HELD_OUT, len(every) // 10), seed=0)
    measured = torch.from_numpy(np.stack([plain(pixels[row], side_px) for row in held_out]))
    lesson = FacesLesson(FaceTargets.read(pictures), (measured, held_out), weighting, n_frozen, smoothing)
    lesson.network.trunk.load_state_dict({name: value.float() for name, value in load_file(pretrained).items()})
    if from_shipped:
        _load_shipped(lesson.network)
    network = train(lesson, Feed(path, rows, None, replace(RECIPE, side_px=side_px), batch, seed), plan)
    assert isinstance(network, FaceNetworks)
    return network
