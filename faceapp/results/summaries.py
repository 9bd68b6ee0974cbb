"""The engine's estimates ↔ the summary columns of a `Person` or `Track` row."""

from __future__ import annotations

from typing import Any

from analysis.types import AgeEstimate, EmotionEstimate, Estimates, LabelEstimate
from faceapp.results.models import Summary


def columns_of(in_view_s: float, estimates: Estimates) -> dict[str, Any]:
    """Values for the columns of `Summary`; those of a switched-off attribute are left at their defaults."""
    columns: dict[str, Any] = {"in_view_s": in_view_s, "attention_s": estimates.attention_s}
    if estimates.age is not None:
        age = estimates.age
        columns |= {"age_years": age.years, "age_low": age.low, "age_high": age.high}
    if estimates.gender is not None:
        columns |= _label_columns("gender", estimates.gender)
    if estimates.ethnicity is not None:
        columns |= _label_columns("ethnicity", estimates.ethnicity)
    if estimates.emotion is not None:
        columns |= {"emotion": estimates.emotion.label, "emotion_shares": dict(estimates.emotion.shares)}
    return columns


def estimates_of(row: Summary) -> Estimates:
    """What `columns_of` was given."""
    return Estimates(
        age=_age(row),
        gender=_label(row.gender, row.gender_confidence, row.gender_distribution),
        ethnicity=_label(row.ethnicity, row.ethnicity_confidence, row.ethnicity_distribution),
        emotion=EmotionEstimate(row.emotion, dict(row.emotion_shares)) if row.emotion_shares is not None else None,
        attention_s=row.attention_s,
    )


def _label_columns(name: str, estimate: LabelEstimate) -> dict[str, Any]:
    return {
        name: estimate.label,
        f"{name}_confidence": estimate.confidence,
        f"{name}_distribution": dict(estimate.distribution),
    }


def _age(row: Summary) -> AgeEstimate | None:
    if row.age_years is None or row.age_low is None or row.age_high is None:
        return None
    return AgeEstimate(row.age_years, row.age_low, row.age_high)


def _label(label: str, confidence: float | None, distribution: dict[str, float] | None) -> LabelEstimate | None:
    if confidence is None or distribution is None:
        return None
    return LabelEstimate(label, confidence, dict(distribution))
