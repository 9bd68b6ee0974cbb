"""A comparison in words and numbers: the same on the page, in the PDF, in the CSV and in the API."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.clock import NARROW, half_up
from faceapp.audience.figures import Figure, Unit
from faceapp.audience.wording import MINUS, NOTHING, value_text
from faceapp.comparisons.comparing import Difference
from faceapp.comparisons.verdicts import Verdict

DIGITS: Mapping[Unit, int] = {"s": 1}
SCALE: Mapping[Unit, float] = {"share": 100.0}
SUFFIX: Mapping[Unit, str] = {"s": f"{NARROW}s", "years": f"{NARROW}y"}


def words_of(verdict: Verdict, letter: str) -> str:
    """ "B higher", "Not settled"; empty where there is nothing to judge."""
    name = letter.upper()
    return {
        Verdict.WITHHELD: "Under 5: not shown",
        Verdict.NO_DATA: "",
        Verdict.TOO_FEW: "Too few to say",
        Verdict.NO_DIFFERENCE: "No difference to speak of",
        Verdict.HIGHER: f"{name} higher",
        Verdict.LOWER: f"{name} lower",
        Verdict.NOT_SETTLED: "Not settled",
    }[verdict]


def figure_text(figure: Figure) -> str:
    return value_text(figure)


def range_text(figure: Figure) -> str:
    """The interval of a column's value: "51–69", "−2 to +6"; empty where there is none."""
    if figure.value is None or figure.low is None or figure.high is None:
        return ""
    low, high = _number(figure.low, figure.unit), _number(figure.high, figure.unit)
    return (
        f"{signed(figure.low, 'points')} to {signed(figure.high, 'points')}"
        if figure.unit == "points"
        else f"{low}–{high}"
    )


def difference_text(difference: Difference, unit: Unit) -> str:
    """ "+17", "+1.3 s": points for shares."""
    return f"{signed(difference.value, unit)}{SUFFIX.get(unit, '')}"


def ends_text(difference: Difference, unit: Unit) -> str:
    """ "+4 to +28"."""
    return f"{signed(difference.low, unit)} to {signed(difference.high, unit)}"


def signed(value: float, unit: Unit) -> str:
    """With its sign, which 0 has not."""
    text = _number(abs(value), unit)
    if not float(text):
        return text
    return f"{'+' if value > 0 else MINUS}{text}"


def n_text(n_pairs: int | None, figure_a: Figure, figure_b: Figure | None) -> str:
    """ "118, 96", "104 pairs"."""
    if n_pairs is not None:
        return f"{n_pairs} pairs"
    return f"{figure_a.n}, {figure_b.n if figure_b else NOTHING}"


def _number(value: float, unit: Unit) -> str:
    tens = 10 ** DIGITS.get(unit, 0)
    rounded = half_up(value * SCALE.get(unit, 1.0) * tens) / tens
    return f"{rounded:.{DIGITS.get(unit, 0)}f}"
