from __future__ import annotations

import numpy as np
import pytest

from analysis.aggregate import action_units
from analysis.aggregate.action_units import NUMBERS, neutral_of, strengths
from analysis.types import Floats
from models.face_measures import MEASURES, USUAL, measures
from models.motion_points import COEFFICIENTS, MESH_POINTS, MIRRORED, MIRRORED_COEFFICIENTS, index_of


def _points(n: int = 1) -> Floats:
    """Somewhere on a face, eye corners level and a tenth of a unit apart on either side."""
    points = np.random.default_rng(0).uniform(0.3, 0.7, (len(MESH_POINTS), 2)).astype(np.float32)
    points[index_of(33)], points[index_of(263)] = (0.2, 0.4), (0.8, 0.4)
    points[[index_of(13), index_of(14)]] = (0.5, 0.7)
    return np.repeat(points[None], n, axis=0)


def _strength(unit: int, told: Floats) -> float:
    return float(told[0, NUMBERS.index(str(unit))])


def _change(**columns: float) -> Floats:
    """Measures [1, m] that differ from the usual face in these."""
    measured = USUAL[None].copy()
    for name, by in columns.items():
        measured[0, MEASURES.index(name)] += by
    return measured


def test_a_face_like_its_own_neutral_shows_nothing() -> None:
    assert not strengths(USUAL[None], USUAL).any()


def test_a_smile_pulls_the_lip_corners_and_with_narrowed_eyes_raises_the_cheeks() -> None:
    polite, felt = strengths(_change(smile=0.6), USUAL), strengths(_change(smile=0.6, squint=0.3), USUAL)
    assert _strength(12, polite) > action_units.PRESENT
    assert _strength(6, polite) == 0
    assert _strength(6, felt) > action_units.PRESENT


def test_the_chin_raises_the_lip_only_while_the_jaw_is_shut() -> None:
    shut, opened = strengths(_change(chin=0.2), USUAL), strengths(_change(chin=0.2, jaw=0.5), USUAL)
    assert _strength(17, shut) > 0
    assert _strength(17, opened) == 0


def test_strengths_end_at_five() -> None:
    told = strengths(_change(jaw=1.0, inner_brow=1.0), USUAL)
    assert _strength(26, told) == 5
    assert told.max() == 5


def test_parted_lips_are_told_whatever_the_size_and_the_roll_of_the_face() -> None:
    shut, parted = _points(), _points()
    parted[0, index_of(14), 1] += 0.06
    for turn_deg, scale in ((0, 1), (20, 1), (-35, 3)):
        angle = np.radians(turn_deg)
        turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]], np.float32)
        none = np.zeros((1, len(COEFFICIENTS)), np.float32)
        calm, open_ = (measures((face @ turn.T).astype(np.float32), none) for face in (shut, parted))
        assert _strength(25, strengths(open_, calm[0])) == pytest.approx(0.1 / 0.048, abs=0.01)


def test_a_person_s_neutral_is_a_low_percentile_of_their_samples_and_everybody_s_while_there_are_few() -> None:
    smiling = np.repeat(_change(smile=0.5), 95, axis=0)
    calm = np.repeat(USUAL[None], 100, axis=0)
    assert neutral_of(np.concatenate([smiling, calm])) == pytest.approx(USUAL, abs=1e-6)
    one = neutral_of(smiling[:1])[MEASURES.index("smile")]
    many = neutral_of(smiling)[MEASURES.index("smile")]
    usual = USUAL[MEASURES.index("smile")]
    assert usual < one < usual + 0.1
    assert many > usual + 0.4
    assert neutral_of(smiling[:0]) == pytest.approx(USUAL)


def test_points_and_coefficients_change_places_in_a_mirror_and_back() -> None:
    assert [MIRRORED[MIRRORED[k]] for k in range(len(MIRRORED))] == list(range(len(MESH_POINTS)))
    assert MESH_POINTS[MIRRORED[index_of(33)]] == 263
    assert COEFFICIENTS[MIRRORED_COEFFICIENTS[COEFFICIENTS.index("eyeBlinkLeft")]] == "eyeBlinkRight"
    assert COEFFICIENTS[MIRRORED_COEFFICIENTS[COEFFICIENTS.index("jawOpen")]] == "jawOpen"
