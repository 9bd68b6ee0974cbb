"""The part of the training pictures that is held out for choices and calibration."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]


def split(rows: Rows, n_held_out: int, seed: int) -> tuple[Rows, Rows]:
    """Rows to train on and rows held out, each ascending; the same for the same seed."""
    shuffled = np.random.default_rng(seed).permutation(rows)
    return np.sort(shuffled[n_held_out:]), np.sort(shuffled[:n_held_out])
