"""A plugin as somebody else would write it: whether glasses are worn, read by a classifier of a few lines."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.attributes import Attribute, Label, Switch
from analysis.types import Distributions, Images


class Glasses:
    """Says "yes" of crops whose eyes are darker than their cheeks. It is not meant to be right."""

    def __init__(self, device: Any) -> None:
        self.device = device

    def predict(self, crops: Images) -> Distributions:
        """ "glasses" [n, 2] for crops [n, s, s, 3]."""
        gray = crops.astype(np.float32).mean(axis=-1)
        side = gray.shape[1]
        eyes, cheeks = gray[:, side // 4 : side // 2], gray[:, side // 2 : 3 * side // 4]
        darker = np.clip(0.5 + (cheeks.mean(axis=(1, 2)) - eyes.mean(axis=(1, 2))) / 100, 0.05, 0.95)
        return {"glasses": np.stack([darker, 1 - darker], axis=1).astype(np.float32)}


ATTRIBUTES = (
    Attribute(
        key="glasses",
        switch=Switch("glasses", "glasses", "Glasses", "Whether somebody wears glasses: yes, no or unknown."),
        kind="label",
        source="crops",
        reader="tests.plugins.glasses:Glasses",
        labels=(Label(key="yes", light="#0f6b8b", dark="#5ab8dd"), Label(key="no", light="#8b5a0f", dark="#dda95a")),
        least_confidence=0.55,
        word="glasses",
        term="Glasses",
        short="Glasses",
        meaning="Whether glasses are seen on a face.",
        plural="glasses",
    ),
)
