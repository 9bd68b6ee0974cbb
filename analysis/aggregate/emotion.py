"""The course of an expression: from a distribution a sample to labels that hold, and their shares.

The most probable sequence under a price for each change (Viterbi 1967). One odd sample costs two changes and is
smoothed away; a change of half a second pays for itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.types import UNKNOWN, EmotionEstimate, Floats, Integers

CHANGE_PRICE = 1.4  # log-likelihood; a spike of one sample gains 2.7 at most, and pays twice
LEAST_SHARE = 0.05  # mixed into each sample's distribution: no sample is beyond doubt
REFERENCE_RATE = 5.0  # samples a second for which the price is meant
FORGET_S = 1.0  # unseen for long, a change is free
END_S = 0.3  # of the first and the last moments
LEAST_QUALITY = 0.12  # of the samples around; under it nobody can tell an expression
AROUND = 2  # samples to either side


def smoothed_labels(
    names: Sequence[str], distribution: Floats, sample: Integers, quality: Floats, rate: float, floor: float
) -> tuple[str, ...]:
    """[n]: the label of each sample, "unknown" where the picture is too poor or the network too unsure.

    Args:
        names: [k] of the labels.
        distribution: [n, k] in the order of the names.
        sample: [n] ascending sample indices.
        quality: [n] 0-1.
        rate: samples a second.
        floor: confidence under which a label is "unknown".
    """
    if not len(sample):
        return ()
    path = _likeliest_path(distribution.astype(np.float64), sample, rate)
    spell = np.concatenate([[0], np.cumsum(path[1:] != path[:-1])])
    # the confidence of a spell is its mean: doubt about one sample does not tear it
    mass = distribution[np.arange(len(path)), path].astype(np.float64)
    confidence = (np.bincount(spell, mass) / np.bincount(spell))[spell]
    known = (confidence >= floor) & (_around(quality) >= LEAST_QUALITY)
    return tuple(names[label] if is_known else UNKNOWN for label, is_known in zip(path, known, strict=True))


def summarize(names: Sequence[str], labels: tuple[str, ...]) -> EmotionEstimate:
    """Shares of samples of each name, and the main one: "unknown" where more than half is."""
    n = max(len(labels), 1)
    shares = {name: labels.count(name) / n for name in (*names, UNKNOWN)}
    main = max(names, key=lambda name: shares[name])
    return EmotionEstimate(main if shares[UNKNOWN] <= 0.5 and labels else UNKNOWN, shares)


def _likeliest_path(distribution: NDArray[np.float64], sample: Integers, rate: float) -> NDArray[np.int64]:
    """[n] indices of labels."""
    n, k = distribution.shape
    mixed = (1 - k * LEAST_SHARE) * distribution + LEAST_SHARE
    gains = np.log(mixed) * (REFERENCE_RATE / rate)
    gaps_s = np.diff(sample) / rate
    prices = CHANGE_PRICE * np.exp(-np.maximum(gaps_s - 1 / rate, 0) / FORGET_S)
    # at an end an odd sample changes but once: it pays there what it would pay in the middle
    is_at_end = (sample[1:] - sample[0] < END_S * rate) | (sample[-1] - sample[:-1] < END_S * rate)
    prices = np.where(is_at_end, 2 * prices, prices)
    best = gains[0]
    came_from = np.zeros((n, k), np.int64)
    for i in range(1, n):
        leader = int(best.argmax())
        changes = best[leader] - prices[i - 1] > best
        came_from[i] = np.where(changes, leader, np.arange(k))
        best = np.where(changes, best[leader] - prices[i - 1], best) + gains[i]
    path = np.zeros(n, np.int64)
    path[-1] = best.argmax()
    for i in range(n - 1, 0, -1):
        path[i - 1] = came_from[i, path[i]]
    return path


def _around(quality: Floats) -> NDArray[np.float64]:
    """[n]: the median quality of each sample and its neighbors."""
    padded = np.pad(quality.astype(np.float64), AROUND, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * AROUND + 1)
    medians: NDArray[np.float64] = np.median(windows, axis=1)
    return medians
