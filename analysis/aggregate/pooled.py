"""From what networks say of single crops to one answer for a track or a person.

A crop counts by the square of its quality; distributions are averaged (a linear opinion pool), which keeps a doubt that
the crops share: they are pictures of one face and err together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.types import ETHNICITIES, GENDERS, UNKNOWN, AgeEstimate, Crops, Floats, LabelEstimate
from models.age_interval import COVERAGE, ages

LEAST_WEIGHT = 1e-4  # crops of quality 0 still say something when there are no others


@dataclass(frozen=True, slots=True)
class Predictions:
    """What the networks say of n crops; None for an attribute that is switched off."""

    quality: Floats  # [n]
    ages: Floats | None = None  # [n, 101]
    genders: Floats | None = None  # [n, 2]
    ethnicities: Floats | None = None  # [n, 5]

    @classmethod
    def of(cls, crops: Crops) -> Predictions:
        """What was read of crops."""

        def column(values: Floats) -> Floats | None:
            return values if values.shape[1] else None

        return cls(crops.quality, column(crops.ages), column(crops.genders), column(crops.ethnicities))


def joined(parts: Sequence[Predictions]) -> Predictions:
    """The predictions of several tracks as those of one person."""

    def column(name: str) -> Floats | None:
        values = [getattr(part, name) for part in parts]
        return None if values[0] is None else np.concatenate(values)

    return Predictions(
        np.concatenate([part.quality for part in parts]), column("ages"), column("genders"), column("ethnicities")
    )


def age_of(predictions: Predictions, interval_mass: float = COVERAGE) -> AgeEstimate | None:
    """The mean of the pooled distribution in whole years, with its 90 % interval.

    Args:
        interval_mass: of the distribution inside the interval, as the network's calibration found it.
    """
    if predictions.ages is None:
        return None
    years, low, high = ages(_pool(predictions.ages, predictions.quality)[None], interval_mass)
    return AgeEstimate(int(years[0]), int(low[0]), int(high[0]))


def gender_of(predictions: Predictions, floors: Mapping[str, float]) -> LabelEstimate | None:
    """Perceived gender; "unknown" under the network's floor."""
    return _label(predictions.genders, predictions.quality, GENDERS, floors.get("gender", 0.0))


def ethnicity_of(predictions: Predictions, floors: Mapping[str, float]) -> LabelEstimate | None:
    """Perceived ethnicity; "unknown" under the network's floor."""
    return _label(predictions.ethnicities, predictions.quality, ETHNICITIES, floors.get("ethnicity", 0.0))


def _label(distributions: Floats | None, quality: Floats, names: tuple[str, ...], floor: float) -> LabelEstimate | None:
    if distributions is None:
        return None
    pooled = _pool(distributions, quality)
    best = int(pooled.argmax())
    confidence = float(pooled[best])
    shares = {name: float(share) for name, share in zip(names, pooled, strict=True)}
    return LabelEstimate(names[best] if confidence >= floor else UNKNOWN, confidence, shares)


def weights_of(quality: Floats) -> NDArray[np.float64]:
    """What crops of this quality [n] count [n]."""
    return np.maximum(quality.astype(np.float64) ** 2, LEAST_WEIGHT)


def _pool(distributions: Floats, quality: Floats) -> NDArray[np.float64]:
    """[k]: the weighted mean of [n, k], summing to 1."""
    pooled: NDArray[np.float64] = weights_of(quality) @ distributions.astype(np.float64)
    pooled /= pooled.sum()
    return pooled
