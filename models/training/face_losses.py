"""What the labels of faces mean as distributions, and how far answers are from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from models.labels import ETHNICITIES
from models.pictures import LabeledPictures
from models.training.ages import group_matrix, group_targets, year_targets

TASKS = ("age", "gender", "ethnicity")
COLUMNS = ("age", "age_group", "gender", "ethnicity", "race7")


@dataclass(frozen=True)
class FaceTargets:
    """Labels of the packed file's rows as tensors, -1 where not given, and what they mean as distributions."""

    labels: dict[str, Tensor]
    years_of_group: Tensor  # [9, 101]
    years_of_age: Tensor  # [101, 101]
    years_to_groups: Tensor  # [101, 9]
    ethnicity_weights: Tensor  # [5], rare classes count more

    @staticmethod
    def read(pictures: LabeledPictures) -> FaceTargets:
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


def task_losses(logits: Mapping[str, Tensor], rows: Tensor, targets: FaceTargets, smoothing: float) -> Tensor:
    """Cross-entropies of age, gender, ethnicity [3]; age's is 0 when no answer to it is given.

    Args:
        logits: "age" [n, 101], "gender" [n, 2], "ethnicity" [n, 5], "race7" [n, 7].
        rows: [n] row of the labels that each is of.
        smoothing: of the labels of gender and ethnicity (Szegedy et al. 2016), 0-1.
    """
    labels = {name: column[rows] for name, column in targets.labels.items()}
    age = _age_loss(logits["age"], rows, targets) if "age" in logits else torch.zeros(())
    gender = _cross_entropy(logits["gender"], labels["gender"], smoothing)
    five = _cross_entropy(logits["ethnicity"], labels["ethnicity"], smoothing, targets.ethnicity_weights)
    seven = _cross_entropy(logits["race7"], labels["race7"], smoothing)
    return torch.stack([age, gender, five + 0.5 * seven])


def _age_loss(logits: Tensor, rows: Tensor, targets: FaceTargets) -> Tensor:
    """Half of the years, half of the groups that they sum to."""
    groups = targets.labels["age_group"][rows]
    log_years = F.log_softmax(logits.float(), 1)
    log_groups = torch.log(log_years.exp() @ targets.years_to_groups + 1e-6)
    has_age = (groups >= 0).float()
    years = -(targets.years(rows) * log_years).sum(1) @ has_age / has_age.sum().clamp_min(1)
    return 0.5 * (years + F.nll_loss(log_groups, groups, ignore_index=-1))


def _cross_entropy(logits: Tensor, labels: Tensor, smoothing: float, weights: Tensor | None = None) -> Tensor:
    if not bool((labels >= 0).any()):
        return logits.sum() * 0.0
    return F.cross_entropy(logits.float(), labels, weight=weights, label_smoothing=smoothing, ignore_index=-1)
