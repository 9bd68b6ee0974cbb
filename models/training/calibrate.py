"""Temperatures, so that a confidence of 0.8 is right in 8 of 10; and floors under which the product says "unknown"."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from models.age_interval import COVERAGE, ages
from models.labels import AGE_GROUPS, age_group_range

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
MASSES = np.arange(0.7, 0.996, 0.005)
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


def interval_mass(distribution: Floats, group: Integers) -> float:
    """How much of the middle of a distribution over years [n, 101] holds the truth nine times in ten.

    Every year of age counts alike, so that the interval holds for the old, who are few, as for the young.

    Args:
        group: [n] true age groups; where inside its group a face's age lies is taken from the distribution itself,
            which therefore must be calibrated before (`best_temperature`).
    """
    for mass in MASSES:
        held = coverage_of_groups(distribution, group, float(mass))
        years = {k: np.subtract(*age_group_range(k)[::-1]) for k in held}
        if sum(held[k] * years[k] for k in held) / sum(years.values()) >= COVERAGE:
            return round(float(mass), 3)
    return float(MASSES[-1])


def coverage_of_groups(distribution: Floats, group: Integers, mass: float) -> dict[int, float]:
    """How often the interval holds the truth, of each age group that has faces, as far as groups can tell."""
    _, low, high = ages(distribution, mass)
    year = np.arange(distribution.shape[1])
    inside = (low[:, None] <= year) & (year <= high[:, None])
    held = {}
    for k in range(len(AGE_GROUPS)):
        first, end = age_group_range(k)
        own = distribution[group == k, first:end]
        if len(own):
            held[k] = float(((own * inside[group == k, first:end]).sum(1) / np.maximum(own.sum(1), 1e-9)).mean())
    return held
