"""How alike two faces are: distances between embeddings, seen from the mean face, pooled over crops by their quality.

All faces share most of their embedding; what they share in one scene (light, blur, compression) hides who they are.
Measured from the mean face, people of one scene are well separated: over the cuts of a sitcom, tracks of one person are
at most 0.85 apart, of two people at least 0.89. Photos of one person on different days are 0.68 ± 0.14 apart, of two
people 1.31 ± 0.14 (LFW, a crop and its mirror image). In rendered scenes of such photos (`analysis.evaluate.scenes`) 95
of 100 pairs of tracks of one person are nearer than 0.90, 99 of 100 of two people farther than 0.97.
"""

from __future__ import annotations

import numpy as np

from analysis.types import Crops, Floats

EVEN_ODDS = 0.98  # the distance at which two single pictures are as likely one person as two

# Two tracklets at one place are one face up to this distance, the less of them was seen the farther: a face that turns
# or blurs is unlike everybody for a moment. In the videos that were examined, tracklets of one face, both seen for a
# second, were 0.85 apart at most; in rendered scenes, those of two people 0.98 at least.
SEEN_LONG_S = 1.0
ONE_FACE_SEEN_LONG = 0.91
ONE_FACE = EVEN_ODDS  # both are sure to be faces
MAYBE_ONE_FACE = 1.25 * EVEN_ODDS  # one is seen too briefly for that

# mean embedding of 1,433 faces of FairFace's training part and their mirror images, found and aligned as in videos
# fmt: off
MEAN_FACE = np.array([
    -0.0795, 0.0586, 0.0427, -0.0415, -0.0657, -0.0228, -0.0165, -0.0763, 0.1131, -0.0692,
    0.1536, -0.0285, -0.1541, -0.0391, -0.0212, 0.1076, -0.1121, -0.0976, -0.0521, -0.0348,
    0.0201, 0.0092, 0.0127, 0.0359, -0.0903, -0.2378, -0.0579, -0.0733, 0.0147, -0.0486,
    -0.0052, 0.0392, -0.1321, -0.0301, 0.0123, 0.0484, -0.019, -0.0408, 0.1312, 0.0049,
    -0.1441, -0.0113, 0.0349, 0.1769, 0.1277, 0.0083, 0.0154, -0.0508, 0.0716, -0.163,
    0.025, 0.0919, 0.0654, 0.0355, 0.0418, -0.1, 0.0167, 0.0746, -0.129, 0.0268,
    0.0429, -0.0545, -0.0328, -0.0345, 0.1558, 0.07, -0.0805, -0.0895, 0.1193, -0.1001,
    -0.024, 0.0464, -0.0871, -0.1231, -0.1912, 0.018, 0.2822, 0.0872, -0.122, 0.0219,
    -0.0605, -0.0065, 0.0389, 0.0577, -0.0391, 0.005, -0.0601, 0.0193, 0.1334, -0.0204,
    -0.0128, 0.1535, -0.0036, 0.0092, 0.0206, 0.0222, -0.0624, -0.0061, -0.0864, -0.0128,
    0.0242, -0.0449, -0.0016, 0.0716, -0.1294, 0.0925, -0.0004, -0.0107, -0.0009, 0.0105,
    -0.0593, -0.0379, 0.1006, -0.1683, 0.1291, 0.1213, 0.014, 0.0954, 0.0458, 0.0416,
    -0.0059, -0.0171, -0.1067, -0.0454, 0.0428, -0.0259, 0.0333, 0.0143,
], np.float32)
# fmt: on


def seen_from_mean(embeddings: Floats) -> Floats:
    """[n, 128] or [128]: the direction in which faces differ from the mean face, unit vectors."""
    moved = embeddings - MEAN_FACE
    unit: Floats = moved / np.maximum(np.linalg.norm(moved, axis=-1, keepdims=True), 1e-9)
    return unit


def weight_of(crops: Crops) -> Floats:
    """[n]: what each crop counts; a poor one says little, and what it says misleads."""
    weight: Floats = np.maximum(crops.quality, 0.02) ** 2
    return weight


def pooled_embedding(crops: Crops) -> Floats:
    """[128]: the crops' embeddings pooled, a unit vector."""
    pooled = (seen_from_mean(crops.embeddings) * weight_of(crops)[:, None]).sum(axis=0)
    unit: Floats = (pooled / max(float(np.linalg.norm(pooled)), 1e-9)).astype(np.float32)
    return unit
