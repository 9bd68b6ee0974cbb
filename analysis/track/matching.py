"""Who is who from one moment to the next: an optimal one-to-one assignment under a limit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment


def match(costs: NDArray[np.float64], limit: float) -> list[tuple[int, int]]:
    """Pairs (row, column) of the cheapest one-to-one assignment; no pair costs `limit` or more.

    Args:
        costs: [n, m]; infinite where a pair is impossible.
        limit: the cost of leaving a row without a partner; more pairs below it are better than fewer.

    Returns:
        the pairs by ascending row.
    """
    if costs.size == 0:
        return []
    # capped, a forbidden pair is as good as none; the assignment is then optimal over all subsets of pairs
    rows, columns = linear_sum_assignment(np.minimum(costs, limit))
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True) if costs[row, column] < limit]


def overlap(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float64]:
    """[n, m]: intersection over union of boxes [n, 4] and [m, 4]."""
    a, b = first.astype(np.float64)[:, None], second.astype(np.float64)[None]
    corner = np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2])
    shared = np.prod(np.clip(corner, 0, None), axis=-1)
    areas = np.prod(a[..., 2:] - a[..., :2], axis=-1) + np.prod(b[..., 2:] - b[..., :2], axis=-1)
    joint: NDArray[np.float64] = shared / np.maximum(areas - shared, 1e-9)
    return joint
