"""What every chart is made of: a Plotly spec whose colors are names of tokens, its words, its table, its links.

A color such as ``var(--happy / 20%)`` is resolved by static/js/charts/template.js when the page is drawn and whenever
the theme changes, so that one spec serves light and dark.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from analysis.attributes import all_labels
from analysis.clock import clock

ColumnKind = Literal["text", "group", "count", "share", "certainty", "seconds", "clock", "number"]
Spec = dict[str, Any]
Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a chart's table: `name` in CSV, `label` on the page. A "group" is a key, such as "25-34"."""

    name: str
    label: str
    kind: ColumnKind = "text"

    @property
    def is_number(self) -> bool:
        return self.kind not in ("text", "group")


@dataclass(frozen=True, slots=True)
class Row:
    """Raw values; `href` leads to the faces or the moment behind the row."""

    values: tuple[Value, ...]
    href: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Legend:
    """`category` is the CSS class that gives the color; `trace` the legend group that a click hides, if any."""

    category: str
    label: str
    dash: str = ""  # "line" entries: solid, dot, dash …; empty draws a square
    trace: str = ""
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All that the template `audience/partials/_chart.html` needs. `spec` is None where there is nothing to draw."""

    key: str
    title: str
    sentence: str
    foot: str  # n and interval
    table: Table
    spec: Spec | None
    height_px: int = 222
    word: str = ""  # of the glossary
    legend: tuple[Legend, ...] = ()
    links: tuple[Link, ...] = ()
    empty: str = ""  # why there is nothing to draw
    facts: str = ""  # small, beside the title


def token(name: str, percent: int | None = None) -> str:
    """A color by the name of its token: ``var(--happy)``, ``var(--happy / 20%)``."""
    return f"var(--{name.lower()})" if percent is None else f"var(--{name.lower()} / {percent}%)"


def line_token(name: str) -> str:
    """The color of a line: some labels' own fill is too light for one."""
    label = all_labels().get(name)
    return token(label.line_token if label else name)


def edge_of(name: str) -> Spec:
    """What surrounds a fill that is too light for the page: a part of its `marker`."""
    label = all_labels().get(name)
    return {"line": {"color": token(label.line_token), "width": 1}} if label and label.edge else {}


def hatch() -> Spec:
    """How unknown is filled: gray and hatched."""
    return {"shape": "/", "fgcolor": token("unknown"), "bgcolor": token("unknown-wash"), "size": 5, "solidity": 0.4}


def fill_of(name: str) -> Spec:
    """The `marker` of bars of a category."""
    if name == "unknown":
        return {"color": token("unknown-wash"), "pattern": hatch(), "cornerradius": 3}
    return {"color": token(name), "cornerradius": 3, **edge_of(name)}


def layout(*, height_px: int, **more: Any) -> Spec:
    """The layout that all charts share; `more` goes on top, axes are merged."""
    base: Spec = {
        "height": height_px,
        "autosize": True,
        "font": {"family": "Inter Variable, Inter, system-ui, sans-serif", "size": 12, "color": token("ink-2")},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 40, "r": 12, "t": 10, "b": 30},
        "showlegend": False,
        "bargap": 0.28,
        "hoverlabel": {
            "bgcolor": token("raised"),
            "bordercolor": token("line"),
            "font": {"family": "Inter Variable, Inter, system-ui, sans-serif", "size": 12, "color": token("ink")},
        },
        "xaxis": _axis(showgrid=False),
        "yaxis": _axis(showgrid=True),
    }
    for key, value in more.items():
        base[key] = base[key] | value if isinstance(base.get(key), dict) and isinstance(value, dict) else value
    return base


def spec_of(traces: Sequence[Spec], layout: Spec) -> Spec:
    """Checked by plotly itself, so that a wrong key fails in a test and not in a browser."""
    import plotly.graph_objects as go  # a heavy import; only pages with charts need it

    figure = go.Figure(data=list(traces), layout={**layout, "template": "none"})
    spec: Spec = figure.to_plotly_json()
    spec["layout"].pop("template", None)
    return spec


def _axis(*, showgrid: bool) -> Spec:
    return {
        "showgrid": showgrid,
        "gridcolor": token("line"),
        "gridwidth": 1,
        "zeroline": False,
        "linecolor": token("line"),
        "tickfont": {"color": token("ink-3"), "size": 12},
        "ticks": "",
        "automargin": True,
        "fixedrange": True,
    }


def whiskers(values: Sequence[float], lows: Sequence[float], highs: Sequence[float], **how: Any) -> Spec:
    """An `error_x` or `error_y` from ends of intervals."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [high - value for value, high in zip(values, highs, strict=True)],
        "arrayminus": [value - low for value, low in zip(values, lows, strict=True)],
        "width": 0,
        **how,
    }


def percent_ticks(top: float, *, count: int = 4) -> tuple[list[float], list[str], float]:
    """Tick values, their texts with the unit on the last, and the end of an axis of shares from 0."""
    step = next((each for each in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5) if top / each <= count), 0.5)
    n = max(int(top / step + 0.999), 1)
    values = [round(step * k, 4) for k in range(n + 1)]
    texts = [f"{100 * value:g}" for value in values]
    texts[-1] += "\u202f%"
    return values, texts, values[-1]


def time_ticks(end_s: float, start_s: float = 0.0, *, count: int = 6) -> tuple[list[float], list[str]]:
    """Ticks of a time axis in seconds, at round times."""
    steps = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
    step = next((each for each in steps if (end_s - start_s) / each <= count), 7200)
    values = [float(k * step) for k in range(math.ceil(start_s / step), int(end_s / step) + 1)]
    return values, [clock(value) for value in values]
