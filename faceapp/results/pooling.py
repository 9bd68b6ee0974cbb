"""One answer for tracks that a person joined or parted by hand: what the engine pools from crops, from summaries.

A track counts by its seconds in view times the quality of its best picture, so that a glimpse of a blurred face moves
little. Its expressions count by its seconds alone: the engine's shares are of moments, and where a picture was too poor
they say "unknown" already. Untouched people keep the engine's own, finer estimates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from analysis.attributes import Attribute, Kind, attributes
from analysis.types import UNKNOWN, AgeEstimate, EmotionEstimate, Estimates, LabelEstimate, Reading, StrengthsEstimate

LEAST_WEIGHT = 1e-6  # a track of quality 0 still says something when there is no other
MOST_UNKNOWN = 0.5  # of the moments; beyond, no expression is the main one (analysis.aggregate.emotion.summarize)


def pool_estimates(
    estimates: Sequence[Estimates], *, in_view_s: Sequence[float], quality: Sequence[float]
) -> Estimates:
    """The estimates of tracks, with seconds and 0-1 in the same order, as those of one person."""
    seconds = [max(each_s, LEAST_WEIGHT) for each_s in in_view_s]
    weights = [max(each_s * good, LEAST_WEIGHT) for each_s, good in zip(in_view_s, quality, strict=True)]
    readings: dict[str, Reading] = {}
    for key, attribute in attributes().items():
        counts = seconds if attribute.kind in ("labels_over_time", "strengths") else weights
        parts = [
            (each.readings[key], weight) for each, weight in zip(estimates, counts, strict=True) if key in each.readings
        ]
        if parts:
            readings[key] = _POOL[attribute.kind](attribute, parts)
    return Estimates(readings)


def _pool_years(attribute: Attribute, ages: Sequence[tuple[Any, float]]) -> AgeEstimate:
    return AgeEstimate(
        years=round(_mean((age.years, weight) for age, weight in ages)),
        low=round(_mean((age.low, weight) for age, weight in ages)),
        high=round(_mean((age.high, weight) for age, weight in ages)),
    )


def _pool_label(attribute: Attribute, labels: Sequence[tuple[Any, float]]) -> LabelEstimate:
    distribution = mean_shares([(label.distribution, weight) for label, weight in labels])
    best = max(distribution, key=lambda name: distribution[name])
    confidence = distribution[best]
    return LabelEstimate(best if confidence >= attribute.floor else UNKNOWN, confidence, distribution)


def _pool_shares(attribute: Attribute, shown: Sequence[tuple[Any, float]]) -> EmotionEstimate:
    shares = mean_shares([(each.shares, weight) for each, weight in shown])
    if attribute.rest_key is None:
        return expression_of(attribute, shares)
    # what stands out is not what has the largest share: tracks vote by their seconds
    votes = {name: sum(weight for each, weight in shown if each.label == name) for name in attribute.answers}
    return EmotionEstimate(max(votes, key=lambda name: votes[name]), shares)


def expression_of(attribute: Attribute, shares: dict[str, float]) -> EmotionEstimate:
    """What is said of these shares of time, 0-1: the main label, or "unknown" where most of the time is."""
    main = max(attribute.label_keys, key=lambda name: shares.get(name, 0.0))
    is_known = shares.get(UNKNOWN, 0.0) <= MOST_UNKNOWN and shares.get(main, 0.0) > 0
    return EmotionEstimate(main if is_known else UNKNOWN, shares)


def _pool_seconds(attribute: Attribute, seconds: Sequence[tuple[Any, float]]) -> float:
    return round(float(sum(each_s for each_s, _ in seconds)), 3)


def _pool_strengths(attribute: Attribute, shown: Sequence[tuple[Any, float]]) -> StrengthsEstimate:
    return StrengthsEstimate(
        mean=mean_shares([(each.mean, weight) for each, weight in shown]),
        peak={name: max(each.peak[name] for each, _ in shown) for name in attribute.label_keys},
    )


_POOL: Mapping[Kind, Callable[[Attribute, Sequence[tuple[Any, float]]], Reading]] = {
    "years": _pool_years,
    "label": _pool_label,
    "labels_over_time": _pool_shares,
    "spells": _pool_seconds,
    "strengths": _pool_strengths,
}  # from (reading, weight) of each track


def mean_shares(weighted: Sequence[tuple[dict[str, float], float]]) -> dict[str, float]:
    """The mean of shares, each with its weight, by name."""
    names = weighted[0][0]
    return {name: round(_mean((shares.get(name, 0.0), weight) for shares, weight in weighted), 4) for name in names}


def _mean(weighted: Iterable[tuple[float, float]]) -> float:
    pairs = list(weighted)
    return sum(value * weight for value, weight in pairs) / sum(weight for _, weight in pairs)
