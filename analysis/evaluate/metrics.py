"""How good an answer is, how sure one may be of that, and whether its confidence can be trusted. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

N_BINS = 15
MIN_CELL = 30  # people in a cell before its accuracy says anything
Z = 1.96


def classification(truth: Integers, probabilities: Floats, classes: Sequence[str], floor: float) -> dict[str, Any]:
    """Figures of one attribute.

    Args:
        truth: [n] class indices.
        probabilities: [n, k]; a row of zeros is a face that was missed, and wrong.
        floor: confidence under which the product says "unknown".
    """
    answer, confidence = probabilities.argmax(1), probabilities.max(1).astype(np.float64)
    is_missed = confidence == 0
    right = (answer == truth) & ~is_missed
    covered = confidence >= floor
    present = [k for k in range(len(classes)) if (truth == k).any()]
    recall = {classes[k]: _rounded(right[truth == k].mean()) for k in present}
    return {
        "n": len(truth),
        "missed": int(is_missed.sum()),
        "accuracy": _rounded(right.mean()),
        "accuracy_interval": wilson(int(right.sum()), len(right)),
        "macro_accuracy": _rounded(np.mean([right[truth == k].mean() for k in present])),
        "recall": recall,
        "confusion": {"classes": list(classes), "rows_truth": _confusion(truth, answer, is_missed, len(classes))},
        "ece": _rounded(calibration_error(confidence, right)),
        "ece_if_perfect": _rounded(calibration_error_if_perfect(confidence)),
        "reliability": reliability(confidence, right),
        "floor": floor,
        "coverage": _rounded(covered.mean()),
        "accuracy_covered": _rounded(right[covered].mean()) if covered.any() else None,
    }


def by_groups(right: Flags, groups: Mapping[str, tuple[Integers, Sequence[str]]]) -> dict[str, Any]:
    """Accuracy of every group, every pair of groups, and every cell of all with at least 30, and the largest gap.

    Args:
        groups: of each way to divide people, the class [n] (-1: not known) and the classes' names.
    """
    one_way = {name: _cells(right, {name: groups[name]}) for name in groups}
    names = list(groups)
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    two_way = {f"{a} × {b}": _cells(right, {a: groups[a], b: groups[b]}) for a, b in pairs}
    gaps = {name: gap for name, cells in one_way.items() if (gap := _gap(cells)) is not None}
    return {
        "groups": one_way,
        "pairs": two_way,
        "cells": _cells(right, groups, MIN_CELL) if len(groups) > 2 else {},
        "largest_gap": max(gaps.values()) if gaps else None,
        "gaps": gaps,
    }


def wilson(n_right: int, n: int) -> list[float]:
    """95 % interval of a share (Wilson 1927)."""
    if n == 0:
        return [0.0, 1.0]
    share, spread = n_right / n, Z * Z / n
    middle = (share + spread / 2) / (1 + spread)
    half = Z * np.sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return [_rounded(middle - half), _rounded(middle + half)]


def calibration_error(confidence: NDArray[np.float64], right: Flags) -> float:
    """Expected calibration error: mean distance of confidence and accuracy over 15 equal bins (Guo et al. 2017)."""
    bins = np.minimum((confidence * N_BINS).astype(int), N_BINS - 1)
    sums = np.bincount(bins, confidence - right, minlength=N_BINS)
    return float(np.abs(sums).sum() / len(confidence))


def calibration_error_if_perfect(confidence: NDArray[np.float64], draws: int = 200) -> float:
    """What `calibration_error` gives at this n when every confidence is exactly true: chance alone."""
    generator = np.random.default_rng(0)
    errors = [calibration_error(confidence, generator.random(len(confidence)) < confidence) for _ in range(draws)]
    return float(np.mean(errors))


def reliability(confidence: NDArray[np.float64], right: Flags) -> list[dict[str, float]]:
    """Of each bin that is not empty: n, mean confidence, accuracy."""
    bins = np.minimum((confidence * N_BINS).astype(int), N_BINS - 1)
    return [
        {
            "n": int((bins == i).sum()),
            "confidence": _rounded(confidence[bins == i].mean()),
            "accuracy": _rounded(right[bins == i].mean()),
        }
        for i in range(N_BINS)
        if (bins == i).any()
    ]


def years(truth: Integers, answer: Integers, low: Integers, high: Integers, is_found: Flags) -> dict[str, Any]:
    """Figures of ages in whole years [n] with their intervals.

    Errors are those of the faces that were found; the interval of a face that was missed holds nothing.
    """
    error = (answer - truth)[is_found]
    held = (low <= truth) & (truth <= high) & is_found
    return {
        "n": len(truth),
        "missed": int((~is_found).sum()),
        "mae": _rounded(np.abs(error).mean()) if len(error) else None,
        "bias": _rounded(error.mean()) if len(error) else None,
        "interval_coverage": _rounded(held.mean()),
        "interval_coverage_interval": wilson(int(held.sum()), len(held)),
        "interval_width": _rounded((high - low)[is_found].mean()) if len(error) else None,
    }


def _cells(
    right: Flags, groups: Mapping[str, tuple[Integers, Sequence[str]]], at_least: int = 1
) -> dict[str, dict[str, Any]]:
    cells = {}
    shape = tuple(len(names) for _, names in groups.values())
    for index in np.ndindex(shape):
        inside = np.ones(len(right), bool)
        for (classes, _), k in zip(groups.values(), index, strict=True):
            inside &= classes == k
        n = int(inside.sum())
        if n >= at_least:
            name = ", ".join(names[k] for (_, names), k in zip(groups.values(), index, strict=True))
            n_right = int(right[inside].sum())
            cells[name] = {"n": n, "accuracy": _rounded(n_right / n), "interval": wilson(n_right, n)}
    return cells


def _gap(cells: Mapping[str, Mapping[str, Any]]) -> float | None:
    accuracies = [cell["accuracy"] for cell in cells.values() if cell["n"] >= MIN_CELL]
    return _rounded(max(accuracies) - min(accuracies)) if len(accuracies) > 1 else None


def _confusion(truth: Integers, answer: Integers, is_missed: Flags, n_classes: int) -> list[list[int]]:
    counts = np.zeros((n_classes, n_classes), int)
    np.add.at(counts, (truth[~is_missed], answer[~is_missed]), 1)
    found: list[list[int]] = counts.tolist()
    return found


def _rounded(value: float | np.floating[Any]) -> float:
    return round(float(value), 4)


def auc(scores: Floats, truth: Flags) -> float:
    """How often what is so [n] scores higher than what is not; equal scores count half (Mann & Whitney 1947).

    There must be both.
    """
    yes, no = np.sort(scores[truth]), scores[~truth]
    below, not_above = np.searchsorted(yes, no, "left"), np.searchsorted(yes, no, "right")
    return float((len(yes) - (below + not_above) / 2).mean() / len(yes))


def auc_interval(scores: Floats, truth: Flags, draws: int = 2000) -> list[float]:
    """95 % interval of `auc`, by drawing what is so and what is not anew (bootstrap, always the same draws)."""
    generator = np.random.default_rng(0)
    parts = [np.flatnonzero(truth), np.flatnonzero(~truth)]
    found = []
    for _ in range(draws):
        drawn = np.concatenate([generator.choice(part, len(part)) for part in parts])
        found.append(auc(scores[drawn], truth[drawn]))
    return [_rounded(value) for value in np.quantile(found, (0.025, 0.975))]
