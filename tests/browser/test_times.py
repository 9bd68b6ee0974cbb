"""Python and the browser write times and shares alike."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.clock import clock, duration, timecode
from faceapp.core.percent import percent

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SECONDS = [
    0,
    0.049,
    0.05,
    0.25,
    0.95,
    9.8,
    19.7,
    59.449,
    59.5,
    59.94,
    59.95,
    59.96,
    60,
    92.93,
    3599.5,
    3599.96,
    3723.45,
]
SHARES = [0, 0.004, 0.005, 0.125, 0.285, 0.423, 0.625, 0.995, 0.9999, 1]

WRITTEN = """async ([seconds, shares]) => {
    const {clock, timecode, duration, percent} = await import('/static/js/video/time.js');
    return [seconds.map(clock), seconds.map(timecode), seconds.map(duration), shares.map(percent)];
}"""


def test_fault_79_pages_and_scripts_round_alike(page: Any) -> None:
    written = page.evaluate(WRITTEN, [SECONDS, SHARES])
    assert written[:3] == [[word(seconds) for seconds in SECONDS] for word in (clock, timecode, duration)]
    assert written[3] == [percent(share) for share in SHARES]
