"""Temperatures, so that a confidence of 0.8 is right in 8 of 10; and floors under which the product says "unknown"."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
TEMPERATURES = np.exp(np.linspace(-1.2, 1.2, 241))


def softmax(logits: Floats, temperature: float) -> Floats:
    scaled = logits / temperature
    exponents = np.exp(scaled - scaled.max(1, keepdims=True))
    shares: Floats = (exponents / exponents.sum(1, keepdims=True)).astype(np.float32)
    return shares


def best_temperature(distribution_at: Callable[[float], Floats], truth: Integers) -> float:
    """The temperature with the least negative log-likelihood of the truth (Guo et al. 2017).

    Args:
        distribution_at: gives the distributions [n, k] at a temperature; [n] truth are class indices.
    """
    rows = np.arange(len(truth))
    losses = [-np.log(distribution_at(t)[rows, truth] + 1e-9).mean() for t in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


def floor_for(distribution: Floats, truth: Integers, accuracy: float) -> float:
    """The lowest confidence (in steps of 0.05) from which on answers are right at least so often."""
    confidence, right = distribution.max(1), distribution.argmax(1) == truth
    for floor in np.arange(0.2, 0.96, 0.05):
        covered = confidence >= floor
        if covered.any() and right[covered].mean() >= accuracy:
            return round(float(floor), 2)
    return 0.95
