"""Which readings can be set by hand, to which values, and what is said then. What is told over time cannot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.attributes import Attribute, attributes
from analysis.types import N_AGES, AgeEstimate, LabelEstimate, Reading


def correctable() -> Mapping[str, Attribute]:
    """The attributes that can be set by hand, by key."""
    return {key: attribute for key, attribute in attributes().items() if attribute.kind in ("years", "label")}


def refusal_of(attribute: Attribute, value: Any) -> str:
    """Why a value cannot be set, as a sentence; empty when it can."""
    if attribute.kind == "years":
        is_age = isinstance(value, int) and 0 <= value < N_AGES
        return "" if is_age else f"An {attribute.key} must be a whole number from 0 to {N_AGES - 1}."
    if value in attribute.answers:
        return ""
    return f"The {attribute.key} must be one of {', '.join(attribute.answers)}."


def value_of(reading: Reading | None) -> Any:
    """What a correction would set to leave a reading as it is; None where there is none."""
    if isinstance(reading, AgeEstimate):
        return reading.years
    return reading.label if isinstance(reading, LabelEstimate) else None


def set_by_hand(reading: Reading, value: Any) -> Reading:
    """The reading that says this value, and is certain of it."""
    if isinstance(reading, AgeEstimate):
        return AgeEstimate(value, value, value)
    if isinstance(reading, LabelEstimate):
        return LabelEstimate(value, 1.0, {label: float(label == value) for label in reading.distribution})
    return reading
