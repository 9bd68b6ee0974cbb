"""A poster is told from a person who sits still."""

from __future__ import annotations

from analysis.testing import Actor, Scene, walk
from analysis.types import VideoResult


def result(jitter_px: float, speed: float = 0.0, duration_s: float = 6) -> VideoResult:
    """One face of 80 px; a box that shakes by `jitter_px` shakes its landmarks by about half of that."""
    actor = Actor(7, walk((300, 300), (speed, 0)))
    return Scene([actor], duration_s, jitter_px=jitter_px).result()


def test_a_face_that_never_moves_and_never_changes_is_static() -> None:
    assert [track.is_static for track in result(jitter_px=0.2).tracks] == [True]


def test_a_face_that_trembles_like_a_living_one_is_not() -> None:
    assert [track.is_static for track in result(jitter_px=3.0).tracks] == [False]


def test_a_face_that_drifts_is_not() -> None:
    assert [track.is_static for track in result(jitter_px=0.2, speed=5).tracks] == [False]


def test_a_short_track_is_not_judged() -> None:
    assert [track.is_static for track in result(jitter_px=0.2, duration_s=2).tracks] == [False]
