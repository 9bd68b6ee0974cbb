"""Figures as text, and cells that no spreadsheet takes for a formula."""

from __future__ import annotations

import pytest

from analysis.clock import duration
from faceapp.audience.figures import Figure, share_of
from faceapp.audience.wording import in_sentence, interval_text, name_of, share_text, value_text
from faceapp.core.spreadsheets import safe_cell


@pytest.mark.parametrize(
    ("figure", "value", "interval"),
    [
        (Figure("ots", 1412, "people", None, None, 1412), "1\u202f412", ""),
        (Figure("conversion_ratio", 0.61, "share", 0.56, 0.66, 412), "61\u202f%", "± 5"),
        (Figure("conversion_ratio", 0.75, "share", 0.301, 0.954, 4), "75\u202f%", "30–95"),
        (Figure("attention_time", 4.8, "s", 4.3, 5.4, 251), "4.8\u202fs", "4.3–5.4"),
        (Figure("in_view", 61.0, "s", 12.0, 93.0, 9), "1:01.0", "0:12.0–1:33.0"),
        (Figure("net_positivity", 14.2, "points", 9.1, 19.3, 397), "+14", "± 5"),
        (Figure("net_positivity", -4.0, "points", -17.0, 10.0, 17), "−4", "−17 to +10"),
        (Figure("net_positivity", -0.2, "points", None, None, 1), "0", ""),
        (Figure("conversion_ratio", None, "share", None, None, 0), "–", ""),
    ],
)
def test_a_figure_reads_as_the_design_says(figure: Figure, value: str, interval: str) -> None:
    assert (value_text(figure), interval_text(figure)) == (value, interval)


def test_a_range_stands_in_brackets_inside_a_sentence() -> None:
    assert in_sentence("38 %", "18–64") == "38 % (18–64)"
    assert in_sentence("46 %", "± 8") == "46 % ± 8"
    assert share_text(share_of("Happy", 50, 100)) == "50\u202f% ± 10"


@pytest.mark.parametrize(
    ("seconds", "text"), [(4.84, "4.8\u202fs"), (59.96, "1:00.0"), (62.94, "1:02.9"), (3723, "1:02:03.0")]
)
def test_times_read_as_seconds_then_minutes_then_hours(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_groups_have_names() -> None:
    assert [name_of(key) for key in ("female", "25-34", "Happy", "unknown")] == ["Female", "25–34", "Happy", "Unknown"]


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", "\n=1"])
def test_text_that_a_spreadsheet_would_run_is_neutralised(evil: str) -> None:
    assert safe_cell(evil) == "'" + evil


@pytest.mark.parametrize("plain", ["Ann", "a=b", "Müller-Lüdenscheidt", "25-34", ""])
def test_other_text_is_left_alone(plain: str) -> None:
    assert safe_cell(plain) == plain


def test_numbers_stay_numbers_even_below_zero() -> None:
    assert [safe_cell(value) for value in (-1.5, 0, True, False, None)] == [-1.5, 0, "true", "false", ""]
