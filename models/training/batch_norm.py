"""Batch norm for the time of a training (Ioffe & Szegedy 2015): put into a network that was folded, and folded again.

The pretrained trunk comes with its batch norm folded into the convolutions, and such a network bears only small steps.
`unfold` puts a norm behind each convolution that is trained, set so that the network computes what it did before;
`fold` takes them out again, so that what ships has none.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.mobilenet import MobileNet

PARTS = ("depthwise", "pointwise")


class NormalizedConv(nn.Module):
    """A convolution and the norm behind it."""

    def __init__(self, conv: nn.Conv2d, mean: Tensor, variance: Tensor) -> None:
        super().__init__()
        self.conv = conv
        self.norm = nn.BatchNorm2d(conv.out_channels)
        assert self.norm.running_mean is not None
        assert self.norm.running_var is not None
        with torch.no_grad():
            self.norm.running_mean.copy_(mean)
            self.norm.running_var.copy_(variance)
            self.norm.bias.copy_(mean)
            self.norm.weight.copy_(torch.sqrt(variance + self.norm.eps))

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.norm(self.conv(x))
        return y

    def folded(self) -> nn.Conv2d:
        """One convolution that computes the same with the norm's running statistics."""
        norm, conv = self.norm, self.conv
        assert norm.running_mean is not None
        assert norm.running_var is not None
        assert conv.bias is not None
        with torch.no_grad():
            factor = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            conv.weight.mul_(factor[:, None, None, None])
            conv.bias.copy_((conv.bias - norm.running_mean) * factor + norm.bias)
        return conv


@torch.no_grad()
def unfold(trunk: MobileNet, pictures: Tensor, first_block: int) -> None:
    """Put a norm behind each convolution from block `first_block` on, in place.

    Args:
        pictures: RGB uint8 [n, s, s, 3], a few hundred; the statistics are first measured on them.
    """
    trunk.eval()
    seen: dict[tuple[int, str], tuple[Tensor, Tensor]] = {}
    hooks = [
        getattr(block, part).register_forward_hook(_Measure(seen, (i, part)))
        for i, block in enumerate(trunk.blocks) if i >= first_block
        for part in PARTS
    ]  # fmt: skip
    trunk(pictures)
    for hook in hooks:
        hook.remove()
    for (i, part), (mean, variance) in seen.items():
        block = trunk.blocks[i]
        setattr(block, part, NormalizedConv(getattr(block, part), mean, variance))


def fold(trunk: MobileNet) -> None:
    """Take all norms out again, in place; in inference the network computes the same."""
    for block in trunk.blocks:
        for part in PARTS:
            module = getattr(block, part)
            if isinstance(module, NormalizedConv):
                setattr(block, part, module.folded())


class _Measure:
    """A forward hook that notes mean and variance of each channel."""

    def __init__(self, seen: dict[tuple[int, str], tuple[Tensor, Tensor]], key: tuple[int, str]) -> None:
        self._seen, self._key = seen, key

    def __call__(self, module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        variance, mean = torch.var_mean(output, (0, 2, 3))
        self._seen[self._key] = (mean, variance)
