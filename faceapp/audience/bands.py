"""Age bands: ranges of apparent years that reports speak in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Whole years from `low` to `high`, both inside; the last band has no end."""

    low: int
    high: int | None

    @property
    def key(self) -> str:
        """For addresses and files: "25-34", "65+"."""
        return f"{self.low}+" if self.high is None else f"{self.low}-{self.high}"

    @property
    def label(self) -> str:
        """For people to read, with an en dash."""
        return self.key.replace("-", "–")

    def holds(self, years: int) -> bool:
        return self.low <= years and (self.high is None or years <= self.high)


AGE_BANDS = (
    AgeBand(0, 12),
    AgeBand(13, 17),
    AgeBand(18, 24),
    AgeBand(25, 34),
    AgeBand(35, 44),
    AgeBand(45, 54),
    AgeBand(55, 64),
    AgeBand(65, None),
)


def band_of(years: int, bands: Sequence[AgeBand] = AGE_BANDS) -> AgeBand:
    """The band that holds an age.

    Raises:
        ValueError: no band does.
    """
    for band in bands:
        if band.holds(years):
            return band
    raise ValueError(f"No age band holds {years} years.")
