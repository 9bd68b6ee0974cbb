"""High dynamic range (PQ, HLG; ITU-R BT.2100) to the ordinary picture that networks were trained on."""

from __future__ import annotations

from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.types import Image

REFERENCE_WHITE_NITS = 203.0  # ITU-R BT.2408
PEAK = 1000.0 / REFERENCE_WHITE_NITS  # what is brought to the brightest white

# linear light, BT.2020 to BT.709 primaries (ITU-R BT.2087)
TO_BT709 = np.array([[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], np.float32)


def to_sdr(picture: NDArray[np.uint16], *, is_hlg: bool) -> Image:
    """Tone-mapped sRGB.

    Args:
        picture: [height, width, 3] RGB of BT.2020, coded with PQ or HLG, 0-65535.
    """
    light = _light_of_codes(is_hlg)[picture]  # [h, w, 3] linear, 1 is reference white
    light = np.clip(cv2.transform(light, TO_BT709), 0, PEAK)
    return np.asarray(_codes_of_light()[(light * (65535 / PEAK)).astype(np.uint16)], np.uint8)


@cache
def _light_of_codes(is_hlg: bool) -> NDArray[Any]:
    """[65536] linear light of each code, 1 is reference white."""
    code = np.linspace(0, 1, 65536)
    nits = 1000 * _hlg_scene_light(code) ** 1.2 if is_hlg else _pq_nits(code)
    return (nits / REFERENCE_WHITE_NITS).astype(np.float32)


def _pq_nits(code: NDArray[np.float64]) -> NDArray[np.float64]:
    """SMPTE ST 2084."""
    m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
    power = code ** (1 / m2)
    return 10_000 * (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1)


def _hlg_scene_light(code: NDArray[np.float64]) -> NDArray[np.float64]:
    """ARIB STD-B67."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(code <= 0.5, code**2 / 3, (np.exp((code - c) / a) + b) / 12)


@cache
def _codes_of_light() -> Image:
    """[65536] sRGB codes of linear light 0-PEAK, highlights rolled off (Reinhard, extended)."""
    light = np.linspace(0, PEAK, 65536)
    mapped = light * (1 + light / PEAK**2) / (1 + light) * 1.35  # 1.35: faces stay as bright as in an ordinary picture
    mapped = np.clip(mapped, 0, 1)
    code = np.where(mapped <= 0.0031308, 12.92 * mapped, 1.055 * mapped ** (1 / 2.4) - 0.055)
    return np.round(code * 255).astype(np.uint8)
