"""The engine's estimates ↔ the column of readings of a `Person` or `Track` row."""

from __future__ import annotations

from typing import Any

from analysis.attributes import attributes
from analysis.kinds import from_json, to_json
from analysis.types import Estimates
from faceapp.results.models import Summary


def columns_of(in_view_s: float, estimates: Estimates) -> dict[str, Any]:
    """Values for the columns of `Summary`."""
    known = attributes()
    readings = {key: to_json(known[key], reading) for key, reading in estimates.readings.items()}
    return {"in_view_s": in_view_s, "readings": readings}


def estimates_of(row: Summary) -> Estimates:
    """What `columns_of` was given; readings of a plugin that is gone are left out."""
    on = (attribute for key, attribute in attributes().items() if key in row.readings)
    return Estimates({each.key: from_json(each, row.readings[each.key]) for each in on})
