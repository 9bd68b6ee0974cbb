"""What is drawn of few people: one dot per person, or one per mean. Intervals stand in the table."""

from __future__ import annotations

from collections.abc import Sequence

from faceapp.audience.charts.parts import Spec, edge_of, token
from faceapp.audience.wording import name_of

DOT_PX = 9
LEAST_ROOM = 12  # dots that a row has room for: two people do not stand at its ends


def people_dots(keys: Sequence[str], counts: Sequence[int], hrefs: Sequence[str], said: Sequence[str]) -> list[Spec]:
    """A row of dots for each key, with its address and its words behind every dot."""
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "cliponaxis": False,
            "name": name_of(key),
            "x": [k + 0.5 for k in range(count)],
            "y": [place] * count,
            "marker": dot_of(key),
            "customdata": [hrefs[place]] * count,
            "hovertext": [said[place]] * count,
            "hoverinfo": "text",
        }
        for place, (key, count) in enumerate(zip(keys, counts, strict=True))
    ]


def value_dots(keys: Sequence[str], values: Sequence[float], said: Sequence[str]) -> list[Spec]:
    """A dot at each value, on a thin stem from zero."""
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "cliponaxis": False,
            "x": [value],
            "y": [place],
            "marker": dot_of(key),
            "error_x": {"type": "data", "symmetric": False, "array": [0], "arrayminus": [value], "width": 0,
                        "thickness": 1.5, "color": token("line")},
            "hovertext": [said[place]],
            "hoverinfo": "text",
        }
        for place, (key, value) in enumerate(zip(keys, values, strict=True))
    ]  # fmt: skip


def room_for(counts: Sequence[int]) -> int:
    """How many dots the axis is long."""
    return max([*counts, LEAST_ROOM])


def dot_of(key: str) -> Spec:
    """The `marker` of a category's dots; what is unknown is a ring, for a dot is too small for a hatch."""
    if key == "unknown":
        return {"size": DOT_PX - 1, "color": token("unknown-wash"), "line": {"color": token("unknown"), "width": 1.5}}
    marker: Spec = {"size": DOT_PX, "color": token(key)}
    return marker | edge_of(key)
