"""What may be said of a difference in four words, and which of many differences hold when all are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from faceapp.audience.figures import FEW

FALSE_DISCOVERIES = 0.05  # of the differences that are said, the part that may be chance
MARGIN_POINTS = 5.0  # a difference within this is none to speak of


class Verdict(Enum):
    """In the order in which they are tried; the value is a key for files and programs."""

    WITHHELD = "withheld"  # fewer than five people, or those could be derived
    NO_DATA = "no_data"
    TOO_FEW = "too_few"
    NO_DIFFERENCE = "no_difference"
    HIGHER = "higher"
    LOWER = "lower"
    NOT_SETTLED = "not_settled"


def verdict_of(low: float, high: float, n: int, *, margin: float, holds: bool) -> Verdict:
    """
    Args:
        low, high: ends of the interval of B − A.
        n: people of the smaller column, or pairs.
        margin: in the unit of the ends; 0 where every difference counts.
        holds: what `discoveries` says of it.
    """
    if n < FEW:
        return Verdict.TOO_FEW
    if -margin <= low and high <= margin and margin:
        return Verdict.NO_DIFFERENCE
    if holds and low > 0:
        return Verdict.HIGHER
    if holds and high < 0:
        return Verdict.LOWER
    return Verdict.NOT_SETTLED


def discoveries(chances: Sequence[float], rate: float = FALSE_DISCOVERIES) -> list[bool]:
    """Which of these p-values are kept, so that about `rate` of the kept are chance (Benjamini and Hochberg 1995)."""
    ordered = sorted(chances)
    n = len(ordered)
    kept = [chance for rank, chance in enumerate(ordered, start=1) if chance <= rate * rank / n]
    limit = kept[-1] if kept else -1.0
    return [chance <= limit for chance in chances]
