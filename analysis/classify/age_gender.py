"""Apparent age in whole years and perceived gender."""

from __future__ import annotations

from typing import NamedTuple

from analysis.runtime import Device, load
from analysis.types import Floats


class AgesAndGenders(NamedTuple):
    """Distributions of n crops."""

    ages: Floats  # [n, 101] over whole years 0-100
    genders: Floats  # [n, 2] female, male


class AgeGender:
    """Reads what the trunk describes."""

    weights = ("head_age_gender",)

    def __init__(self, device: Device) -> None:
        self._network = load("head_age_gender", device)

    def predict(self, descriptions: Floats) -> AgesAndGenders:
        """Distributions for descriptions [n, f]."""
        ages, genders = self._network.batched(descriptions)[:2]
        return AgesAndGenders(ages, genders)
