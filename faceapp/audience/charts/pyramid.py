"""The age pyramid: apparent age by perceived gender, as dots for few people and as bars for many."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import quantiles

from analysis.types import GENDERS
from faceapp.audience.charts.dots import dot_of, room_for
from faceapp.audience.charts.groups import SHARE_COLUMNS, Faces, foot_of, over
from faceapp.audience.charts.parts import (
    Chart,
    Column,
    Legend,
    Link,
    Row,
    Spec,
    Table,
    fill_of,
    layout,
    percent_ticks,
    spec_of,
    token,
    whiskers,
)
from faceapp.audience.figures import FEW, AudienceFigures, Individual, PyramidRow, Share
from faceapp.audience.wording import name_of, share_text

HEIGHT_PX = 262


def pyramid_chart(figures: AudienceFigures, people: Sequence[Individual], faces: Faces) -> Chart:
    """Apparent age by perceived gender, female to the left."""
    rows = figures.pyramid
    columns = (Column("age", "Apparent age", "group"), Column("gender", "Perceived gender", "group"), *SHARE_COLUMNS)
    table = Table(columns, tuple(_table_rows(rows, faces)))
    n = rows[0].female.n if rows else 0
    counts = {label: sum(getattr(row, label).count for row in rows) for label in ("female", "male", "unknown")}
    return Chart(
        key="age-gender",
        title="Apparent age and perceived gender",
        word="apparent_age",
        sentence=_age_sentence([p.age.years for p in people if p.age is not None]),
        foot=foot_of(n),
        table=table,
        spec=_few_or_many(rows, faces) if rows else None,
        height_px=HEIGHT_PX,
        legend=(
            Legend("female", f"Female {counts['female']}"),
            Legend("male", f"Male {counts['male']}"),
            Legend("unknown", f"Unknown {counts['unknown']}, not shown"),
        ),
        links=(Link("Faces", faces({})),),
        empty="Age and gender were not analyzed.",
    )


def _few_or_many(rows: Sequence[PyramidRow], faces: Faces) -> Spec:
    if rows[0].female.n >= FEW:
        return _bars_spec(rows, faces)
    hrefs = {(row.band.key, label): faces({"age": row.band.key, "gender": label}) for row in rows for label in GENDERS}
    return _dots_spec(rows, hrefs)


def _dots_spec(rows: Sequence[PyramidRow], hrefs: dict[tuple[str, str], str]) -> Spec:
    """Apparent age by perceived gender, female to the left, one dot per person."""
    bands = [row.band.label for row in rows]
    traces = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": name_of(label),
            "x": [sign * (k + 0.5) for row in rows for k in range(getattr(row, label).count)],
            "y": [row.band.label for row in rows for _ in range(getattr(row, label).count)],
            "marker": dot_of(label),
            "customdata": [hrefs[row.band.key, label] for row in rows for _ in range(getattr(row, label).count)],
            "hovertext": [
                f"{name_of(label)} {row.band.label}: {getattr(row, label).count} of {getattr(row, label).n}"
                for row in rows
                for _ in range(getattr(row, label).count)
            ],
            "hoverinfo": "text",
        }
        for label, sign in (("female", -1), ("male", 1))
    ]
    room = room_for([getattr(row, label).count for row in rows for label in ("female", "male")])
    step = next(each for each in (1, 2, 5, 10) if room / each <= 6)
    ticks = list(range(0, room + 1, step))
    return spec_of(
        traces,
        layout(
            height_px=HEIGHT_PX,
            hovermode="closest",
            margin={"l": 44, "r": 22, "t": 4, "b": 40},
            xaxis={
                "range": [-room - 0.3, room + 0.3],
                "tickvals": [*(-tick for tick in reversed(ticks[1:])), *ticks],
                "ticktext": [*(str(tick) for tick in reversed(ticks[1:])), *(str(tick) for tick in ticks)],
                "zeroline": True,
                "zerolinecolor": token("line-strong"),
                "zerolinewidth": 1,
                "title": {"text": "people", "font": {"size": 12, "color": token("ink-3")}, "standoff": 6},
            },
            yaxis={
                "type": "category",
                "categoryorder": "array",
                "categoryarray": bands,
                "range": [-0.5, len(bands) - 0.5],
            },
        ),
    )


def _bars_spec(rows: Sequence[PyramidRow], faces: Faces) -> Spec:
    bands = [row.band.label for row in rows]
    traces: list[Spec] = []
    for label, sign in (("female", -1), ("male", 1)):
        shares: list[Share] = [getattr(row, label) for row in rows]
        values = [sign * share.value for share in shares]
        near = [sign * (share.low if share.count else 0) for share in shares]
        far = [sign * (share.high if share.count else 0) for share in shares]
        lows, highs = (far, near) if sign < 0 else (near, far)
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": name_of(label),
                "x": values,
                "y": bands,
                "marker": fill_of(label),
                "error_x": whiskers(values, lows, highs, thickness=3.25, color=token("surface")),
                "customdata": [
                    faces({"age": row.band.key, "gender": label}) if share.count else ""
                    for row, share in zip(rows, shares, strict=True)
                ],
                "hovertext": [f"{name_of(label)} {row.band.label}: {share_text(share)}, "
                              f"{share.count} of {share.n}" for row, share in zip(rows, shares, strict=True)],
                "hoverinfo": "text",
            }
        )  # fmt: skip
        traces.append(over(values, lows, highs, bands, "error_x"))
    top = max(max(row.female.high * bool(row.female.count), row.male.high * bool(row.male.count)) for row in rows)
    ticks, texts, end = percent_ticks(max(top, 0.01), count=4)
    both = [-value for value in reversed(ticks[1:])] + ticks
    return spec_of(
        traces,
        layout(
            height_px=HEIGHT_PX,
            barmode="overlay",
            hovermode="closest",
            margin={"l": 44, "r": 22, "t": 4, "b": 40},
            xaxis={
                "range": [-1.002 * end, 1.002 * end],
                "ticklabeloverflow": "allow",
                "tickvals": both,
                "ticktext": [*reversed(texts[1:]), *texts],
                "showgrid": True,
                "zeroline": True,
                "zerolinecolor": token("line-strong"),
                "zerolinewidth": 1,
                "title": {"text": "share of people", "font": {"size": 12, "color": token("ink-3")}, "standoff": 6},
            },
            yaxis={"showgrid": False, "type": "category"},
        ),
    )


def _table_rows(rows: Sequence[PyramidRow], faces: Faces) -> list[Row]:
    return [
        Row(
            (row.band.key, label, share.count, share.value, share.low, share.high, share.n),
            faces({"age": row.band.key, "gender": label}) if share.count else "",
        )
        for row in rows
        for label, share in (("female", row.female), ("male", row.male), ("unknown", row.unknown))
    ]


def _age_sentence(years: Sequence[int]) -> str:
    if not years:
        return "Age is switched off for these videos, or no one was seen."
    if len(years) == 1:
        return f"The one person appears to be {years[0]}."
    if len(years) < 4:
        return f"They appear to be between {min(years)} and {max(years)}."
    first, _, third = quantiles(years, n=4, method="inclusive")
    return f"Half of the people appear between {round(first)} and {round(third)}."
