from __future__ import annotations

import numpy as np
import pytest

from analysis.evaluate.metrics import auc, auc_interval


def test_auc_counts_pairs_in_the_right_order_and_ties_by_half() -> None:
    scores = np.array([3.0, 2.0, 1.0, 2.0], np.float32)
    truth = np.array([True, True, False, False])
    assert auc(scores, truth) == pytest.approx((1 + 1 + 1 + 0.5) / 4)


def test_a_missed_face_scores_below_all_others() -> None:
    scores = np.array([1.0, -np.inf, -np.inf], np.float32)
    assert auc(scores, np.array([True, False, False])) == 1.0
    assert auc(scores, np.array([False, False, True])) == 0.25


def test_the_interval_holds_the_figure_and_is_the_same_every_time() -> None:
    generator = np.random.default_rng(1)
    truth = np.arange(60) % 2 == 0
    scores = (generator.normal(size=60) + truth).astype(np.float32)
    low, high = auc_interval(scores, truth)
    assert low < auc(scores, truth) < high
    assert auc_interval(scores, truth) == [low, high]
