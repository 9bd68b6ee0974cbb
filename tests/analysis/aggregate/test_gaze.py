from __future__ import annotations

import numpy as np

from analysis.aggregate import gaze
from analysis.builtin_attributes import GAZE
from analysis.types import Floats

FLOOR = GAZE.floor


def _sure_of(label: str, n: int = 1) -> Floats:
    row = np.full(len(GAZE.labels), 0.02, np.float32)
    row[GAZE.label_keys.index(label)] = 0.9
    return np.repeat(row[None], n, axis=0)


def _landmarks(apart_px: float) -> Floats:
    return np.array([[[0, 0], [apart_px, 0], [0, 1], [0, 2], [1, 2]]], np.float32)


def test_eyes_that_are_too_small_say_nothing() -> None:
    far, near = (gaze.where_readable(_sure_of("camera"), _landmarks(px)) for px in (19, 20))
    assert not gaze.is_readable(far, FLOOR)[0]
    assert gaze.is_readable(near, FLOOR)[0]


def test_eyes_decide_over_the_head_where_they_can_be_read() -> None:
    readable, not_readable = np.array([True]), np.array([False])
    turned, straight = np.array([-3.0], np.float32), np.array([0.9], np.float32)
    assert gaze.at_camera(_sure_of("camera"))[0]
    assert not gaze.at_camera(_sure_of("left"))[0]
    at_us = gaze.camera_score(_sure_of("camera"), readable, turned)[0]
    past_us = gaze.camera_score(_sure_of("left"), readable, straight)[0]
    by_head = gaze.camera_score(_sure_of("left"), not_readable, straight)[0]
    assert past_us < by_head < 0.5 < at_us
