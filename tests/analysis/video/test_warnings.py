"""What the user reads of a file that was analyzed all the same."""

from __future__ import annotations

from analysis.video.warnings import truncated


def test_a_file_that_is_cut_off_says_where_on_the_clock_of_the_pages() -> None:
    warning = truncated(59.96, 9000.0)
    assert warning.text.startswith("The picture ends at 1:00.0 of 2:30:00.0 because the file is cut off.")
    assert warning.from_s == 59.96
