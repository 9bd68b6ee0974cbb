"""The part of a video that figures are of: a segment, a range of an address, or everything outside of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.clock import timecode

Part = tuple[float, float]  # [from_s, to_s), half-open


@dataclass(frozen=True, slots=True)
class Window:
    """Parts of a video in time order that do not touch, each half-open, s."""

    parts: tuple[Part, ...]

    @classmethod
    def of(cls, from_s: float, to_s: float) -> Window:
        """
        Raises:
            ValueError: it would be empty.
        """
        if not 0 <= from_s < to_s:
            raise ValueError("A window begins at 0 or later, and ends after it begins.")
        return cls(((from_s, to_s),))

    def rest(self, duration_s: float) -> Window:
        """Everything else of a video of this length; it may be empty."""
        starts = [0.0, *(to_s for _, to_s in self.parts)]
        ends = [*(from_s for from_s, _ in self.parts), duration_s]
        return Window(tuple((start, end) for start, end in zip(starts, ends, strict=True) if start < end))

    def within(self, duration_s: float) -> Window:
        """What of it lies in a video of this length; it may be empty."""
        return Window(self.clip(0.0, duration_s))

    @property
    def words(self) -> str:
        """ "0:18.0–0:45.0"; of several parts "0:00.0–0:18.0 and 0:45.0–1:00.0"."""
        return " and ".join(f"{timecode(from_s)}–{timecode(to_s)}" for from_s, to_s in self.parts) or "no time"

    @property
    def from_s(self) -> float:
        """When the first part begins; 0 where there is none."""
        return self.parts[0][0] if self.parts else 0.0

    @property
    def to_s(self) -> float:
        """When the last part ends; 0 where there is none."""
        return self.parts[-1][1] if self.parts else 0.0

    @property
    def length_s(self) -> float:
        return sum(to_s - from_s for from_s, to_s in self.parts)

    def clip(self, start_s: float, end_s: float) -> tuple[Part, ...]:
        """What of ``[start_s, end_s)`` lies inside."""
        cut = ((max(start_s, from_s), min(end_s, to_s)) for from_s, to_s in self.parts)
        return tuple((start, end) for start, end in cut if start < end)

    def seconds_of(self, spells: Iterable[Part]) -> float:
        """How long these spells last inside of it, s."""
        return sum(end - start for spell in spells for start, end in self.clip(*spell))

    def holds(self, start_s: float, end_s: float) -> bool:
        """Whether all of ``[start_s, end_s)`` lies inside."""
        return any(from_s <= start_s and end_s <= to_s for from_s, to_s in self.parts)

    def covers(self, time_s: float) -> bool:
        return any(from_s <= time_s < to_s for from_s, to_s in self.parts)
