"""Charts of who was there: the age pyramid, and horizontal bars of shares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import quantiles

from analysis.types import UNKNOWN
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
from faceapp.audience.figures import AudienceFigures, Individual, PyramidRow, Share
from faceapp.audience.wording import listed, name_of, share_interval, share_text
from faceapp.core.percent import percent

Faces = Callable[[dict[str, str]], str]  # the address of the faces behind a bar: {"age": "25-34"}

SHARE_COLUMNS = (
    Column("people", "People", "count"),
    Column("share", "Share", "share"),
    Column("low", "From", "share"),
    Column("high", "To", "share"),
    Column("n", "n", "count"),
)


def pyramid_chart(figures: AudienceFigures, people: Sequence[Individual], faces: Faces) -> Chart:
    """Apparent age by perceived gender, female to the left."""
    rows = figures.pyramid
    columns = (Column("age", "Apparent age", "group"), Column("gender", "Perceived gender", "group"), *SHARE_COLUMNS)
    table = Table(columns, tuple(_pyramid_rows(rows, faces)))
    n = rows[0].female.n if rows else 0
    counts = {label: sum(getattr(row, label).count for row in rows) for label in ("female", "male", "unknown")}
    return Chart(
        key="age-gender",
        title="Apparent age and perceived gender",
        word="apparent_age",
        sentence=_age_sentence([p.age.years for p in people if p.age is not None]),
        foot=f"n = {n}, whiskers 95\u202f%",
        table=table,
        spec=_pyramid_spec(rows, faces) if rows else None,
        height_px=262,
        legend=(
            Legend("female", f"Female {counts['female']}"),
            Legend("male", f"Male {counts['male']}"),
            Legend("unknown", f"Unknown {counts['unknown']}, not drawn"),
        ),
        links=(Link("Faces", faces({})),),
        empty="Nobody's age and gender were judged here.",
    )


def shares_chart(
    key: str, title: str, shares: Sequence[Share], sentence: str, *, word: str, column: Column, faces: Faces, by: str
) -> Chart:
    """Horizontal bars, largest first and unknown last."""
    ordered = sorted(shares, key=lambda share: (share.key == UNKNOWN, -share.count))
    rows = tuple(
        Row((s.key, s.count, s.value, s.low, s.high, s.n), faces({by: s.key}) if by and s.count else "")
        for s in ordered
    )
    labels = [(percent(s.value), f"{share_interval(s)}, {s.count}") for s in ordered]
    n = ordered[0].n if ordered else 0
    return Chart(
        key=key,
        title=title,
        facts="share, interval, people" if ordered else "",
        word=word,
        sentence=sentence,
        foot=f"n = {n}, whiskers 95\u202f%",
        table=Table((column, *SHARE_COLUMNS), rows),
        spec=bars_spec(
            [s.key for s in ordered],
            [s.value for s in ordered],
            labels,
            lows=[s.low for s in ordered],
            highs=[s.high for s in ordered],
            hrefs=[row.href for row in rows],
        )
        if ordered
        else None,
        height_px=bars_height_px(len(ordered)),
        links=(Link("Faces", faces({})),),
        empty="This was not judged here.",
    )


def ethnicity_sentence(shares: Sequence[Share]) -> str:
    if not shares:
        return "Ethnicity is switched off for these videos."
    unknown = next(share for share in shares if share.key == UNKNOWN)
    known = {share.key: share for share in shares if share.key != UNKNOWN and share.count}
    if not known:
        return "The pictures allow no answer for anyone."
    highest = max(share.count for share in known.values())
    most = [key for key, share in known.items() if share.count == highest]
    share = percent(known[most[0]].value)
    if len(most) > 1:
        said = f"{listed(most)} are perceived equally often, for {share} of the people each"
    else:
        said = f"{most[0]} is perceived most often, for {share} of the people"
    return f"{said}; for {percent(unknown.value)} the pictures allow no answer." if unknown.count else f"{said}."


def bars_height_px(n: int) -> int:
    return 34 * max(n, 1) + 14


def bars_spec(
    keys: Sequence[str],
    values: Sequence[float],
    labels: Sequence[tuple[str, str]],
    *,
    lows: Sequence[float] | None = None,
    highs: Sequence[float] | None = None,
    hrefs: Sequence[str] = (),
    names: Sequence[str] = (),
    colors: bool = True,
) -> Spec:
    """Bars from the left, a name before and a label (value, its doubt) behind each; whiskers with a halo over the bars.

    Names and labels are annotations at fixed pixels, so that they stand in columns at any width.
    """
    names = list(names) or [name_of(key) for key in keys]
    places = list(range(len(keys)))
    longest = max((len(doubt) for _, doubt in labels), default=0)
    name_px = 14 + max((7 * len(name) for name in names), default=0)
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "x": [value],
            "y": [place],
            "width": 0.52,
            "marker": _marker(key, value) if colors else {"color": token("accent"), "cornerradius": 3},
            "customdata": [hrefs[place] if hrefs else ""],
            "hoverinfo": "text",
            "hovertext": [f"{names[place]}: {' '.join(labels[place])}"],
            **({} if lows is None or highs is None else _haloed(value, lows[place], highs[place])),
        }
        for place, (key, value) in enumerate(zip(keys, values, strict=True))
    ]
    if lows is not None and highs is not None:
        traces.append(_over(values, lows, highs, places, "error_x"))
    end = max([*(highs or ()), *values, 1e-6])
    return spec_of(
        traces,
        layout(
            height_px=bars_height_px(len(keys)),
            barmode="overlay",
            hovermode="closest",
            margin={"l": name_px, "r": 72 + 7 * longest if longest else 62, "t": 4, "b": 4},
            xaxis={"visible": False, "range": [0, end * 1.002], "automargin": False},
            yaxis={"visible": False, "range": [len(keys) - 0.5, -0.5], "automargin": False},
            annotations=[
                note
                for place, (value, doubt) in enumerate(labels)
                for note in (
                    _beside(place, names[place], "left", 0, -name_px, "ink-2"),
                    _beside(place, f"<b>{value}</b>", "right", 1, 60, "ink"),
                    _beside(place, doubt, "left", 1, 66, "ink-3"),
                )
                if note["text"]
            ],
        ),
    )


def _marker(key: str, value: float) -> Spec:
    marker = fill_of(key)
    if not value:
        marker.pop("line", None)  # an edge around nothing would be a stroke
    return marker


def _beside(place: int, text: str, anchor: str, x: int, shift_px: int, ink: str) -> Spec:
    """Text left (x 0) or right (x 1) of a bar, so many pixels from the drawing's edge."""
    return {
        "x": x,
        "xref": "paper",
        "xanchor": anchor,
        "xshift": shift_px,
        "y": place,
        "text": text,
        "showarrow": False,
        "align": anchor,
        "font": {"size": 13, "color": token(ink)},
    }


def _pyramid_rows(rows: Sequence[PyramidRow], faces: Faces) -> list[Row]:
    return [
        Row(
            (row.band.key, label, share.count, share.value, share.low, share.high, share.n),
            faces({"age": row.band.key, "gender": label}) if share.count else "",
        )
        for row in rows
        for label, share in (("female", row.female), ("male", row.male), ("unknown", row.unknown))
    ]


def _pyramid_spec(rows: Sequence[PyramidRow], faces: Faces) -> Spec:
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
        traces.append(_over(values, lows, highs, bands, "error_x"))
    top = max(max(row.female.high * bool(row.female.count), row.male.high * bool(row.male.count)) for row in rows)
    ticks, texts, end = percent_ticks(max(top, 0.01), count=4)
    both = [-value for value in reversed(ticks[1:])] + ticks
    return spec_of(
        traces,
        layout(
            height_px=262,
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


def _haloed(value: float, low: float, high: float) -> Spec:
    return {"error_x": whiskers([value], [low], [high], thickness=3.25, color=token("surface"))}


def _over(
    values: Sequence[float], lows: Sequence[float], highs: Sequence[float], places: Sequence[str | int], axis: str
) -> Spec:
    """The ink of the whiskers, over bars and halos."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": list(values),
        "y": list(places),
        "marker": {"size": 0.1, "color": token("ink"), "opacity": 0},
        "hoverinfo": "skip",
        axis: whiskers(values, lows, highs, thickness=1.25, color=token("ink")),
    }


def _age_sentence(years: Sequence[int]) -> str:
    if not years:
        return "Age is switched off for these videos, or nobody was seen."
    if len(years) == 1:
        return f"The one person appears to be {years[0]}."
    if len(years) < 4:
        return f"They appear to be between {min(years)} and {max(years)}."
    first, _, third = quantiles(years, n=4, method="inclusive")
    return f"Half of the people appear between {round(first)} and {round(third)}."
