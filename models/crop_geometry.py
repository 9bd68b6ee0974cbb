"""One network's crop cut from another's: both are squares in which the same landmarks lie at known places."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from models import registry

Image = NDArray[np.uint8]


def resized(picture: Image, side_px: int) -> Image:
    """The square picture [s, s, 3] at another side: [side_px, side_px, 3]."""
    if picture.shape[:2] == (side_px, side_px):
        return picture
    kind = Pillow.Resampling.BOX if picture.shape[0] >= 2 * side_px else Pillow.Resampling.BICUBIC
    return np.asarray(Pillow.fromarray(picture).resize((side_px, side_px), kind))


def recut(picture: Image, source: str, target: str, side_px: int) -> Image:
    """The crop [side_px, side_px, 3] of template `target` out of one of template `source` [s, s, 3], black where it
    reaches over the border.

    Templates are those of `models.registry`. That the landmarks of this very face lie where the source's template has
    them in the mean is taken for granted.
    """
    there, here = (np.array(registry.template(name).landmarks) for name in (source, target))
    scale = np.ptp(there[:, 1]) / np.ptp(here[:, 1])
    left, top = (there.mean(0) - scale * here.mean(0)) * len(picture)
    step = scale * len(picture) / side_px
    transform = (step, 0.0, left, 0.0, step, top)
    moved = Pillow.fromarray(picture).transform(
        (side_px, side_px), Pillow.Transform.AFFINE, transform, Pillow.Resampling.BILINEAR
    )
    return np.asarray(moved)
