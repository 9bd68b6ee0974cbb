"""An audience report says which videos and which people it is of."""

from __future__ import annotations

from faceapp.audience.selection import Selection
from faceapp.reports.audience.scope import filters_of, listed


def test_every_filter_is_said() -> None:
    selection = Selection(
        ages=("25-34", "65+"),
        labels={"gender": ("female", "unknown"), "ethnicity": ("Asian",)},
        least_s=2.0,
        watchers=True,
    )
    assert filters_of(selection) == (
        "Only people of apparent age 25–34 or 65+, of perceived gender female or unknown, "
        "of perceived ethnicity Asian, in view for 2.0\u202fs or longer, who looked at the camera."
    )
    assert filters_of(Selection()) == ""
    assert filters_of(Selection(with_static=True)) == "Faces that never move, such as posters, are included."


def test_many_names_are_counted() -> None:
    assert listed(["Spring", "Autumn"], "projects") == "Spring, Autumn"
    assert listed(["A", "B", "C", "D"], "projects") == "4 projects"
