"""Batches of changed pictures, made in a process of their own so that the training's cores only train."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import DataLoader, Dataset

from models.crop_geometry import resized
from models.training.augment import Image, Recipe, change

SMALL_SHARE = 0.6  # of the pictures that an epoch draws, where each is there in two sizes


@dataclass(frozen=True, slots=True)
class Feed:
    """What an epoch is made of.

    `rows` are the pictures that may be drawn, `weights` how often each is drawn (mean 1), or None for once each.
    `small` are the same pictures with fewer pixels, of which `SMALL_SHARE` are drawn in place of the larger ones.
    """

    pictures: Path  # packed by `models.training.packing`
    rows: NDArray[np.int64]
    weights: NDArray[np.float64] | None
    recipe: Recipe
    batch: int
    seed: int
    small: Path | None = None

    @property
    def n_batches(self) -> int:
        return len(self.rows) // self.batch

    def order(self, epoch: int) -> NDArray[np.int64]:
        """The rows of one epoch, shuffled; the same for the same seed."""
        generator = np.random.default_rng((self.seed, epoch))
        if self.weights is None:
            return generator.permutation(self.rows)
        shares = self.weights / self.weights.sum()
        return generator.choice(self.rows, len(self.rows), p=shares)

    def batches(self, epoch: int, first_batch: int = 0) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """Pictures uint8 [batch, side, side, 3] and their rows [batch], from `first_batch` of an epoch on."""
        loader = DataLoader(
            _Batches(self, epoch, first_batch),
            batch_size=None,
            num_workers=1,
            multiprocessing_context="spawn",
            prefetch_factor=6,
            generator=torch.Generator(),  # else each start of a loader draws from torch's own, and resuming shows
        )
        yield from loader


class _Batches(Dataset[tuple[torch.Tensor, torch.Tensor]]):
    def __init__(self, feed: Feed, epoch: int, first_batch: int) -> None:
        self.feed, self.epoch, self.first_batch = feed, epoch, first_batch
        self.order = feed.order(epoch)
        self.packed: list[NDArray[np.uint8]] | None = None  # opened by the process that feeds

    def __len__(self) -> int:
        return self.feed.n_batches - self.first_batch

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        first = (self.first_batch + index) * self.feed.batch
        rows = self.order[first : first + self.feed.batch]
        pictures = [
            self._changed(row, np.random.default_rng((self.feed.seed, self.epoch, first + i)))
            for i, row in enumerate(rows)
        ]
        return torch.from_numpy(np.stack(pictures)), torch.from_numpy(rows)

    def _changed(self, row: int, generator: np.random.Generator) -> Image:
        if self.packed is None:
            files = [self.feed.pictures, *([self.feed.small] if self.feed.small else [])]
            self.packed = [np.load(file, mmap_mode="r") for file in files]
        picture = self.packed[0][row]
        if len(self.packed) > 1 and generator.random() < SMALL_SHARE:
            picture = resized(self.packed[1][row], len(picture))
        return change(picture, self.feed.recipe, generator)
