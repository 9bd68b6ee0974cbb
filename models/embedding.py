"""dlib's face recognition network (King 2017, public domain): 29 convolutions that put a face into 128 numbers.

Faces of one individual lie close together. Batch norm is folded into the convolutions; the vector is scaled to length
one, so that a dot product compares.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

LENGTH = 128
INPUT_PX = 150
MEANS_RGB = (122.782, 117.001, 104.298)
# (channels, halves the picture) of the residual blocks, from the input on
BLOCKS = (
    (32, False), (32, False), (32, False),
    (64, True), (64, False), (64, False), (64, False),
    (128, True), (128, False), (128, False),
    (256, True), (256, False), (256, False),
    (256, True),
)  # fmt: skip


def _grown(x: Tensor, channels: int, side: int) -> Tensor:
    """Zeros added to the end of channels, rows and columns, as dlib adds maps of different size."""
    return F.pad(x, (0, side - x.shape[3], 0, side - x.shape[2], 0, channels - x.shape[1]))


class Residual(nn.Module):
    """Two 3 × 3 convolutions beside the input, or beside its 2 × 2 mean where the picture is halved."""

    def __init__(self, channels_in: int, channels: int, halves: bool) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels_in, channels, 3, stride=2 if halves else 1, padding=0 if halves else 1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        self.halves = halves

    def forward(self, x: Tensor) -> Tensor:
        y = self.second(F.relu(self.first(x)))
        if self.halves:
            x = F.avg_pool2d(x, 2)
        channels, side = max(x.shape[1], y.shape[1]), max(x.shape[2], y.shape[2])
        return F.relu(_grown(x, channels, side) + _grown(y, channels, side))


class FaceEmbedding(nn.Module):
    """RGB crops uint8 [n, 150, 150, 3], aligned to the template "embedding", to unit vectors [n, 128]."""

    means: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 32, 7, stride=2)
        channels = [32, *(channels for channels, _ in BLOCKS)]
        self.blocks = nn.ModuleList(Residual(channels[i], out, halves) for i, (out, halves) in enumerate(BLOCKS))
        self.last = nn.Linear(256, LENGTH, bias=False)
        self.register_buffer("means", torch.tensor(MEANS_RGB).reshape(1, 3, 1, 1), persistent=False)

    def forward(self, images: Tensor) -> Tensor:
        x = (images.float().permute(0, 3, 1, 2) - self.means) / 256
        x = F.max_pool2d(F.relu(self.first(x)), 3, 2)
        for block in self.blocks:
            x = block(x)
        return F.normalize(self.last(x.mean((2, 3))), dim=1)
