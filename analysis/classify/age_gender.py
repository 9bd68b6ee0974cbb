"""Apparent age in whole years and perceived gender."""

from __future__ import annotations

from analysis.runtime import Device, load
from analysis.types import Distributions, Floats


class AgeGender:
    """Reads what the trunk describes."""

    weights = ("head_age_gender",)

    def __init__(self, device: Device) -> None:
        self._network = load("head_age_gender", device)

    def predict(self, descriptions: Floats) -> Distributions:
        """ "age" [n, 101] over whole years 0-100 and "gender" [n, 2] for descriptions [n, f]."""
        ages, genders = self._network.batched(descriptions)[:2]
        return {"age": ages, "gender": genders}
