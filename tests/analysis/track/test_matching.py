from __future__ import annotations

import numpy as np

from analysis.track.matching import match


def test_the_cheapest_pairs_overall_win_over_the_cheapest_single_pair() -> None:
    assert match(np.array([[1.0, 2.0], [1.5, 9.0]]), 10) == [(0, 1), (1, 0)]


def test_no_pair_reaches_the_limit() -> None:
    assert match(np.array([[5.0, np.inf], [np.inf, 1.0]]), 5) == [(1, 1)]


def test_a_forbidden_pair_does_not_spoil_the_others() -> None:
    assert match(np.array([[np.inf, np.inf], [2.0, 3.0]]), 10) == [(1, 0)]


def test_nothing_matches_nothing() -> None:
    assert match(np.zeros((0, 3)), 1) == []
