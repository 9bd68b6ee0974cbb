"""P-, R- and O-Net of MTCNN (Zhang, Zhang, Li & Qiao 2016, "Joint Face Detection and Alignment using Multitask
Cascaded Convolutional Networks"), declared so that the weights of the facenet-pytorch package fit.

All take RGB pictures ``[n, height, width, 3]``, values 0-255 (uint8, or float32 after resampling), and normalize them.
Offsets are of a box's left, top, right, bottom, in units of the window's side; landmarks are fractions of it.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


def _normalised(images: Tensor) -> Tensor:
    """Pictures [n, h, w, 3] in 0-255 to [n, 3, h, w] in about -1 to 1."""
    return (images.float().permute(0, 3, 1, 2) - 127.5) * 0.0078125


def _flat(maps: Tensor) -> Tensor:
    """[n, c, h, w] to [n, w * h * c]: the order the dense layers were trained in (Caffe's, column first)."""
    return maps.permute(0, 3, 2, 1).flatten(1)


class PNet(nn.Module):
    """Proposals: a 12 px window moved over the picture in steps of 2 px."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 10, 3)
        self.prelu1 = nn.PReLU(10)
        self.pool1 = nn.MaxPool2d(2, 2, ceil_mode=True)
        self.conv2 = nn.Conv2d(10, 16, 3)
        self.prelu2 = nn.PReLU(16)
        self.conv3 = nn.Conv2d(16, 32, 3)
        self.prelu3 = nn.PReLU(32)
        self.conv4_1 = nn.Conv2d(32, 2, 1)
        self.conv4_2 = nn.Conv2d(32, 4, 1)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Scores [n, rows, columns] and box offsets [n, rows, columns, 4], for each window of a picture."""
        x = self.pool1(self.prelu1(self.conv1(_normalised(images))))
        x = self.prelu2(self.conv2(x))
        x = self.prelu3(self.conv3(x))
        scores = torch.softmax(self.conv4_1(x), dim=1)[:, 1]
        return scores, self.conv4_2(x).permute(0, 2, 3, 1)


class RNet(nn.Module):
    """Refinement: candidates of 24 × 24 px."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 28, 3)
        self.prelu1 = nn.PReLU(28)
        self.pool1 = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.conv2 = nn.Conv2d(28, 48, 3)
        self.prelu2 = nn.PReLU(48)
        self.pool2 = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.conv3 = nn.Conv2d(48, 64, 2)
        self.prelu3 = nn.PReLU(64)
        self.dense4 = nn.Linear(576, 128)
        self.prelu4 = nn.PReLU(128)
        self.dense5_1 = nn.Linear(128, 2)
        self.dense5_2 = nn.Linear(128, 4)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Scores [n] and box offsets [n, 4] of candidates [n, 24, 24, 3]."""
        x = self.pool1(self.prelu1(self.conv1(_normalised(images))))
        x = self.pool2(self.prelu2(self.conv2(x)))
        x = self.prelu3(self.conv3(x))
        x = self.prelu4(self.dense4(_flat(x)))
        return torch.softmax(self.dense5_1(x), dim=1)[:, 1], self.dense5_2(x)


class ONet(nn.Module):
    """Output: candidates of 48 × 48 px, with landmarks."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 3)
        self.prelu1 = nn.PReLU(32)
        self.pool1 = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.prelu2 = nn.PReLU(64)
        self.pool2 = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.conv3 = nn.Conv2d(64, 64, 3)
        self.prelu3 = nn.PReLU(64)
        self.pool3 = nn.MaxPool2d(2, 2, ceil_mode=True)
        self.conv4 = nn.Conv2d(64, 128, 2)
        self.prelu4 = nn.PReLU(128)
        self.dense5 = nn.Linear(1152, 256)
        self.prelu5 = nn.PReLU(256)
        self.dense6_1 = nn.Linear(256, 2)
        self.dense6_2 = nn.Linear(256, 4)
        self.dense6_3 = nn.Linear(256, 10)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Scores [n], box offsets [n, 4] and landmarks [n, 5, 2] (x, y) of candidates [n, 48, 48, 3]."""
        x = self.pool1(self.prelu1(self.conv1(_normalised(images))))
        x = self.pool2(self.prelu2(self.conv2(x)))
        x = self.pool3(self.prelu3(self.conv3(x)))
        x = self.prelu4(self.conv4(x))
        x = self.prelu5(self.dense5(_flat(x)))
        landmarks = self.dense6_3(x).reshape(-1, 2, 5).transpose(1, 2)  # the package's order is five x, then five y
        return torch.softmax(self.dense6_1(x), dim=1)[:, 1], self.dense6_2(x), landmarks
