"""From a distribution over whole years to one age with the interval that holds the truth nine times in ten.

The middle 90 % of what a network says need not hold the truth in 90 % of faces. How much of the middle does was
measured on faces held out of training (`models.training.calibrate.interval_mass`) and lies in the manifest.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
COVERAGE = 0.9  # how often the interval is to hold the truth


def ages(distribution: NDArray[np.floating], mass: float) -> tuple[Integers, Integers, Integers]:
    """Mean in whole years, first and last year of the interval, each [n].

    Args:
        distribution: [n, 101] over whole years 0-100; rows sum to 1.
        mass: share of each distribution between the ends of its interval, 0-1; as much lies below as above.
    """
    years = np.floor(distribution.astype(np.float64) @ np.arange(distribution.shape[1]) + 0.5).astype(np.int64)
    reached = np.cumsum(distribution, axis=1, dtype=np.float64)
    tail = (1 - mass) / 2
    low, high = (reached < tail).sum(1), (reached < 1 - tail).sum(1)
    return years, np.minimum(low, years), np.maximum(np.minimum(high, distribution.shape[1] - 1), years)
