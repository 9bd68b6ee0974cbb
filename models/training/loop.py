"""One training: steps over augmented batches, averaged weights, checkpoints, curves. What is learned is a `Lesson`."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from tqdm import tqdm

from models.processor import computes_in_bf16
from models.training import checkpoint, curves


class GivesBatches(Protocol):
    """Where batches come from; the same for the same seed."""

    @property
    def n_batches(self) -> int:
        """Of one epoch."""
        ...

    @property
    def seed(self) -> int: ...

    def batches(self, epoch: int, first_batch: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
        """Pictures uint8 [n, s, s, 3] and their rows [n], from `first_batch` of an epoch on."""
        ...


class Lesson(Protocol):
    """A network, how wrong it is on a batch, and how good it is on what was held out."""

    @property
    def network(self) -> nn.Module: ...

    def parameter_groups(self, rate: float) -> list[dict[str, Any]]:
        """Parameters to train with their own learning rates."""
        ...

    def loss(self, pictures: Tensor, rows: Tensor) -> Tensor:
        """The loss of one batch; pictures uint8 [n, s, s, 3], rows [n] into the packed file."""
        ...

    def measure(self, network: nn.Module) -> Mapping[str, float]:
        """Figures on the held-out part."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingPlan:
    """How long and how fast."""

    epochs: float
    rate: float
    directory: Path  # checkpoint.pt, curves.csv, curves.svg
    warmup_steps: int = 200
    weight_decay: float = 0.0005
    averaging: float = 0.999  # of the exponential moving average of weights that is measured and kept
    save_every: int = 200  # steps
    max_steps: int | None = None  # end here, whatever the epochs

    def rate_at(self, step: int, n_steps: int) -> float:
        """Factor on the learning rate: linear warm-up, then half a cosine down to 2 %."""
        if step < self.warmup_steps:
            return (step + 1) / self.warmup_steps
        done = (step - self.warmup_steps) / max(1, n_steps - self.warmup_steps)
        return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))


def train(lesson: Lesson, feed: GivesBatches, plan: TrainingPlan) -> nn.Module:
    """Trains, going on from the checkpoint in `plan.directory` when there is one; gives the averaged network.

    Prints nothing but a progress bar on standard error.
    """
    return _Training(lesson, feed, plan).run()


class _Training:
    def __init__(self, lesson: Lesson, feed: GivesBatches, plan: TrainingPlan) -> None:
        self.lesson, self.feed, self.plan = lesson, feed, plan
        self.n_steps = min(round(plan.epochs * feed.n_batches), plan.max_steps or 10**9)
        torch.manual_seed(feed.seed)
        self.optimizer = torch.optim.AdamW(lesson.parameter_groups(plan.rate), weight_decay=plan.weight_decay)
        self.base_rates = [group["lr"] for group in self.optimizer.param_groups]
        self.average = torch.optim.swa_utils.AveragedModel(
            lesson.network,
            multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(plan.averaging),  # type: ignore[no-untyped-call]
            use_buffers=True,  # the running statistics of norms belong to the averaged weights
        )
        self.step = 0
        self.mean_loss = 0.0
        self.figures: list[dict[str, float]] = []
        self._resume()

    def run(self) -> nn.Module:
        bar = tqdm(total=self.n_steps, initial=self.step, unit="step", desc=self.plan.directory.name)
        while self.step < self.n_steps:
            epoch, first_batch = divmod(self.step, self.feed.n_batches)
            self.lesson.network.train()
            for pictures, rows in self.feed.batches(epoch, first_batch):
                self._one_step(pictures, rows)
                bar.update()
                bar.set_postfix(loss=f"{self.mean_loss:.3f}")
                if self.step % self.plan.save_every == 0:
                    self._save()
                if self.step >= self.n_steps:
                    break
            self._measure()
        bar.close()
        return self.average.module

    def _one_step(self, pictures: Tensor, rows: Tensor) -> None:
        factor = self.plan.rate_at(self.step, self.n_steps)
        for group, rate in zip(self.optimizer.param_groups, self.base_rates, strict=True):
            group["lr"] = rate * factor
        with torch.autocast("cpu", torch.bfloat16, enabled=computes_in_bf16()):
            loss = self.lesson.loss(pictures, rows)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.lesson.network.parameters(), 5.0)
        self.optimizer.step()
        self.average.update_parameters(self.lesson.network)
        value = float(loss.detach())
        self.mean_loss = value if self.step == 0 else 0.98 * self.mean_loss + 0.02 * value
        self.step += 1

    def _measure(self) -> None:
        epoch = self.step / self.feed.n_batches
        figures = dict(self.lesson.measure(self.average.module.eval()))
        self.figures.append({"epoch": round(epoch, 2), "loss": round(self.mean_loss, 4), **figures})
        self._save()
        path = self.plan.directory / "curves.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(self.figures[0]))
            writer.writeheader()
            writer.writerows(self.figures)
        curves.draw(self.figures, self.plan.directory / "curves.svg")

    def _save(self) -> None:
        state = {
            "network": self.lesson.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "mean_loss": self.mean_loss,
            "figures": self.figures,
            "random": torch.get_rng_state(),
        }
        checkpoint.save(state, self.plan.directory / "checkpoint.pt")

    def _resume(self) -> None:
        state = checkpoint.load(self.plan.directory / "checkpoint.pt")
        if state is None:
            return
        self.lesson.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.mean_loss, self.figures = state["step"], state["mean_loss"], state["figures"]
        torch.set_rng_state(state["random"])
