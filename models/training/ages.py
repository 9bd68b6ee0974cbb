"""Targets for age as a distribution over whole years 0-100."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.labels import AGE_GROUPS, N_AGES, age_group_range

Floats = NDArray[np.float32]
LAST_GROUP_FALLS_OFF_PER_YEAR = 0.09  # how much rarer each further year over 70 is


def group_targets(softness_years: float = 2.0) -> Floats:
    """For each age group a distribution over years [9, 101].

    Even inside the group and rounded at its ends by a Gaussian: a label of 20-29 says little against 19 or 30, and the
    groups' own labels err most by one. The last group thins out with age, as people do.
    """
    years = np.arange(N_AGES)
    targets = np.zeros((len(AGE_GROUPS), N_AGES))
    for group in range(len(AGE_GROUPS)):
        first, end = age_group_range(group)
        targets[group, first:end] = 1.0
    last, _ = age_group_range(len(AGE_GROUPS) - 1)
    targets[-1, last:] = np.exp(-LAST_GROUP_FALLS_OFF_PER_YEAR * (years[last:] - last))
    return _smoothed(targets, softness_years)


def year_targets(softness_years: float = 2.0) -> Floats:
    """For each age in years a distribution over years [101, 101], for data sets that know it."""
    return _smoothed(np.eye(N_AGES), softness_years)


def _smoothed(targets: NDArray[np.float64], softness_years: float) -> Floats:
    years = np.arange(N_AGES)
    kernel = np.exp(-0.5 * ((years[:, None] - years[None]) / softness_years) ** 2)
    kernel /= kernel.sum(1, keepdims=True)  # no mass is lost at 0 and 100
    smooth = targets @ kernel
    normalized: Floats = (smooth / smooth.sum(1, keepdims=True)).astype(np.float32)
    return normalized


def group_matrix() -> Floats:
    """Sums years into groups [101, 9]."""
    matrix = np.zeros((N_AGES, len(AGE_GROUPS)), np.float32)
    for group in range(len(AGE_GROUPS)):
        first, end = age_group_range(group)
        matrix[first:end, group] = 1.0
    return matrix
