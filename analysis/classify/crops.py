"""Aligned pictures of faces: eyes level, one size, the landmarks where the network's template has them."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from analysis import geometry
from analysis.types import Floats, Image, Images
from models import registry


def align(image: Image, landmarks: Floats, template: str, side_px: int) -> Image:
    """The face as a picture [side, side, 3], black where it reaches over the border of the frame.

    Args:
        landmarks: [5, 2] px of the frame.
        template: a crop geometry of `models.registry`.
    """
    transform = geometry.similarity(landmarks, _target(template, side_px))
    image, transform = _shrunk(image, transform, side_px)
    crop = cv2.warpAffine(image, transform, (side_px, side_px), flags=cv2.INTER_LINEAR)
    return crop.astype(np.uint8, copy=False)


def align_all(image: Image, landmarks: Floats, template: str, side_px: int) -> Images:
    """The faces [n, side, side, 3] with landmarks [n, 5, 2] of one frame."""
    crops = np.empty((len(landmarks), side_px, side_px, 3), np.uint8)
    for crop, points in zip(crops, landmarks, strict=True):
        crop[:] = align(image, points, template, side_px)
    return crops


@cache
def _target(template: str, side_px: int) -> Floats:
    return np.array(registry.template(template).landmarks, np.float32) * side_px


def _shrunk(image: Image, transform: Floats, side_px: int) -> tuple[Image, Floats]:
    """The part of the frame that is asked for, halved until reading between its pixels skips none, and the transform
    from there."""
    scale = float(np.hypot(*transform[:, 0]))
    n_halvings = int(np.floor(np.log2(1 / scale))) if 0 < scale <= 0.5 else 0
    if not n_halvings:
        return image, transform
    corners = np.array([[0, 0], [side_px, 0], [0, side_px], [side_px, side_px]], np.float32)
    in_frame = geometry.apply(geometry.inverted(transform), corners)
    step = 2**n_halvings
    left, top = np.maximum(np.floor(in_frame.min(axis=0)).astype(int) - step, 0)
    right, bottom = np.ceil(in_frame.max(axis=0)).astype(int) + step
    part = image[top : max(bottom, top), left : max(right, left)]
    height, width = part.shape[0] // step, part.shape[1] // step
    if not (height and width):
        return image, transform
    small = cv2.resize(part[: height * step, : width * step], (width, height), interpolation=cv2.INTER_AREA)
    # pixel p of the small picture has its center at (p + 1/2) · step - 1/2 + corner of the frame
    center = np.array([left, top], np.float32) + (step - 1) / 2
    moved = np.concatenate([transform[:, :2] * step, geometry.apply(transform, center[None]).T], axis=1)
    return small.astype(np.uint8, copy=False), moved
