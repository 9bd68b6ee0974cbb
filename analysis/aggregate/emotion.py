"""The course of an expression: from a distribution a sample to labels that hold, their shares, and what stands out.

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
WINDOW_S = 2.0  # to either side: over so long speech and expression come apart
LEAST_LOUD = 0.02  # what a sample counts that looks wholly neutral


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


def outstanding(
    names: Sequence[str], rest: str, distribution: Floats, sample: Integers, quality: Floats, rate: float
) -> str:
    """The label that stands out: "unknown" where more than half of the pictures are too poor.

    Whoever speaks looks neutral most of the time, also in anger. So in a window around each sample the others count by
    how little they look like rest; the label is that of the mean over all windows. It may be another than the one with
    the largest share of samples.

    Args:
        names: [k] of the labels.
        rest: the label of a face that shows nothing.
        distribution: [n, k]; sample, quality [n]; rate in samples a second: as in `smoothed_labels`.
    """
    can_be_read = _around(quality) >= LEAST_QUALITY if len(quality) else np.zeros(0, np.bool_)
    if 2 * can_be_read.sum() <= len(quality):
        return UNKNOWN
    told, when = distribution[can_be_read].astype(np.float64), sample[can_be_read]
    loud = 1 - told[:, list(names).index(rest)] + LEAST_LOUD
    first = np.searchsorted(when, when - WINDOW_S * rate, "left")
    end = np.searchsorted(when, when + WINDOW_S * rate, "right")
    sums = np.concatenate(
        [np.zeros((1, len(names) + 1)), np.cumsum(np.column_stack([told * loud[:, None], loud]), axis=0)]
    )
    windows = sums[end] - sums[first]
    return names[int((windows[:, :-1] / windows[:, -1:]).mean(axis=0).argmax())]


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
