"""Figures, charts and words on pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template

from analysis.clock import clock, duration, timecode
from faceapp.audience.charts.parts import Chart, Column, ColumnKind, Value
from faceapp.audience.figures import Figure
from faceapp.audience.glossary import WORDS
from faceapp.audience.person_charts import charts_of_person
from faceapp.audience.wording import interval_text, name_of, value_text
from faceapp.core.percent import certainty, percent
from faceapp.library.models import Video
from faceapp.results.people import PersonView
from faceapp.runs.models import Run

register = template.Library()

DASH_ARRAYS = {"dot": "2 3", "dash": "6 4", "longdash": "10 4", "dashdot": "6 3 2 3"}
WATCHER_FIGURES = ("attention_time", "attraction_ratio")


@register.inclusion_tag("audience/partials/_figure.html")
def figure(figure: Figure, n_people: int) -> dict[str, Any]:
    """One figure of the strip over so many people: word, value, interval, where it lies on its scale, n."""
    return {
        "word": WORDS[figure.key],
        "value": value_text(figure),
        "interval": interval_text(figure),
        "unit": "people"
        if figure.unit == "people" and figure.value != 1
        else "person"
        if figure.unit == "people"
        else "",
        "track": _track(figure),
        "note": _note(figure, n_people),
        "is_unknown": figure.value is None,
    }


@register.inclusion_tag("audience/partials/_chart.html")
def chart(chart: Chart, csv: str = "") -> dict[str, Any]:
    """A chart as a `figure`; `csv` is the address of its table as a file."""
    return {"chart": chart, "csv": csv}


@register.inclusion_tag("audience/partials/_word.html")
def word(key: str, place: str = "figure") -> dict[str, Any]:
    """A small button that says what a word means; `place` makes its id different from the same word elsewhere."""
    return {"word": WORDS[key], "id": f"word-{place}-{key}"}


@register.simple_tag
def person_charts(video: Video, run: Run, person: PersonView) -> dict[str, Chart]:
    """The charts of one person, by what they show: `{% person_charts video run person as charts %}`."""
    return {chart.key.removeprefix("person-"): chart for chart in charts_of_person(video, run, person)}


@register.filter
def cell(value: Value, kind: ColumnKind) -> str:
    """A value of a chart's table as text."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return name_of(value) if kind == "group" else value
    if kind == "share":
        return percent(value)
    if kind == "certainty":
        return certainty(value)
    if kind == "seconds":
        return duration(value)
    if kind == "clock":
        return clock(value) if float(value).is_integer() else timecode(value)
    return f"{value:.0f}" if kind == "count" else f"{value:.1f}"


@register.filter
def with_columns(values: Sequence[Value], columns: Sequence[Column]) -> list[tuple[Value, Column]]:
    return list(zip(values, columns, strict=True))


@register.filter
def dash_array(dash: str) -> str:
    return DASH_ARRAYS.get(dash, "none")


def _note(figure: Figure, n_people: int) -> str:
    if figure.unit == "people":
        return "with a visible face"
    if not figure.n:
        return "No data"
    if figure.key in WATCHER_FIGURES:
        watchers = f"n = {figure.n} {'watcher' if figure.n == 1 else 'watchers'}"
        return f"median, {watchers}" if figure.unit == "s" else watchers
    if figure.key == "conversion_ratio" and figure.value is not None:
        return f"{round(figure.value * figure.n)} of {figure.n} people"
    return f"n = {figure.n}, from −100 to +100" if figure.unit == "points" else f"n = {figure.n}"


def _track(figure: Figure) -> dict[str, str] | None:
    """Where value and interval lie on the figure's scale, in per cent of its width."""
    if figure.value is None or figure.unit == "people":
        return None
    low, high = (figure.low, figure.high) if figure.low is not None and figure.high is not None else (None, None)
    start, end = {"share": (0.0, 1.0), "points": (-100.0, 100.0)}.get(figure.unit, (0.0, 2.2 * (high or figure.value)))

    def place(value: float) -> float:
        return 100 * (value - start) / ((end - start) or 1.0)

    track = {"tick": f"{place(figure.value):.2f}%"}
    if low is not None and high is not None:
        track |= {"band": f"{place(low):.2f}%", "width": f"{max(place(high) - place(low), 1):.2f}%"}
    return track
