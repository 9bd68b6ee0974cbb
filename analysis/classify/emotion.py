"""The expression shown on a face."""

from __future__ import annotations

from analysis.runtime import Device, load
from analysis.types import Distributions, Images


class Emotion:
    """A small network of its own: it reads every sample."""

    def __init__(self, device: Device) -> None:
        self._network = load("emotion", device, (1, 4, 8))

    def predict(self, crops: Images) -> Distributions:
        """ "emotion" [n, 6] for crops aligned to its template."""
        return {"emotion": self._network.batched(crops)[3]}  # the others are of single pictures, for measuring
