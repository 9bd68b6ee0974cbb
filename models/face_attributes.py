"""Age, gender and ethnicity: one shared trunk, and branches of fully connected layers that end in softmax.

The shape follows Mishra et al., "Age, Ethnicity and Emotion Recognition using MTCNN": a pretrained face network, its
top trained further, dropout before the branches. Beside the trunk's features the branches of gender and ethnicity read
the identity embedding of the same face, which is computed anyway: a network that learned from other faces errs on
others. Each head is a network of its own, so that an attribute that is switched off is never opened.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models import embedding
from models.labels import RACE7_TO_ETHNICITY
from models.mobilenet import MobileNet

N_AGES = 101  # whole years 0-100
N_GENDERS = 2  # female, male
N_ETHNICITIES = 5  # White, Black, Asian, Indian, Hispanic
N_RACE7 = 7  # FairFace's own classes, for comparison with what others publish
FEATURES = 1024
DESCRIPTION = FEATURES + embedding.LENGTH  # what heads read of a face: the trunk's features, then its embedding
HIDDEN = 128


class Trunk(MobileNet):
    """RGB crops uint8 [n, s, s, 3] to features [n, 1024], the larger part of what both heads read."""


class Branch(nn.Module):
    """Two fully connected layers on the trunk's features, dropout before either, divided by a temperature fitted after
    training."""

    temperature: Tensor

    def __init__(self, outputs: int) -> None:
        super().__init__()
        self.of_feature = _layers(FEATURES, HIDDEN, outputs, dropout_in=0.3)
        self.register_buffer("temperature", torch.ones(1))

    def forward(self, description: Tensor) -> Tensor:
        """Descriptions [n, 1152] to calibrated logits [n, outputs]."""
        logits: Tensor = self.of_feature(description[:, :FEATURES]) / self.temperature
        return logits


class PairedBranch(Branch):
    """The same, and a second expert on the identity embedding: logits are summed, which is a product of their
    distributions (Hinton 2002)."""

    def __init__(self, outputs: int) -> None:
        super().__init__(outputs)
        self.of_embedding = _layers(embedding.LENGTH, 2 * HIDDEN, outputs, dropout_in=0.15)

    def forward(self, description: Tensor) -> Tensor:
        logits: Tensor = super().forward(description)
        return logits + self.read_embedding(description[:, FEATURES:]) / self.temperature

    def read_embedding(self, vectors: Tensor) -> Tensor:
        """Unit vectors [n, 128] to the second expert's logits [n, outputs]."""
        logits: Tensor = self.of_embedding(vectors * embedding.LENGTH**0.5)  # numbers of a size that layers learn from
        return logits


def _layers(inputs: int, hidden: int, outputs: int, dropout_in: float, dropout: float = 0.3) -> nn.Sequential:
    return nn.Sequential(
        nn.Dropout(dropout_in), nn.Linear(inputs, hidden), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, outputs)
    )


class AgeGenderHead(nn.Module):
    """Descriptions [n, 1152] to distributions: age [n, 101] in whole years, gender [n, 2] as female, male.

    The embedding is made to be the same at any age; ages that were read from it, too, were worse by 0.06 years.
    """

    def __init__(self) -> None:
        super().__init__()
        self.age = Branch(N_AGES)
        self.gender = PairedBranch(N_GENDERS)

    def forward(self, description: Tensor) -> tuple[Tensor, Tensor]:
        return torch.softmax(self.age(description), 1), torch.softmax(self.gender(description), 1)


class EthnicityHead(nn.Module):
    """Descriptions [n, 1152] to distributions: ethnicity [n, 5] (White, Black, Asian, Indian, Hispanic); and
    FairFace's own seven classes [n, 7], which only measuring reads."""

    temperature: Tensor
    evening: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.race7 = PairedBranch(N_RACE7)
        self.register_buffer("temperature", torch.ones(1))  # of the five
        self.register_buffer("evening", torch.zeros(N_ETHNICITIES))  # to the favor of those that are answered rarely

    def forward(self, description: Tensor) -> tuple[Tensor, Tensor]:
        seven = self.race7(description)
        return torch.softmax((to_five(seven) + self.evening) / self.temperature, 1), torch.softmax(seven, 1)


def to_five(race7_logits: Tensor) -> Tensor:
    """Logits over ETHNICITIES [n, 5]: of those of the seven that make one of the five, the greatest.

    Summed instead, classes that are two of the seven would outweigh those that are one, Hispanic most.
    """
    logits = [race7_logits[:, members].amax(1) for members in _MEMBERS]
    return torch.stack(logits, 1)


_MEMBERS = [[i for i, one in enumerate(RACE7_TO_ETHNICITY) if one == k] for k in range(N_ETHNICITIES)]
