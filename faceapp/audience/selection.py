"""Which videos, and which of their people: read from an address, written back into one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar
from urllib.parse import urlencode

from django.http import QueryDict

from analysis.attributes import Attribute, of_kind, switched_on
from analysis.types import LabelEstimate
from faceapp.audience.bands import AGE_BANDS, band_of
from faceapp.audience.figures import Individual, is_watcher
from faceapp.segments.selectors import TimeFilter

P = TypeVar("P", bound=Individual)

LEAST_CHOICES_S = (0.0, 1.0, 2.0, 5.0, 10.0, 30.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Empty fields do not filter. Without videos and projects: all that counts, which the sample does not."""

    videos: tuple[uuid.UUID, ...] = ()
    projects: tuple[uuid.UUID, ...] = ()
    ages: tuple[str, ...] = ()  # keys of age bands
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by attribute that gives one label
    least_s: float = 0.0  # in view at least
    with_static: bool = False
    watchers: bool = False  # only who looked
    time: TimeFilter = field(default_factory=TimeFilter)  # only what lies in a segment, or from one time to another

    @classmethod
    def from_query(cls, query: QueryDict) -> Selection:
        """What an address says; values that mean nothing are passed over."""
        return cls(
            videos=tuple(_uuids(query.getlist("video"))),
            projects=tuple(_uuids(query.getlist("project"))),
            ages=tuple(band.key for band in AGE_BANDS if band.key in query.getlist("age")),
            labels={
                attribute.key: chosen
                for attribute in of_kind("label")
                if (chosen := tuple(key for key in attribute.answers if key in query.getlist(attribute.key)))
            },
            least_s=_seconds(query.get("least", "")),
            with_static="static" in query,
            watchers="watchers" in query,
            time=TimeFilter.from_query(query),
        )

    def to_query(self) -> str:
        """For an address, without the question mark."""
        pairs = [("video", str(key)) for key in self.videos] + [("project", str(key)) for key in self.projects]
        pairs += [("age", key) for key in self.ages]
        pairs += [(attribute, key) for attribute, chosen in self.labels.items() for key in chosen]
        if self.least_s:
            pairs.append(("least", f"{self.least_s:g}"))
        if self.with_static:
            pairs.append(("static", "1"))
        if self.watchers:
            pairs.append(("watchers", "1"))
        return urlencode([*pairs, *self.time.pairs])

    def with_(self, **changes: object) -> Selection:
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def filters_people(self) -> bool:
        return bool(self.ages or self.labels or self.least_s or self.watchers)

    def people(self, everyone: Iterable[P]) -> list[P]:
        """Those whom the filters let through."""
        return [person for person in everyone if self._holds(person)]

    def _holds(self, person: Individual) -> bool:
        if person.in_view_s < self.least_s or (self.watchers and not is_watcher(person)):
            return False
        if self.ages and (person.age is None or band_of(person.age.years).key not in self.ages):
            return False
        return all(_answer(person, attribute) in chosen for attribute, chosen in self.labels.items())


def filterable(on: Sequence[str]) -> tuple[Attribute, ...]:
    """The attributes of these switches by which people can be chosen."""
    return tuple(attribute for attribute in switched_on(on) if attribute.kind in ("years", "label"))


def _answer(person: Individual, attribute: str) -> str | None:
    reading = person.readings.get(attribute)
    return reading.label if isinstance(reading, LabelEstimate) else None


def _uuids(values: Sequence[str]) -> Iterable[uuid.UUID]:
    for value in dict.fromkeys(values):
        try:
            yield uuid.UUID(value)
        except ValueError:
            continue


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        return 0.0
    return seconds if 0 < seconds < 1e6 else 0.0
