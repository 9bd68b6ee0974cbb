"""The report and the page draw and say the same: bands, ties, ones and nothings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from faceapp.audience.charts.expressions import reaction_chart
from faceapp.audience.figures import Figure, share_of
from faceapp.audience.reaction import Reaction, banded, reaction_of
from faceapp.audience.selectors import audience_of_video
from faceapp.audience.summary import summary_of
from faceapp.reports import drawing
from faceapp.reports.document import build_report, report_figure, report_reaction, report_share
from faceapp.reports.pdf import more_of, reaction_peaks, shown_longest
from faceapp.runs.models import Run


def happy_crowd() -> Reaction:
    """Six people for four seconds; four of them smile, nobody shows anything else."""
    smiling = dict.fromkeys(range(4), "Happy")
    calm = dict.fromkeys(range(4), "Neutral")
    return reaction_of([smiling] * 4 + [calm] * 2, 4.0)


def bands_of_page(reaction: Reaction) -> set[str]:
    spec: Any = reaction_chart(reaction, lambda second: "", 1).spec
    return {trace["legendgroup"] for trace in spec["data"] if trace.get("fill") == "toself"}


def test_fault_87_what_nobody_shows_has_no_band_in_the_report_nor_on_the_page() -> None:
    reaction = happy_crowd()
    drawn: Any = drawing.reaction(report_reaction(reaction))
    assert {line["name"] for line in drawn["lines"] if line["is_banded"]} == {"Happy"}
    assert bands_of_page(reaction) == {"Happy"}


def test_the_two_highest_peaks_have_bands() -> None:
    assert banded({"Happy": 0.2, "Surprised": 0.5, "Sad": 0.4}) == ["Surprised", "Sad"]
    assert banded({"Happy": 0.0}) == []


def test_a_share_of_nobody_has_its_interval_drawn_and_said() -> None:
    white, black = (report_share(share_of(key, count, 15)) for key, count in (("White", 15), ("Black", 0)))
    bars = drawing.bars([white, black])
    assert (bars[1]["text"], bars[1]["interval"]) == ("0\u202f%", "0–20")
    assert bars[1]["low"] == 0.0
    assert round(bars[1]["high"], 2) == 0.20


def test_fault_87_a_tie_has_no_winner() -> None:
    assert shown_longest({"Neutral": 0.6, "Happy": 0.2, "Sad": 0.2, "Angry": 0.0}) == ["Happy", "Sad"]
    assert shown_longest({"Neutral": 0.5, "Happy": 0.204, "Sad": 0.196, "unknown": 0.1}) == ["Happy", "Sad"]
    assert shown_longest({"Neutral": 0.5, "Happy": 0.3, "Sad": 0.2}) == ["Happy"]
    assert shown_longest({"Neutral": 1.0, "Happy": 0.0}) == []


def test_fault_87_the_summary_names_all_of_a_tie(finished_run: Run) -> None:
    figures = build_figures(finished_run)
    tied = tuple(
        Figure(f"emotion:{name}", value, "share", None, None, 2)
        for name, value in (("Happy", 0.251), ("Neutral", 0.5), ("Sad", 0.249))
    )
    said = " ".join(summary_of(replace(figures, emotion_time=tied)))
    assert "Happy and Sad were the most common expressions after neutral: 25\u202f% of the time in view each." in said


def build_figures(run: Run) -> Any:
    from faceapp.audience.figures import audience_of

    audience = audience_of_video(run.video)
    assert audience is not None
    return audience_of(audience.people)


def test_fault_87_one_person_has_no_median() -> None:
    one, two = (report_figure(Figure("in_view", 8.0, "s", None, None, n)) for n in (1, 2))
    assert more_of([one], 0) == "Time in view: 8.0\u202fs"
    assert more_of([two], 0) == "Time in view: median 8.0\u202fs"


def test_a_report_says_nothing_of_what_was_not_computed(finished_run: Run) -> None:
    finished_run.config["attributes"] = ["age_gender"]
    finished_run.save()
    audience = audience_of_video(finished_run.video)
    assert audience is not None
    document = build_report(audience)
    said = " ".join(document.method).lower()
    assert "switched off" not in said
    assert "computed" not in said


def test_a_report_without_a_curve_says_why() -> None:
    few: Any = report_reaction(reaction_of([{0: "Happy"}], 1.0))
    assert reaction_peaks(few).startswith("Fewer than 5 people are in view at a time")
