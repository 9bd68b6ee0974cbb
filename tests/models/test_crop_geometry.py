"""Crops of one template cut from those of another."""

from __future__ import annotations

import numpy as np
import pytest

from models import registry
from models.crop_geometry import recut, resized


def test_the_crop_for_the_embedding_has_its_landmarks_where_the_embedding_wants_them() -> None:
    picture = np.zeros((200, 200, 3), np.uint8)
    eyes = np.array(registry.template("face").landmarks[:2])
    for x, y in (eyes * 200).astype(int):
        picture[y - 2 : y + 3, x - 2 : x + 3] = 255
    side = 150
    crop = recut(picture, "face", "embedding", side)
    assert crop.shape == (side, side, 3)
    rows, columns = np.nonzero(crop[..., 0] > 128)
    wanted = np.array(registry.template("embedding").landmarks[:2]) * side
    assert columns.mean() == pytest.approx(wanted[:, 0].mean(), abs=6)
    assert rows.mean() == pytest.approx(wanted[:, 1].mean(), abs=6)


def test_a_picture_of_the_right_size_is_left_as_it_is() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (48, 48, 3), np.uint8)
    assert resized(picture, 48) is picture
    assert resized(picture, 96).shape == (96, 96, 3)
    assert resized(picture, 24)[0, 0, 0] == pytest.approx(picture[:2, :2, 0].mean(), abs=1)
