"""One answer for tracks that a person joined or parted by hand: what the engine pools from crops, from summaries.

A track counts by its seconds in view times the quality of its best picture, so that a glimpse of a blurred face moves
little. Its expressions count by its seconds alone: the engine's shares are of moments, and where a picture was too poor
they say "unknown" already. Untouched people keep the engine's own, finer estimates.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analysis.types import EMOTIONS, UNKNOWN, AgeEstimate, EmotionEstimate, Estimates, LabelEstimate
from models.registry import specs

LEAST_WEIGHT = 1e-6  # a track of quality 0 still says something when there is no other
MOST_UNKNOWN = 0.5  # of the moments; beyond, no expression is the main one (analysis.aggregate.emotion.summarize)


def pool_estimates(
    estimates: Sequence[Estimates], *, in_view_s: Sequence[float], quality: Sequence[float]
) -> Estimates:
    """The estimates of tracks, with seconds and 0-1 in the same order, as those of one person."""
    seconds = [max(each_s, LEAST_WEIGHT) for each_s in in_view_s]
    weights = [max(each_s * good, LEAST_WEIGHT) for each_s, good in zip(in_view_s, quality, strict=True)]
    pairs = list(zip(estimates, weights, strict=True))
    attention = [each.attention_s for each in estimates if each.attention_s is not None]
    return Estimates(
        age=_pool_age([(each.age, weight) for each, weight in pairs if each.age]),
        gender=_pool_label([(each.gender, weight) for each, weight in pairs if each.gender], floor_of("gender")),
        ethnicity=_pool_label(
            [(each.ethnicity, weight) for each, weight in pairs if each.ethnicity], floor_of("ethnicity")
        ),
        emotion=_pool_emotion(
            [(each.emotion, weight) for each, weight in zip(estimates, seconds, strict=True) if each.emotion]
        ),
        attention_s=round(sum(attention), 3) if attention else None,
    )


def floor_of(output: str) -> float:
    """The confidence under which a network's answer is "unknown", from the networks' manifest."""
    floors = (spec.floor[output] for spec in specs().values() if output in spec.floor)
    return next(floors, 0.0)


def _pool_age(ages: Sequence[tuple[AgeEstimate, float]]) -> AgeEstimate | None:
    if not ages:
        return None
    return AgeEstimate(
        years=round(_mean((age.years, weight) for age, weight in ages)),
        low=round(_mean((age.low, weight) for age, weight in ages)),
        high=round(_mean((age.high, weight) for age, weight in ages)),
    )


def _pool_label(labels: Sequence[tuple[LabelEstimate, float]], floor: float) -> LabelEstimate | None:
    if not labels:
        return None
    distribution = _mean_shares([(label.distribution, weight) for label, weight in labels])
    best = max(distribution, key=lambda name: distribution[name])
    confidence = distribution[best]
    return LabelEstimate(best if confidence >= floor else UNKNOWN, confidence, distribution)


def _pool_emotion(emotions: Sequence[tuple[EmotionEstimate, float]]) -> EmotionEstimate | None:
    if not emotions:
        return None
    shares = _mean_shares([(emotion.shares, weight) for emotion, weight in emotions])
    main = max(EMOTIONS, key=lambda name: shares.get(name, 0.0))
    is_known = shares.get(UNKNOWN, 0.0) <= MOST_UNKNOWN and shares.get(main, 0.0) > 0
    return EmotionEstimate(main if is_known else UNKNOWN, shares)


def _mean_shares(weighted: Sequence[tuple[dict[str, float], float]]) -> dict[str, float]:
    names = weighted[0][0]
    return {name: round(_mean((shares.get(name, 0.0), weight) for shares, weight in weighted), 4) for name in names}


def _mean(weighted: Iterable[tuple[float, float]]) -> float:
    pairs = list(weighted)
    return sum(value * weight for value, weight in pairs) / sum(weight for _, weight in pairs)
