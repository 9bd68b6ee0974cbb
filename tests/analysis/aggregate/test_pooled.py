from __future__ import annotations

import numpy as np

from analysis.aggregate.pooled import Predictions, joined, label_of, years_of
from analysis.types import GENDERS, N_AGES, AgeEstimate, Floats


def bell(*ages: int) -> Floats:
    rows = np.exp(-0.5 * ((np.arange(N_AGES) - np.array(ages)[:, None]) / 5.0) ** 2)
    return (rows / rows.sum(axis=1, keepdims=True)).astype(np.float32)


def aged(weights: Floats, distributions: Floats) -> AgeEstimate:
    return years_of(Predictions(weights, {"age": distributions}), "age")


def quality(*values: float) -> Floats:
    return np.array(values, np.float32)


def test_age_is_the_mean_with_nine_tenths_inside_the_interval() -> None:
    age = aged(quality(0.8, 0.8), bell(40, 40))
    assert (age.years, age.low, age.high) == (40, 32, 48)


def test_a_poor_crop_counts_little() -> None:
    age = aged(quality(0.9, 0.1), bell(30, 70))
    assert age.years <= 31


def test_crops_that_disagree_widen_the_interval() -> None:
    one, two = aged(quality(1, 1), bell(40, 40)), aged(quality(1, 1), bell(30, 50))
    assert two.high - two.low > one.high - one.low


def test_newborns_have_an_interval_within_the_ages() -> None:
    age = aged(quality(1), bell(0))
    assert 0 <= age.low <= age.years <= age.high


def test_under_the_floor_the_label_is_unknown_and_the_distribution_is_given() -> None:
    doubtful = Predictions(quality(1), {"gender": np.array([[0.55, 0.45]], np.float32)})
    told = label_of(doubtful, "gender", GENDERS, 0.6)
    assert told.label == "unknown"
    assert round(told.confidence, 4) == 0.55
    assert list(told.distribution) == ["female", "male"]
    sure = label_of(doubtful, "gender", GENDERS, 0.5)
    assert sure.label == "female"


def test_a_person_is_pooled_over_the_crops_of_all_tracks() -> None:
    together = joined([Predictions(quality(1), {"age": bell(30)}), Predictions(quality(1), {"age": bell(40)})])
    assert years_of(together, "age").years == 35
