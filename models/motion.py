"""A face's motion, from one aligned crop: key points, irises, coefficients of expression, head and eyes, and presence.

A small network of our own, taught by Google's face mesh (Grishchenko et al. 2020, "Attention Mesh") and by the
coefficients behind it. The first layers are those of the network of expressions and stay as they are.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.mobilenet import MEANS_RGB, Block, SameConv
from models.motion_points import COEFFICIENTS, N_POINTS

STEM = ((32, 64, 1), (64, 128, 2), (128, 128, 1))  # blocks of MobileNetV1 that are taken over: in, out, stride
WIDTHS = ((128, 192, 2), (192, 192, 1), (192, 192, 1), (192, 256, 2), (256, 256, 1), (256, 256, 1))
SQUEEZED, HIDDEN = 96, 256
GRID = 6  # cells across, of the last maps: a crop of 96 px
N_ANGLES = 5  # yaw, pitch, roll of the head; yaw and pitch of the gaze
ANGLE_DEG = 20.0  # unit in which angles are learned
POINT_SHARE = 0.1  # unit in which key points are learned, of the crop's side


class OwnBlock(nn.Module):
    """Depthwise 3 × 3, then 1 × 1, with batch norm; what comes in is added where shapes allow."""

    def __init__(self, channels_in: int, channels_out: int, stride: int) -> None:
        super().__init__()
        self.stride = stride
        self.depthwise = nn.Conv2d(channels_in, channels_in, 3, 1, 1, groups=channels_in, bias=False)
        self.depthwise_norm = nn.BatchNorm2d(channels_in)
        self.pointwise = nn.Conv2d(channels_in, channels_out, 1, bias=False)
        self.pointwise_norm = nn.BatchNorm2d(channels_out)
        self.adds = stride == 1 and channels_in == channels_out

    def forward(self, x: Tensor) -> Tensor:
        y = self.depthwise(x) if self.stride == 1 else F.avg_pool2d(self.depthwise(x), 2)
        y = F.relu(self.depthwise_norm(y))
        y = F.relu(self.pointwise_norm(self.pointwise(y)))
        return x + y if self.adds else y


class MotionNetwork(nn.Module):
    """RGB crops uint8 [n, 96, 96, 3] of the template "emotion" to

    * key points [n, 78, 2] of `models.motion_points`, as fractions of the crop (they may lie outside),
    * coefficients [n, 52], 0-1,
    * angles [n, 5], degrees: yaw, pitch, roll of the head in the crop, yaw and pitch of the gaze; yaw is positive to
      the right of the picture, pitch upwards, both as the camera sees them,
    * presence [n, 1], 0-1: that this is a face.
    """

    means: Tensor
    mean_points: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.first = SameConv(3, 32, stride=2)
        self.stem = nn.ModuleList(Block(*shape) for shape in STEM)
        self.blocks = nn.ModuleList(OwnBlock(*shape) for shape in WIDTHS)
        self.squeeze = nn.Conv2d(WIDTHS[-1][1], SQUEEZED, 1, bias=False)
        self.squeeze_norm = nn.BatchNorm2d(SQUEEZED)
        self.hidden = nn.Linear(SQUEEZED * GRID * GRID, HIDDEN)
        self.out = nn.Linear(HIDDEN, 2 * N_POINTS + len(COEFFICIENTS) + N_ANGLES + 1)
        self.register_buffer("means", torch.tensor(MEANS_RGB).reshape(1, 3, 1, 1), persistent=False)
        self.register_buffer("mean_points", torch.zeros(N_POINTS, 2))  # of what was trained on

    def features(self, images: Tensor) -> Tensor:
        """What the own layers read, of crops [n, 96, 96, 3] in 0-255."""
        x = F.relu6(self.first(images.float().permute(0, 3, 1, 2) - self.means))
        for block in self.stem:
            x = block(x)
        return x / 6  # of ReLU6

    def raw(self, features: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Points and angles in the units of training, logits of coefficients and of presence."""
        x = features
        for block in self.blocks:
            x = block(x)
        x = F.relu(self.squeeze_norm(self.squeeze(x))).flatten(1)
        x = self.out(F.relu(self.hidden(x)))
        points, coefficients, angles, presence = x.split((2 * N_POINTS, len(COEFFICIENTS), N_ANGLES, 1), dim=1)
        return points.reshape(-1, N_POINTS, 2), coefficients, angles, presence

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        points, coefficients, angles, presence = self.raw(self.features(images))
        return (
            self.mean_points + POINT_SHARE * points,
            torch.sigmoid(coefficients),
            ANGLE_DEG * angles,
            torch.sigmoid(presence),
        )
