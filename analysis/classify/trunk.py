"""What age, gender and ethnicity are read from: computed once a crop, for whichever of them is on."""

from __future__ import annotations

import numpy as np

from analysis.runtime import Device, load
from analysis.types import Floats, Images


class TrunkReader:
    """The pretrained face network that the heads stand on."""

    def __init__(self, device: Device) -> None:
        self._network = load("trunk", device)

    def describe(self, crops: Images, embeddings: Floats) -> Floats:
        """What heads read [n, f + 128]: the trunk's features, then the identity embedding.

        Args:
            crops: [n, s, s, 3] aligned to the trunk's template.
            embeddings: [n, 128] unit vectors of the same faces.
        """
        return np.concatenate([self._network.batched(crops)[0], embeddings], axis=1)
