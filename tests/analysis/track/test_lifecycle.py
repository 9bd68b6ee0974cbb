"""When what a detector finds counts as a face."""

from __future__ import annotations

import numpy as np

from analysis.track.lifecycle import Lifecycle

RULES = Lifecycle(5.0)


def scores(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def test_fault_82_a_face_that_is_found_again_and_again_counts_with_middling_scores() -> None:
    found = np.random.default_rng(0).uniform(0.73, 0.98, 14).astype(np.float32)
    found[0] = 0.97
    assert RULES.is_confirmed(found)


def test_a_flicker_with_middling_scores_does_not() -> None:
    assert not RULES.is_confirmed(scores(0.95, 0.96, 0.95, 0.94))


def test_what_is_never_nearly_sure_does_not_however_long_it_lasts() -> None:
    assert not RULES.is_confirmed(np.full(40, 0.9, np.float32))
    assert not RULES.is_confirmed(np.concatenate([np.full(5, 0.97), np.full(30, 0.75)]).astype(np.float32))


def test_a_sure_face_counts_after_three_samples() -> None:
    assert RULES.is_confirmed(scores(0.99, 0.98, 0.99))
    assert not RULES.is_confirmed(scores(0.99, 0.99))
