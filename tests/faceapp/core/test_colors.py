"""Category colors stay apart for every kind of color vision, and stand out from the surface, in both themes."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from faceapp.core.categories import dark_tokens, light_tokens

Color = NDArray[np.float64]  # red, green, blue; 0-1

TOKENS = Path(__file__).parents[3] / "static" / "css" / "tokens.css"
LEAST_APART = 0.09  # in OKLab, where 0.02 can just be seen
LEAST_CONTRAST = 3.0  # WCAG 2.2, 1.4.11

# Machado, Oliveira and Fernandes 2009, severity 1, on linear light
SEEN_BY = {
    "everyone": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
# Ottosson 2020
TO_CONES = np.array(
    [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
     [0.0883024619, 0.2817188376, 0.6299787005]]
)  # fmt: skip
TO_LAB = np.array(
    [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
     [0.0259040371, 0.7827717662, -0.8086757660]]
)  # fmt: skip


def colors_of(theme: str) -> dict[str, str]:
    light, _, dark = TOKENS.read_text(encoding="utf-8").partition('[data-bs-theme="dark"]')
    tokens = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", light if theme == "light" else dark))
    return tokens | (light_tokens() if theme == "light" else dark_tokens())


def linear(color: str) -> Color:
    encoded = np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def apart(one: str, other: str, vision: str) -> float:
    seen = [TO_LAB @ np.cbrt(TO_CONES @ np.clip(SEEN_BY[vision] @ linear(color), 0, 1)) for color in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1]))


def contrast(one: str, other: str) -> float:
    low, high = sorted(float(linear(color) @ [0.2126, 0.7152, 0.0722]) for color in (one, other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("vision", SEEN_BY)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_neutral_sad_and_unknown_stay_apart(theme: str, vision: str) -> None:
    colors = colors_of(theme)
    for one, other in combinations(("neutral", "sad", "unknown"), 2):
        assert apart(colors[one], colors[other], vision) >= LEAST_APART, (one, other)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_expression_stands_out_from_the_surface(theme: str) -> None:
    colors = colors_of(theme)
    for name in ("angry", "happy-edge", "neutral", "sad", "surprised", "other", "unknown"):
        assert contrast(colors[name], colors["surface"]) >= LEAST_CONTRAST, name


def test_distances_are_those_of_oklab() -> None:
    assert apart("#ffffff", "#000000", "everyone") == pytest.approx(1.0, abs=1e-4)
    assert apart("#808080", "#808080", "tritanopia") == 0
    assert contrast("#ffffff", "#000000") == pytest.approx(21.0)
