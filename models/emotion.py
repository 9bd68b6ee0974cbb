"""Expression shown on a face: a shortened MobileNet with one head for each of two label sets.

FER2013's own labels (Goodfellow et al. 2013) and the votes of FER+ (Barsoum et al. 2016) agree on 63 % of the pictures;
both are learned side by side. The product's six classes are read from FER+'s, whose ten votes a picture are the better
truth.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from models.emotion_classes import FER2013, FER2013_TO_SIX, FERPLUS, FERPLUS_TO_SIX, SIX
from models.mobilenet import MobileNet

N_BLOCKS = 12
# shares of FER2013's own classes in what was trained on, as the six
FER2013_SHARES = (0.1414, 0.2659, 0.1816, 0.1781, 0.0815, 0.1514)
# power of a class's share of the training pictures that answers are divided by (Menon et al. 2021): at 1 a rare
# expression is as near at hand as a frequent one, at 0 doubtful faces are Neutral, since most are
EVENING = 0.75


def _to_six(classes: Sequence[int]) -> Tensor:
    mapping = torch.zeros(len(classes), len(SIX))
    mapping[range(len(classes)), classes] = 1.0
    return mapping


class EmotionNetwork(nn.Module):
    """RGB crops uint8 [n, s, s, 3] to distributions.

    The six of a single picture [n, 6] (Angry, Happy, Neutral, Sad, Surprised, Other); FER2013's seven [n, 7] and FER+'s
    eight [n, 8], which only measuring reads; and the six as video is read by [n, 6]: both label sets' opinions, their
    logits in equal parts. FER+'s voters call held-back anger and sadness neutral, FER2013's labels do not.
    """

    temperature: Tensor
    shares: Tensor
    to_six: Tensor
    fer2013_to_six: Tensor
    fer2013_shares: Tensor

    def __init__(self, dropout: float = 0.3) -> None:
        super().__init__()
        self.trunk = MobileNet(N_BLOCKS)
        self.dropout = nn.Dropout(dropout)
        self.fer2013_head = nn.Linear(self.trunk.features, len(FER2013))
        self.ferplus_head = nn.Linear(self.trunk.features, len(FERPLUS))
        self.register_buffer("temperature", torch.ones(3))  # of FER2013's classes, of FER+'s, of the six
        self.register_buffer("shares", torch.full((len(SIX),), 1 / len(SIX)))  # of the six in what was trained on
        self.register_buffer("to_six", _to_six(FERPLUS_TO_SIX), persistent=False)
        self.register_buffer("fer2013_to_six", _to_six(FER2013_TO_SIX), persistent=False)
        self.register_buffer("fer2013_shares", torch.tensor(FER2013_SHARES), persistent=False)

    def logits(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Uncalibrated logits over FER2013's classes [n, 7] and FER+'s [n, 8]; what training compares."""
        feature = self.dropout(self.trunk(images))
        return self.fer2013_head(feature), self.ferplus_head(feature)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        fer2013_logits, ferplus_logits = self.logits(images)
        fer2013 = torch.softmax(fer2013_logits / self.temperature[0], 1)
        ferplus = torch.softmax(ferplus_logits / self.temperature[1], 1)
        by_votes = self.six_logits(ferplus)
        by_label = torch.log((fer2013 @ self.fer2013_to_six).clamp_min(1e-6)) - EVENING * torch.log(self.fer2013_shares)
        six = torch.softmax(by_votes / self.temperature[2], 1)
        return six, fer2013, ferplus, torch.softmax((by_votes + by_label) / 2, 1)

    def six_logits(self, ferplus: Tensor) -> Tensor:
        """Uncalibrated logits over the six from distributions over FER+'s classes [n, 8]."""
        return torch.log((ferplus @ self.to_six).clamp_min(1e-6)) - EVENING * torch.log(self.shares)
