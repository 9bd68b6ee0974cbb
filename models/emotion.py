"""Expression shown on a face: a shortened MobileNet with one head for each of two label sets.

FER2013's own labels (Goodfellow et al. 2013) and the votes of FER+ (Barsoum et al. 2016) agree on 63 % of the pictures;
both are learned side by side. The product's six classes are a fixed mapping of the mean of both.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.emotion_classes import FER2013, FER2013_TO_SIX, FERPLUS, FERPLUS_TO_SIX, SIX
from models.mobilenet import MobileNet

N_BLOCKS = 12


def _one_hot(columns: tuple[int, ...]) -> Tensor:
    mapping = torch.zeros(len(columns), len(SIX))
    mapping[range(len(columns)), columns] = 1.0
    return mapping


class EmotionNetwork(nn.Module):
    """RGB crops uint8 [n, s, s, 3] to distributions: the product's six [n, 6] (Angry, Happy, Neutral, Sad, Surprised,
    Other); and FER2013's seven [n, 7] and FER+'s eight [n, 8], which only measuring reads."""

    temperature: Tensor
    from_fer2013: Tensor
    from_ferplus: Tensor

    def __init__(self, dropout: float = 0.3) -> None:
        super().__init__()
        self.trunk = MobileNet(N_BLOCKS)
        self.dropout = nn.Dropout(dropout)
        self.fer2013_head = nn.Linear(self.trunk.features, len(FER2013))
        self.ferplus_head = nn.Linear(self.trunk.features, len(FERPLUS))
        self.register_buffer("temperature", torch.ones(3))  # of FER2013's classes, of FER+'s, of the six
        self.register_buffer("from_fer2013", _one_hot(FER2013_TO_SIX), persistent=False)
        self.register_buffer("from_ferplus", _one_hot(FERPLUS_TO_SIX), persistent=False)

    def logits(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Uncalibrated logits over FER2013's classes [n, 7] and FER+'s [n, 8]; what training compares."""
        feature = self.dropout(self.trunk(images))
        return self.fer2013_head(feature), self.ferplus_head(feature)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        fer2013_logits, ferplus_logits = self.logits(images)
        fer2013 = torch.softmax(fer2013_logits / self.temperature[0], 1)
        ferplus = torch.softmax(ferplus_logits / self.temperature[1], 1)
        mean = (fer2013 @ self.from_fer2013 + ferplus @ self.from_ferplus) / 2
        six = torch.softmax(torch.log(mean.clamp_min(1e-6)) / self.temperature[2], 1)
        return six, fer2013, ferplus
