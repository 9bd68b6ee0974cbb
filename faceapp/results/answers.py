"""What is printed of a person for each attribute that gives one answer: the answer, its doubt, who set it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from analysis.attributes import UNKNOWN, Attribute
from analysis.types import AgeEstimate, LabelEstimate
from faceapp.core.percent import certainty, span
from faceapp.results.corrections.correctable import correctable
from faceapp.results.people import PersonView

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Answer:
    """Of one attribute; without a value where nothing was read."""

    attribute: Attribute
    value: str  # "34", "female"
    doubt: str  # "29–40", "97 %"; empty where a hand set the value
    is_by_hand: bool

    @property
    def is_unknown(self) -> bool:
        return self.value in (UNKNOWN, NOTHING)

    @property
    def is_said(self) -> bool:
        return self.value != NOTHING

    @property
    def words(self) -> str:
        """Inside of a list: "34 (29–40)", "female", "beard: yes"."""
        if self.attribute.kind == "years":
            return f"{self.value} ({self.doubt})" if self.doubt else self.value
        return self.attribute.spoken(self.value)


def answer_columns(on: Collection[str]) -> list[Attribute]:
    """The attributes of these switches that give one answer, in the order of tables."""
    return [attribute for attribute in correctable().values() if attribute.switch.key in on]


def answers_of(person: PersonView, on: Collection[str]) -> list[Answer]:
    """One for each of `answer_columns`."""
    return [_answer(person, attribute) for attribute in answer_columns(on)]


def _answer(person: PersonView, attribute: Attribute) -> Answer:
    reading, is_by_hand = person.readings.get(attribute.key), attribute.key in person.corrected_fields
    value, doubt = NOTHING, ""
    if isinstance(reading, AgeEstimate):
        value, doubt = str(reading.years), span(reading.low, reading.high)
    elif isinstance(reading, LabelEstimate):
        value, doubt = reading.label, certainty(reading.confidence)
    return Answer(attribute, value, "" if is_by_hand else doubt, is_by_hand)
