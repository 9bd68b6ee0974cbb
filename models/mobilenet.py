"""MobileNetV1 (Howard et al. 2017) without batch norm: it is folded into the convolutions.

Padding is TensorFlow's SAME, where the original was trained: at stride 2 the odd pixel goes to the right and bottom.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# (channels out, stride) of the 13 depthwise-separable blocks after the first convolution of 32 channels
BLOCKS = (
    (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2),
    (512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (1024, 2), (1024, 1),
)  # fmt: skip
MEANS_RGB = (123.68, 116.779, 103.939)  # of VGGFace2's pictures, as the original subtracts them


class SameConv(nn.Conv2d):
    """A 3 × 3 convolution with TensorFlow's SAME padding."""

    def __init__(self, channels_in: int, channels_out: int, stride: int, groups: int = 1) -> None:
        super().__init__(channels_in, channels_out, 3, stride, padding=0 if stride == 2 else 1, groups=groups)

    def forward(self, x: Tensor) -> Tensor:
        if self.stride[0] == 2:
            top, left = x.shape[2] % 2, x.shape[3] % 2
            x = F.pad(x, (left, 1, top, 1))
            if self.training and self.groups > 1:
                # the same values; the backward pass of strided depthwise convolutions is 15 times slower on CPUs
                return F.conv2d(x, self.weight, self.bias, groups=self.groups)[:, :, ::2, ::2]
        return super().forward(x)


class Block(nn.Module):
    """Depthwise 3 × 3, then 1 × 1, each with ReLU6."""

    def __init__(self, channels_in: int, channels_out: int, stride: int) -> None:
        super().__init__()
        self.depthwise = SameConv(channels_in, channels_in, stride, groups=channels_in)
        self.pointwise = nn.Conv2d(channels_in, channels_out, 1)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu6(self.pointwise(F.relu6(self.depthwise(x))))


class MobileNet(nn.Module):
    """The first `n_blocks` blocks and the mean over the picture.

    ``features`` is the length of what comes out. The side of the crops may be any; 160 to 224 px suits faces.
    """

    means: Tensor

    def __init__(self, n_blocks: int = len(BLOCKS)) -> None:
        super().__init__()
        self.first = SameConv(3, 32, stride=2)
        channels = [32, *(channels for channels, _ in BLOCKS)]
        self.blocks = nn.ModuleList(Block(channels[i], channels[i + 1], BLOCKS[i][1]) for i in range(n_blocks))
        self.features = channels[n_blocks]
        self.register_buffer("means", torch.tensor(MEANS_RGB).reshape(1, 3, 1, 1), persistent=False)

    def forward(self, images: Tensor) -> Tensor:
        """RGB crops [n, s, s, 3] in 0-255 to features [n, features]."""
        x = images.float().permute(0, 3, 1, 2) - self.means
        x = F.relu6(self.first(x))
        for block in self.blocks:
            x = block(x)
        return x.mean((2, 3))
