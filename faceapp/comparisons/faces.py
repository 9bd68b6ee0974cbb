"""The people behind a figure of a column."""

from __future__ import annotations

from dataclasses import dataclass

from faceapp.audience.figures import Unit
from faceapp.comparisons.measures import Measure
from faceapp.comparisons.selectors import Comparison, Face, Party


@dataclass(frozen=True, slots=True)
class Behind:
    """Whom a figure counts: those of the answer, or everyone, the highest value first."""

    party: Party
    measure: Measure
    faces: tuple[Face, ...]
    n: int  # of whom they are, for a share

    @property
    def unit(self) -> Unit:
        return self.measure.unit

    @property
    def is_share(self) -> bool:
        return self.measure.statistic == "share"


def faces_behind(comparison: Comparison, letter: str, key: str) -> Behind | None:
    """None where there is no such column or figure, or where the figure may not be told."""
    party = next((each for each in comparison.parties if each.letter == letter), None)
    row = next((each for each in comparison.rows if each.measure.key == key), None)
    if party is None or row is None or row.withheld.get(letter):
        return None
    values = [(value, face) for face in party.faces if (value := row.measure.value_of(face.person))]
    found = [(part / whole if whole else 0.0, face) for (part, whole), face in values]
    if row.measure.statistic == "share":
        found = [(value, face) for value, face in found if value]
    else:
        found.sort(key=lambda each: -each[0])
    return Behind(party, row.measure, tuple(face for _, face in found), len(values))
