"""Which faces belong to one individual: unit vectors that lie close together when they do."""

from __future__ import annotations

import numpy as np

from analysis.runtime import Device, load
from analysis.types import Floats, Images


class Embedding:
    """Never a name, only a likeness; not stored beyond what joining tracks needs."""

    def __init__(self, device: Device) -> None:
        self._network = load("embedding", device, (1, 4))

    def predict(self, crops: Images) -> Floats:
        """Unit vectors [n, 128] of crops aligned to its template."""
        return self._network.batched(crops)[0]

    def predict_both_ways(self, crops: Images) -> Floats:
        """Unit vectors [n, 128], each the mean of a crop's and its mirror image's: what is said of a face. It costs
        twice as much, and brings profiles to either side closer together."""
        both = self.predict(np.concatenate([crops, crops[:, :, ::-1]]))
        embeddings = both[: len(crops)] + both[len(crops) :]
        unit: Floats = embeddings / np.maximum(np.linalg.norm(embeddings, axis=1, keepdims=True), 1e-9)
        return unit.astype(np.float32, copy=False)
