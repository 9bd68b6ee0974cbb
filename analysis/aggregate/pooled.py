"""From what networks say of single crops to one answer for a track or a person.

A crop counts by the square of its quality; distributions are averaged (a linear opinion pool), which keeps a doubt that
the crops share: they are pictures of one face and err together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.attributes import Attribute
from analysis.types import UNKNOWN, AgeEstimate, Distributions, Floats, LabelEstimate
from models.age_interval import COVERAGE, ages

LEAST_WEIGHT = 1e-4  # crops of quality 0 still say something when there are no others


@dataclass(frozen=True, slots=True)
class Predictions:
    """What the networks say of n crops."""

    quality: Floats  # [n]
    read: Distributions


def joined(parts: Sequence[Predictions]) -> Predictions:
    """The predictions of several tracks as those of one person."""
    return Predictions(
        np.concatenate([part.quality for part in parts]),
        {key: np.concatenate([part.read[key] for part in parts]) for key in parts[0].read},
    )


def years_of(predictions: Predictions, key: str, interval_mass: float = COVERAGE) -> AgeEstimate:
    """The mean of the pooled distribution in whole years, with its 90 % interval.

    Args:
        key: of the attribute, whose distributions are over whole years.
        interval_mass: of the distribution inside the interval, as the network's calibration found it.
    """
    years, low, high = ages(_pool(predictions, key)[None], interval_mass)
    return AgeEstimate(int(years[0]), int(low[0]), int(high[0]))


def label_of(predictions: Predictions, key: str, names: Sequence[str], floor: float) -> LabelEstimate:
    """The most probable label of the pooled distribution; "unknown" under the floor.

    Args:
        names: of the labels, in the order of the distributions.
    """
    pooled = _pool(predictions, key)
    best = int(pooled.argmax())
    confidence = float(pooled[best])
    shares = {name: float(share) for name, share in zip(names, pooled, strict=True)}
    return LabelEstimate(names[best] if confidence >= floor else UNKNOWN, confidence, shares)


def course_of(attribute: Attribute, distributions: Floats) -> Floats:
    """One number for each crop [n]: the mean in years, or how probable the first label is."""
    if attribute.kind == "years":
        return (distributions @ np.arange(distributions.shape[1])).astype(np.float32)
    return distributions[:, 0]


def weights_of(quality: Floats) -> NDArray[np.float64]:
    """What crops of this quality [n] count [n]."""
    return np.maximum(quality.astype(np.float64) ** 2, LEAST_WEIGHT)


def _pool(predictions: Predictions, key: str) -> NDArray[np.float64]:
    """[k]: the weighted mean of [n, k], summing to 1."""
    pooled: NDArray[np.float64] = weights_of(predictions.quality) @ predictions.read[key].astype(np.float64)
    pooled /= pooled.sum()
    return pooled
