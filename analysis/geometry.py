"""Boxes and alignment: pure functions of arrays. Boxes are ``xyxy`` with half-open ranges unless said."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.types import Floats, Integers

Measure = Literal["union", "smaller"]
_BLOCK = 512  # boxes that non-maximum suppression compares at once, so that memory is bounded


def areas(boxes: Floats) -> Floats:
    """Areas [n] of boxes [n, 4]; 0 for a box that is turned inside out."""
    sides = np.maximum(boxes[:, 2:] - boxes[:, :2], 0)
    product: Floats = sides[:, 0] * sides[:, 1]
    return product


def intersections(a: Floats, b: Floats) -> Floats:
    """Areas [n, m] that boxes [n, 4] and [m, 4] share."""
    shared = _common_length(a, b, 0)
    shared *= _common_length(a, b, 1)
    return shared


def _common_length(a: Floats, b: Floats, axis: int) -> Floats:
    length: Floats = np.minimum(a[:, None, 2 + axis], b[None, :, 2 + axis])
    length -= np.maximum(a[:, None, axis], b[None, :, axis])
    return np.maximum(length, 0, out=length)


def iou(a: Floats, b: Floats) -> Floats:
    """Intersection over union [n, m] of boxes [n, 4] and [m, 4], 0-1."""
    shared = intersections(a, b)
    return _ratio(shared, areas(a)[:, None] + areas(b)[None, :] - shared)


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def suppress(
    boxes: Floats,
    scores: Floats,
    threshold: float,
    groups: Integers | None = None,
    measure: Measure = "union",
) -> Integers:
    """Non-maximum suppression: indices of the boxes that are kept, best score first.

    Greedy, as everywhere: from the best score down, a box is dropped when it overlaps one that was kept by more than
    the threshold. No loop over boxes: inside a block, the rule is applied until nothing changes, which is the same.

    Args:
        boxes: [n, 4].
        scores: [n]; equal scores keep their order.
        threshold: overlap, 0-1.
        groups: [n]; boxes of different groups never suppress one another.
        measure: overlap by union (IoU), or by the smaller box.
    """
    order = np.argsort(-scores, kind="stable").astype(np.int64)
    kept = np.zeros(0, np.int64)
    for start in range(0, len(order), _BLOCK):
        block = order[start : start + _BLOCK]
        if len(kept):
            block = block[~_too_close(boxes, groups, kept, block, threshold, measure).any(axis=0)]
        hits = np.triu(_too_close(boxes, groups, block, block, threshold, measure), 1)
        kept = np.concatenate([kept, block[_greedy(hits)]])
    return kept


def _too_close(
    boxes: Floats, groups: Integers | None, a: Integers, b: Integers, threshold: float, measure: Measure
) -> NDArray[np.bool_]:
    """[n, m]: which boxes of `a` and of `b` overlap by more than the threshold; no division, as this is a hot place."""
    shared = intersections(boxes[a], boxes[b])
    area_a, area_b = areas(boxes[a])[:, None], areas(boxes[b])[None, :]
    if measure == "union":
        hits = shared * np.float32(1 + threshold) > np.float32(threshold) * (area_a + area_b)
    else:
        hits = shared > np.float32(threshold) * np.minimum(area_a, area_b)
    if groups is not None:
        hits &= groups[a][:, None] == groups[b][None, :]
    return hits


def _greedy(hits: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which are kept, where `hits[i, j]` (i before j) drops j if i is kept. Each round settles at least one more."""
    kept = np.ones(len(hits), np.bool_)
    while True:
        again = np.asarray(~hits[kept].any(axis=0))
        if np.array_equal(again, kept):
            return kept
        kept = again


def squared(boxes: Floats) -> Floats:
    """Each box grown to a square of its longer side, around its own center."""
    sides = boxes[:, 2:] - boxes[:, :2]
    half = sides.max(axis=1, keepdims=True) / 2 if len(boxes) else sides[:, :1]
    centers = boxes[:, :2] + sides / 2
    return np.concatenate([centers - half, centers + half], axis=1)


def shifted(boxes: Floats, offsets: Floats) -> Floats:
    """Boxes [n, 4] whose edges are moved by offsets [n, 4] in units of their own width and height."""
    sides = boxes[:, 2:] - boxes[:, :2]
    moved: Floats = boxes + offsets * np.concatenate([sides, sides], axis=1)
    return moved


def similarity(source: Floats, target: Floats) -> Floats:
    """The shift, turn and uniform scale [2, 3] that bring points [n, 2] closest to others (least squares).

    Umeyama 1991, "Least-squares estimation of transformation parameters between two point patterns", in the plane,
    where it has a closed form; never mirrors. All points equal: a pure shift.
    """
    source_mean, target_mean = source.mean(axis=0), target.mean(axis=0)
    s, t = source - source_mean, target - target_mean
    spread = float((s * s).sum())
    if spread == 0:
        a, b = 1.0, 0.0
    else:
        a = float((s * t).sum()) / spread  # scale · cos
        b = float((s[:, 0] * t[:, 1] - s[:, 1] * t[:, 0]).sum()) / spread  # scale · sin
    turn = np.array([[a, -b], [b, a]])
    return np.concatenate([turn, (target_mean - turn @ source_mean)[:, None]], axis=1).astype(np.float32)


def apply(transform: Floats, points: Floats) -> Floats:
    """Points [n, 2] moved by an affine transform [2, 3]."""
    moved: Floats = points @ transform[:, :2].T + transform[:, 2]
    return moved


def inverted(transform: Floats) -> Floats:
    """The affine transform [2, 3] that undoes this one.

    Raises:
        numpy.linalg.LinAlgError: it cannot be undone.
    """
    back = np.linalg.inv(transform[:, :2])
    return np.concatenate([back, -(back @ transform[:, 2])[:, None]], axis=1)
