"""How alike two faces are: distances between embeddings, pooled over crops by their quality."""

from __future__ import annotations

import numpy as np

from analysis.types import Crops, Floats

SAME_LOOK = 0.42  # Euclidean distance of pooled unit embeddings; measured, see docs/accuracy.md


def weight_of(crops: Crops) -> Floats:
    """[n]: what each crop counts; a poor one says little, and what it says misleads."""
    return np.maximum(crops.quality, 0.02) ** 2


def look_of(crops: Crops) -> Floats:
    """[128]: the pooled embedding, a unit vector."""
    pooled = (crops.embeddings * weight_of(crops)[:, None]).sum(axis=0)
    return (pooled / max(float(np.linalg.norm(pooled)), 1e-9)).astype(np.float32)
