"""Batch norm for the time of a training: nothing changes when it is put in, nor when it is taken out."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from models.emotion import N_BLOCKS
from models.mobilenet import MobileNet
from models.training.batch_norm import NormalizedConv, fold, unfold

SIDE_PX = 64


@pytest.fixture
def trunk() -> MobileNet:
    torch.manual_seed(0)
    return MobileNet(N_BLOCKS).eval()


@pytest.fixture
def pictures() -> Tensor:
    return torch.randint(0, 256, (32, SIDE_PX, SIDE_PX, 3), generator=torch.manual_seed(1), dtype=torch.uint8)


def test_putting_norms_in_changes_nothing_that_the_network_says(trunk: MobileNet, pictures: Tensor) -> None:
    before = trunk(pictures)
    unfold(trunk, pictures, first_block=4)
    after = trunk.eval()(pictures)
    assert torch.allclose(before, after, rtol=1e-3, atol=1e-4)


def test_only_blocks_that_are_trained_get_norms(trunk: MobileNet, pictures: Tensor) -> None:
    unfold(trunk, pictures, first_block=4)
    has_norm = [isinstance(block.depthwise, NormalizedConv) for block in trunk.blocks]
    assert has_norm == [False] * 4 + [True] * (N_BLOCKS - 4)


def test_taking_norms_out_after_steps_keeps_what_was_learned(trunk: MobileNet, pictures: Tensor) -> None:
    untrained = trunk(pictures)
    unfold(trunk, pictures, first_block=4)
    optimizer = torch.optim.SGD(trunk.parameters(), lr=20.0)
    for _ in range(3):
        loss = -trunk.train()(pictures).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    learned = trunk.eval()(pictures)
    fold(trunk)
    assert set(trunk.state_dict()) == set(MobileNet(N_BLOCKS).state_dict())
    assert torch.allclose(trunk(pictures), learned, rtol=1e-3, atol=1e-4)
    assert not torch.allclose(untrained, learned, rtol=1e-3, atol=1e-4)
