"""What the user reads of a file that was analysed all the same."""

from __future__ import annotations

import pytest

from analysis.video.warnings import truncated


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.0, "0:00.0"), (59.94, "0:59.9"), (59.96, "1:00.0"), (3599.96, "1:00:00.0"), (3725.04, "1:02:05.0")],
)
def test_times_are_rounded_before_they_are_cut_into_minutes(seconds: float, shown: str) -> None:
    assert f"ends at {shown} of" in truncated(seconds, 9000.0).text
