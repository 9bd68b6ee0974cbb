"""The time that each expression is shown."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.builtin_attributes import EMOTION
from faceapp.audience.charts.groups import bars_height_px, bars_spec
from faceapp.audience.charts.parts import Chart, Column, Row, Table
from faceapp.audience.figures import FEW, Figure
from faceapp.audience.reaction import SHOWN
from faceapp.audience.wording import counted, interval_text, listed, value_text
from faceapp.core.percent import leaders, percent


def emotion_time_chart(figures: Sequence[Figure]) -> Chart:
    """Share of the time in view that people show each expression, in the fixed order."""
    by_key = {figure.key.removeprefix("emotion:"): figure for figure in figures}
    ordered = [(name, by_key[name]) for name in SHOWN if name in by_key]
    columns = (
        Column("expression", "Expression", "group"),
        Column("share", "Share of time", "share"),
        Column("low", "From", "share"),
        Column("high", "To", "share"),
        Column("n", "n", "count"),
    )
    rows = tuple(Row((name, f.value, f.low, f.high, f.n)) for name, f in ordered)
    values = [figure.value or 0.0 for _, figure in ordered]
    n = ordered[0][1].n if ordered else 0
    return Chart(
        key="expression-time",
        title="Expressions by share of time",
        word="expression",
        sentence=_time_sentence(dict(ordered)),
        foot=f"n = {counted(n, 'person', 'people')}, each counted once"
        + (", whiskers 95\u202f%" if n >= FEW else "; intervals are in the table" if n > 1 else ""),
        table=Table(columns, rows),
        spec=bars_spec(
            [name for name, _ in ordered],
            values,
            [(value_text(f), interval_text(f) if n >= FEW else "") for _, f in ordered],
            lows=[figure.low or 0.0 for _, figure in ordered] if n >= FEW else None,
            highs=[figure.high or 0.0 for _, figure in ordered] if n >= FEW else None,
            dots=n < FEW,
        )
        if ordered
        else None,
        height_px=bars_height_px(len(ordered)),
        empty="Expressions are switched off for these videos.",
    )


def _time_sentence(figures: dict[str, Figure]) -> str:
    shown = {name: figure.value or 0.0 for name, figure in figures.items() if name in EMOTION.telling_keys}
    most = leaders(shown)
    if not most:
        return f"{'Hardly any' if any(shown.values()) else 'No'} expression other than neutral was found."
    share = percent(shown[most[0]])
    if len(most) > 1:
        return f"{listed(most)} were the most common expressions after neutral: {share} of the time in view each."
    return f"{most[0]} was the most common expression after neutral: {share} of the time in view."
