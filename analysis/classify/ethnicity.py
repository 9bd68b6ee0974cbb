"""Perceived ethnicity in five broad groups."""

from __future__ import annotations

from analysis.runtime import Device, load
from analysis.types import Distributions, Floats


class Ethnicity:
    """Reads what the trunk describes."""

    weights = ("head_ethnicity",)

    def __init__(self, device: Device) -> None:
        self._network = load("head_ethnicity", device)

    def predict(self, descriptions: Floats) -> Distributions:
        """ "ethnicity" [n, 5] for descriptions [n, f]."""
        return {"ethnicity": self._network.batched(descriptions)[0]}
