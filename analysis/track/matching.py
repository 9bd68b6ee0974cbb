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
