from __future__ import annotations

import numpy as np

from analysis.aggregate.action_units import NUMBERS
from analysis.evaluate.action_units import figures_of


def _column(unit: int) -> int:
    return NUMBERS.index(str(unit))


def test_a_unit_counts_as_seen_from_one_strength_on() -> None:
    strengths = np.zeros((4, len(NUMBERS)), np.float32)
    strengths[:, _column(12)] = (0.99, 1.0, 3.0, 0.0)
    figures = figures_of(strengths, [frozenset({"12"}), frozenset({"12", "25"}), frozenset(), frozenset()])
    assert (figures["12"]["n"], figures["12"]["n_seen"], figures["12"]["n_right"]) == (2, 2, 1)
    assert figures["12"]["f1"] == 0.5
    assert figures["12"]["auc"] == 0.5


def test_a_stretched_mouth_counts_as_a_dropped_jaw() -> None:
    strengths = np.zeros((2, len(NUMBERS)), np.float32)
    strengths[0, _column(26)] = 2.0
    assert figures_of(strengths, [frozenset({"27"}), frozenset()])["26"]["f1"] == 1.0


def test_a_unit_with_few_labels_is_reported_and_not_judged() -> None:
    strengths = np.zeros((20, len(NUMBERS)), np.float32)
    labels = [frozenset({"1"}) if k < 9 else frozenset({"2"}) for k in range(20)]
    figures = figures_of(strengths, labels)
    assert not figures["1"]["is_judged"]
    assert figures["2"]["is_judged"]
    assert figures["45"]["auc"] is None
