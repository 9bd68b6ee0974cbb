"""Boxes and alignment, for any boxes and points."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis import geometry
from analysis.types import Floats

NUMBERS = st.floats(-500, 500, width=32)


@st.composite
def some_boxes(draw: st.DrawFn, most: int = 30) -> Floats:
    n = draw(st.integers(0, most))
    corner = draw(arrays(np.float32, (n, 2), elements=st.integers(0, 60)))
    sides = draw(arrays(np.float32, (n, 2), elements=st.integers(1, 40)))
    return np.concatenate([corner, corner + sides], axis=1).astype(np.float32)


@st.composite
def scored_boxes(draw: st.DrawFn) -> tuple[Floats, Floats]:
    boxes = draw(some_boxes())
    scores = draw(arrays(np.float32, len(boxes), elements=st.integers(0, 20)))
    return boxes, (scores / 20).astype(np.float32)


def test_iou_of_known_boxes() -> None:
    a = np.array([[0, 0, 10, 10]], np.float32)
    b = np.array([[0, 0, 10, 10], [5, 0, 15, 10], [20, 20, 30, 30], [2, 2, 4, 4]], np.float32)
    np.testing.assert_allclose(geometry.iou(a, b), [[1, 1 / 3, 0, 0.04]], rtol=1e-6)


@given(some_boxes(), some_boxes())
def test_iou_is_symmetric_and_a_share(a: Floats, b: Floats) -> None:
    ious = geometry.iou(a, b)
    assert ious.shape == (len(a), len(b))
    assert ((ious >= 0) & (ious <= 1)).all()
    np.testing.assert_array_equal(ious, geometry.iou(b, a).T)


def _one_by_one(boxes: Floats, scores: Floats, threshold: float) -> list[int]:
    """Non-maximum suppression as everybody writes it, with a loop."""
    kept: list[int] = []
    for i in np.argsort(-scores, kind="stable").tolist():
        rivals = boxes[kept] if kept else np.zeros((0, 4), np.float32)
        if not (geometry.iou(boxes[i : i + 1], rivals) > threshold).any():
            kept.append(i)
    return kept


@given(scored_boxes(), st.sampled_from([0.33, 0.52, 0.71]))
def test_suppression_is_the_greedy_one(scored: tuple[Floats, Floats], threshold: float) -> None:
    boxes, scores = scored
    assume((np.abs(geometry.iou(boxes, boxes) - threshold) > 1e-4).all())  # a tie is decided by rounding
    assert geometry.suppress(boxes, scores, threshold).tolist() == _one_by_one(boxes, scores, threshold)


def test_suppression_is_the_greedy_one_beyond_a_block_too() -> None:
    rng = np.random.default_rng(0)
    corner = rng.uniform(0, 300, (1500, 2))
    boxes = np.concatenate([corner, corner + rng.uniform(10, 40, (1500, 2))], axis=1).astype(np.float32)
    scores = rng.uniform(0, 1, 1500).astype(np.float32)
    assert geometry.suppress(boxes, scores, 0.5).tolist() == _one_by_one(boxes, scores, 0.5)


@given(scored_boxes())
def test_groups_never_suppress_one_another(scored: tuple[Floats, Floats]) -> None:
    boxes, scores = scored
    groups = np.arange(len(boxes)) % 3
    kept = geometry.suppress(boxes, scores, 0.4, groups)
    alone: list[int] = []
    for group in range(3):
        own = np.flatnonzero(groups == group)
        alone += own[geometry.suppress(boxes[own], scores[own], 0.4)].tolist()
    assert sorted(kept.tolist()) == sorted(alone)


@given(some_boxes())
def test_squared_boxes_are_square_around_the_same_center(boxes: Floats) -> None:
    squares = geometry.squared(boxes)
    sides = squares[:, 2:] - squares[:, :2]
    np.testing.assert_allclose(sides[:, 0], sides[:, 1], rtol=1e-5)
    np.testing.assert_allclose(squares[:, :2] + squares[:, 2:], boxes[:, :2] + boxes[:, 2:], rtol=1e-5, atol=1e-3)


@given(
    arrays(np.float64, (5, 2), elements=NUMBERS),
    st.floats(0.05, 20),
    st.floats(-np.pi, np.pi),
    st.tuples(NUMBERS, NUMBERS),
)
def test_similarity_finds_the_transform_that_was_used(
    points: Floats, scale: float, angle: float, shift: tuple[float, float]
) -> None:
    if np.ptp(points, axis=0).max() < 1:
        return  # nearly one point: any turn fits
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    target = points @ turn.T + np.array(shift)
    found = geometry.similarity(points, target)
    np.testing.assert_allclose(geometry.apply(found, points), target, rtol=1e-3, atol=0.02 * max(scale, 1))


def test_similarity_never_mirrors() -> None:
    points = np.array([[0, 0], [1, 0], [0.3, 2]], np.float32)
    found = geometry.similarity(points, points * [-1, 1])
    assert np.linalg.det(found[:, :2]) >= 0


def test_inverted_undoes() -> None:
    transform = np.array([[2, -1, 30], [1, 2, -7]], np.float32)
    points = np.array([[3, 4], [-10, 2]], np.float32)
    there = geometry.apply(transform, points)
    np.testing.assert_allclose(geometry.apply(geometry.inverted(transform), there), points, atol=1e-4)


def test_what_cannot_be_undone_is_refused() -> None:
    with pytest.raises(np.linalg.LinAlgError):
        geometry.inverted(np.zeros((2, 3), np.float32))
