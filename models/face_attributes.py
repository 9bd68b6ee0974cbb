"""Age, gender and ethnicity: one shared trunk, and branches of fully connected layers that end in softmax.

The shape follows Mishra et al., "Age, Ethnicity and Emotion Recognition using MTCNN": a pretrained face network, its
top trained further, dropout before the branches. Each head is a network of its own, so that an attribute that is
switched off is never opened.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.mobilenet import MobileNet

N_AGES = 101  # whole years 0-100
N_GENDERS = 2  # female, male
N_ETHNICITIES = 5  # White, Black, Asian, Indian, Hispanic
N_RACE7 = 7  # FairFace's own classes, for comparison with what others publish
FEATURES = 1024
HIDDEN = 128


class Trunk(MobileNet):
    """RGB crops uint8 [n, s, s, 3] to features [n, 1024] that both heads read."""


class Branch(nn.Module):
    """Two fully connected layers, dropout before each, divided by a temperature fitted after training."""

    temperature: Tensor

    def __init__(self, outputs: int, dropout: float = 0.3) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Dropout(dropout), nn.Linear(FEATURES, HIDDEN), nn.ReLU(), nn.Dropout(dropout), nn.Linear(HIDDEN, outputs)
        )
        self.register_buffer("temperature", torch.ones(1))

    def forward(self, feature: Tensor) -> Tensor:
        """Features [n, 1024] to calibrated logits [n, outputs]."""
        logits: Tensor = self.layers(feature) / self.temperature
        return logits


class AgeGenderHead(nn.Module):
    """Features [n, 1024] to distributions: age [n, 101] in whole years, gender [n, 2] as female, male."""

    def __init__(self) -> None:
        super().__init__()
        self.age = Branch(N_AGES)
        self.gender = Branch(N_GENDERS)

    def forward(self, feature: Tensor) -> tuple[Tensor, Tensor]:
        return torch.softmax(self.age(feature), 1), torch.softmax(self.gender(feature), 1)


class EthnicityHead(nn.Module):
    """Features [n, 1024] to distributions: ethnicity [n, 5] (White, Black, Asian, Indian, Hispanic); and FairFace's own
    seven classes [n, 7], which only measuring reads."""

    def __init__(self) -> None:
        super().__init__()
        self.ethnicity = Branch(N_ETHNICITIES)
        self.race7 = Branch(N_RACE7)

    def forward(self, feature: Tensor) -> tuple[Tensor, Tensor]:
        return torch.softmax(self.ethnicity(feature), 1), torch.softmax(self.race7(feature), 1)
