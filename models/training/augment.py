"""Random changes to a training picture, mild for faces, stronger for what video does to them.

Every random choice comes from a generator seeded with (seed, epoch, index), so that a training that is resumed sees the
same pictures as one that was never stopped.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageFilter

Image = NDArray[np.uint8]  # [height, width, 3] RGB
GRAY = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How far a picture may be changed; probabilities are 0-1."""

    side_px: int
    zoom: tuple[float, float] = (0.92, 1.08)  # of the part that is taken
    shift: float = 0.04  # of the side, each way
    turn_deg: float = 8.0
    brightness: float = 0.25
    contrast: float = 0.25
    saturation: float = 0.3
    tint: float = 0.06  # of each channel
    gray: float = 0.05
    blur: float = 0.1
    low_resolution: float = 0.2
    lowest_px: int = 40
    jpeg: float = 0.15
    occlusion: float = 0.1


def change(picture: Image, recipe: Recipe, generator: np.random.Generator) -> Image:
    """One changed picture [side_px, side_px, 3]."""
    image = _moved(Pillow.fromarray(picture), recipe, generator)
    image = _degraded(image, recipe, generator)
    colored = _recolored(np.asarray(image, np.float32), recipe, generator)
    if generator.random() < recipe.occlusion:
        _cover(colored, generator)
    return colored.clip(0, 255).astype(np.uint8)


def _moved(image: Pillow.Image, recipe: Recipe, generator: np.random.Generator) -> Pillow.Image:
    """Flip, turn, zoom and shift in one resampling."""
    side = image.width
    angle = math.radians(generator.uniform(-recipe.turn_deg, recipe.turn_deg))
    scale = side / recipe.side_px * generator.uniform(*recipe.zoom)
    flip = -1.0 if generator.random() < 0.5 else 1.0
    shift_x, shift_y = generator.uniform(-recipe.shift, recipe.shift, 2) * side
    a, b = scale * math.cos(angle) * flip, -scale * math.sin(angle)
    d, e = scale * math.sin(angle) * flip, scale * math.cos(angle)
    half = recipe.side_px / 2
    c = side / 2 + shift_x - (a + b) * half
    f = side / 2 + shift_y - (d + e) * half
    size = (recipe.side_px, recipe.side_px)
    return image.transform(size, Pillow.Transform.AFFINE, (a, b, c, d, e, f), Pillow.Resampling.BILINEAR)


def _degraded(image: Pillow.Image, recipe: Recipe, generator: np.random.Generator) -> Pillow.Image:
    """Blur, fewer pixels, JPEG: a small or compressed face of a video."""
    size = image.size
    if generator.random() < recipe.blur:
        image = image.filter(ImageFilter.GaussianBlur(generator.uniform(0.4, 1.6) * size[0] / 128))
    if generator.random() < recipe.low_resolution:
        small = int(generator.uniform(recipe.lowest_px, size[0]))
        image = image.resize((small, small), Pillow.Resampling.BOX).resize(size, Pillow.Resampling.BILINEAR)
    if generator.random() < recipe.jpeg:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=int(generator.uniform(25, 90)))
        image = Pillow.open(buffer)
    return image


def _recolored(pixels: NDArray[np.float32], recipe: Recipe, generator: np.random.Generator) -> NDArray[np.float32]:
    saturation = 0.0 if generator.random() < recipe.gray else 1 + generator.uniform(-1, 1) * recipe.saturation
    gray = pixels @ GRAY
    mean = float(gray.mean())
    contrast = 1 + generator.uniform(-1, 1) * recipe.contrast
    gains = (1 + generator.uniform(-recipe.tint, recipe.tint, 3)).astype(np.float32)
    light = mean * (1 + generator.uniform(-1, 1) * recipe.brightness)
    mixed = gray[..., None] * (1 - saturation) + pixels * saturation
    return (((mixed - mean) * contrast + light) * gains).astype(np.float32)


def _cover(pixels: NDArray[np.float32], generator: np.random.Generator) -> None:
    """A block of one random color over a part of the picture, in place."""
    side = pixels.shape[0]
    height, width = (generator.uniform(0.1, 0.35, 2) * side).astype(int)
    top, left = int(generator.uniform(0, side - height)), int(generator.uniform(0, side - width))
    pixels[top : top + height, left : left + width] = generator.uniform(0, 255, 3)
