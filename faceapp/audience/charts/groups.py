"""Horizontal bars, and the chart of shares of groups that is made of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis.attributes import Attribute
from analysis.types import UNKNOWN
from faceapp.audience.charts.dots import people_dots, room_for, value_dots
from faceapp.audience.charts.parts import (
    Chart,
    Column,
    Link,
    Row,
    Spec,
    Table,
    fill_of,
    layout,
    spec_of,
    token,
    whiskers,
)
from faceapp.audience.figures import FEW, Share
from faceapp.audience.wording import listed, name_of, share_interval
from faceapp.core.percent import percent

Faces = Callable[[dict[str, str]], str]  # the address of the faces behind a bar: {"age": "25-34"}

SHARE_COLUMNS = (
    Column("people", "People", "count"),
    Column("share", "Share", "share"),
    Column("low", "From", "share"),
    Column("high", "To", "share"),
    Column("n", "n", "count"),
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
    n = ordered[0].n if ordered else 0
    is_few = n < FEW
    labels = [(percent(s.value), f"{s.count}" if is_few else f"{share_interval(s)}, {s.count}") for s in ordered]
    return Chart(
        key=key,
        title=title,
        facts="" if not ordered else "share, people" if is_few else "share, interval, people",
        word=word,
        sentence=sentence,
        foot=foot_of(n),
        table=Table((column, *SHARE_COLUMNS), rows),
        spec=bars_spec(
            [s.key for s in ordered],
            [s.value for s in ordered],
            labels,
            lows=None if is_few else [s.low for s in ordered],
            highs=None if is_few else [s.high for s in ordered],
            counts=[s.count for s in ordered] if is_few else None,
            hrefs=[row.href for row in rows],
        )
        if ordered
        else None,
        height_px=bars_height_px(len(ordered)),
        links=(Link("Faces", faces({})),),
        empty="Not analyzed.",
    )


def label_sentence(attribute: Attribute, shares: Sequence[Share]) -> str:
    """Which answer of an attribute is given most often."""
    if not shares:
        return f"{attribute.short} is switched off for these videos."
    unknown = next(share for share in shares if share.key == UNKNOWN)
    known = {share.key: share for share in shares if share.key != UNKNOWN and share.count}
    if not known:
        return "The images are not clear enough to tell for anyone."
    highest = max(share.count for share in known.values())
    most = [key for key, share in known.items() if share.count == highest]
    share = percent(known[most[0]].value)
    names = listed([_answer(attribute, key) for key in most])
    if len(most) > 1:
        said = f"{names} are perceived equally often, for {share} of the people each"
    else:
        said = f"{names} is perceived most often, for {share} of the people"
    return (
        f"{said}. For {percent(unknown.value)} the images are not clear enough to tell."
        if unknown.count
        else f"{said}."
    )


def foot_of(n: int) -> str:
    """How many were counted, and where their intervals are."""
    if n < FEW:
        return f"n = {n}{', one dot per person; intervals are in the table' if n else ''}"
    return f"n = {n}, whiskers 95\u202f%"


def _answer(attribute: Attribute, key: str) -> str:
    """An answer at the start of a sentence: "White", "Beard: no"."""
    return name_of(attribute.spoken(key))


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
    counts: Sequence[int] | None = None,
    dots: bool = False,
) -> Spec:
    """Bars from the left, a name before and a label (value, its doubt) behind each; whiskers with a halo over the bars.

    With `counts`, one dot per person stands in a bar's place; with `dots`, one dot at its end.

    Names and labels are annotations at fixed pixels, so that they stand in columns at any width.
    """
    names = list(names) or [name_of(key) for key in keys]
    places = list(range(len(keys)))
    longest = max((len(doubt) for _, doubt in labels), default=0)
    name_px = 14 + max((7 * len(name) for name in names), default=0)
    said = [f"{names[place]}: {' '.join(labels[place])}" for place in places]
    if counts is not None:
        traces = people_dots(keys, counts, hrefs, said)
        end = float(room_for(counts))
    elif dots:
        traces = value_dots(keys, values, said)
        end = max([*values, 1e-6]) * 1.03
    else:
        traces = _bars(keys, values, lows, highs, hrefs, said, colors=colors)
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


def _bars(
    keys: Sequence[str],
    values: Sequence[float],
    lows: Sequence[float] | None,
    highs: Sequence[float] | None,
    hrefs: Sequence[str],
    said: Sequence[str],
    *,
    colors: bool,
) -> list[Spec]:
    places = list(range(len(keys)))
    traces: list[Spec] = [
        {
            "type": "bar",
            "orientation": "h",
            "x": [value],
            "y": [place],
            "width": 0.52,
            "marker": _marker(key, value) if colors else {"color": token("accent"), "cornerradius": 3},
            "customdata": [hrefs[place] if hrefs else ""],
            "hoverinfo": "text",
            "hovertext": [said[place]],
            **({} if lows is None or highs is None else _haloed(value, lows[place], highs[place])),
        }
        for place, (key, value) in enumerate(zip(keys, values, strict=True))
    ]
    if lows is not None and highs is not None:
        traces.append(over(values, lows, highs, places, "error_x"))
    return traces


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


def _haloed(value: float, low: float, high: float) -> Spec:
    return {"error_x": whiskers([value], [low], [high], thickness=3.25, color=token("surface"))}


def over(
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
