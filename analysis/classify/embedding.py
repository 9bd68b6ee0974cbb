"""Which faces belong to one individual: unit vectors that lie close together when they do."""

from __future__ import annotations

from analysis.runtime import Device, load
from analysis.types import Floats, Images


class Embedding:
    """Never a name, only a likeness; not stored beyond what joining tracks needs."""

    weights = ("embedding",)

    def __init__(self, device: Device) -> None:
        self._network = load("embedding", device, (1, 4))

    def predict(self, crops: Images) -> Floats:
        """Unit vectors [n, 128] of crops aligned to its template."""
        return self._network.batched(crops)[0]
