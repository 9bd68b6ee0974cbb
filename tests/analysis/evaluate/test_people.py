from __future__ import annotations

import numpy as np
import pytest

from analysis.evaluate.people import age_of_halves, summed
from analysis.types import CropPredictions


def _track(times_s: list[float], years: list[float], quality: list[float]) -> CropPredictions:
    return CropPredictions(np.array(times_s), np.array(quality, np.float32), {"age_years": np.array(years, np.float32)})


def test_halves_of_a_track_are_pooled_by_the_square_of_quality() -> None:
    track = _track([0, 1, 9, 10], [20, 30, 40, 50], [1, 0.5, 1, 1])
    assert age_of_halves(track) == (22, 45)


def test_a_track_of_one_moment_has_no_halves() -> None:
    assert age_of_halves(_track([3.0, 3.0], [20, 30], [1, 1])) is None
    assert age_of_halves(CropPredictions(np.array([0.0, 1.0]), np.ones(2, np.float32))) is None


def test_the_deviation_is_that_of_a_track_s_two_answers_over_all_tracks() -> None:
    row = {"truth": {}, "is_adult": False}
    found = {"a": {**row, "age_of_halves": (30.0, 32.0)}, "b": {**row, "age_of_halves": (40.0, 40.0)}, "c": row}
    assert summed(found)["age_halves_deviation"] == pytest.approx(1.0)
