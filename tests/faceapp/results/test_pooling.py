"""Expressions of tracks that were joined by hand follow the engine's rule for one person's moments."""

from __future__ import annotations

import pytest

from analysis.aggregate.emotion import summarize
from analysis.types import EMOTIONS, UNKNOWN, EmotionEstimate, Estimates
from faceapp.results.pooling import pool_estimates

RATE = 5.0  # moments a second


def pooled(*tracks: tuple[tuple[str, ...], float]) -> EmotionEstimate:
    """Of tracks with these labels and qualities."""
    estimates = [Estimates({"emotion": summarize(EMOTIONS, labels)}) for labels, _ in tracks]
    seconds = [len(labels) / RATE for labels, _ in tracks]
    emotion = pool_estimates(estimates, in_view_s=seconds, quality=[quality for _, quality in tracks]).emotion
    assert emotion is not None
    return emotion


HAPPY, BLURRED, SAD = ("Happy",) * 30, (UNKNOWN,) * 50, ("Sad",) * 10


@pytest.mark.parametrize(
    ("tracks", "main"),
    [
        ([(HAPPY, 0.9), (BLURRED, 0.1)], UNKNOWN),  # more than half of the moments, however poor their pictures
        ([(HAPPY, 0.2), (SAD, 0.9)], "Happy"),  # the longer, not the sharper
        ([(HAPPY, 0.9), ((UNKNOWN,) * 30, 0.9)], "Happy"),  # just half is not more
        ([(BLURRED, 0.0)], UNKNOWN),
        ([((), 0.0)], UNKNOWN),
    ],
)
def test_joined_tracks_show_what_the_engine_would_say_of_all_their_moments(
    tracks: list[tuple[tuple[str, ...], float]], main: str
) -> None:
    whole = summarize(EMOTIONS, tuple(label for labels, _ in tracks for label in labels))
    found = pooled(*tracks)
    assert (found.label, whole.label) == (main, main)
    assert found.shares == pytest.approx(whole.shares, abs=1e-4)
