"""The figures that are compared: all of the page Audience, built from the registry of attributes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from analysis.attributes import Attribute, switched_on
from analysis.builtin_attributes import ATTENTION, EMOTION
from analysis.types import AgeEstimate, EmotionEstimate, LabelEstimate
from faceapp.audience.bands import AGE_BANDS, AgeBand, band_of
from faceapp.audience.figures import Individual, Unit, expression_balance, is_watcher
from faceapp.audience.glossary import WORDS
from faceapp.audience.wording import name_of
from faceapp.reports.audience.sayable import OF_FEW

Statistic = Literal["share", "mean", "median"]
Value = tuple[float, float]  # a part and its whole; a share counts 1 or 0 of 1, a mean divides by 1
ValueOf = Callable[[Individual], Value | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure of a column: what it reads of a person, and how it sums people up.

    `value_of` gives None for people whom the figure does not count. A mean is the sum of parts ÷ the sum of wholes.
    """

    figure: str  # as in figures.csv: "gender", "expression_time"
    answer: str = ""  # "female", "25-34"; empty where the figure is one number
    group: str  # the heading it stands under
    term: str
    detail: str = ""  # what it is a part of, or how it is summed up
    statistic: Statistic
    unit: Unit
    value_of: ValueOf
    swatch: str = ""  # CSS class of the answer's color
    is_public_for_few: bool = False  # may be told of fewer than five people

    @property
    def key(self) -> str:
        return f"{self.figure}:{self.answer}" if self.answer else self.figure


def measures_of(on: Sequence[str]) -> tuple[Measure, ...]:
    """Of everything that these switches leave on, in the order of the page."""
    return tuple(_all(on))


def _all(on: Sequence[str]) -> Iterator[Measure]:
    if ATTENTION.switch.key in on:
        yield Measure(
            figure="conversion_ratio", group="Audience", term=WORDS["conversion_ratio"].term,
            detail="share of people", statistic="share", unit="share", value_of=_watched,
        )  # fmt: skip
    yield Measure(
        figure="in_view", group="Audience", term=WORDS["in_view"].term, detail="median", statistic="median",
        unit="s", value_of=lambda person: (person.in_view_s, 1.0), is_public_for_few="in_view" in OF_FEW,
    )  # fmt: skip
    yield Measure(
        figure="in_view_mean", group="Audience", term=WORDS["in_view"].term, detail="mean", statistic="mean",
        unit="s", value_of=lambda person: (person.in_view_s, 1.0), is_public_for_few="in_view" in OF_FEW,
    )  # fmt: skip
    if ATTENTION.switch.key in on:
        yield Measure(
            figure="attention_time", group="Attention", term=WORDS["attention_time"].term,
            detail="median of watchers", statistic="median", unit="s", value_of=_attention,
        )  # fmt: skip
        yield Measure(
            figure="attraction_ratio", group="Attention", term=WORDS["attraction_ratio"].term,
            detail="of watchers", statistic="mean", unit="share", value_of=_attraction,
        )  # fmt: skip
    for attribute in switched_on(on, "labels_over_time"):
        yield from _over_time(attribute)
    for attribute in switched_on(on, "years"):
        yield from _years(attribute)
    for attribute in switched_on(on, "label"):
        yield from _labels(attribute)
    for attribute in (*switched_on(on, "years"), *switched_on(on, "label")):
        yield from _screen_time(attribute)


def _over_time(attribute: Attribute) -> Iterator[Measure]:
    for answer in attribute.shown_answers:
        yield Measure(
            figure="expression_time" if attribute == EMOTION else f"{attribute.key}_time", answer=answer,
            group=attribute.term, term=name_of(answer), detail="share of time in view", statistic="mean",
            unit="share", value_of=partial(_time_share, attribute, answer), swatch=answer.lower(),
        )  # fmt: skip
    if attribute == EMOTION:
        yield Measure(
            figure="net_positivity", group=attribute.term, term=WORDS["net_positivity"].term,
            detail="−100 to +100", statistic="mean", unit="points", value_of=_net_positivity,
        )  # fmt: skip
    for answer in attribute.shown_answers:
        yield Measure(
            figure="main_expression" if attribute == EMOTION else f"main_{attribute.key}", answer=answer,
            group=f"{attribute.term} shown most", term=name_of(answer), detail="share of people",
            statistic="share", unit="share", value_of=partial(_is, attribute, answer), swatch=answer.lower(),
            is_public_for_few=attribute.is_public_for_few,
        )  # fmt: skip


def _years(attribute: Attribute) -> Iterator[Measure]:
    yield Measure(
        figure=attribute.word, group=attribute.term, term=attribute.term, detail="median", statistic="median",
        unit="years", value_of=partial(_age, attribute), is_public_for_few=attribute.is_public_for_few,
    )  # fmt: skip
    for band in AGE_BANDS:
        yield Measure(
            figure=attribute.key, answer=band.key, group=attribute.term, term=f"{band.label} years",
            detail="share of people", statistic="share", unit="share", value_of=partial(_in_band, attribute, band),
            is_public_for_few=attribute.is_public_for_few,
        )  # fmt: skip


def _labels(attribute: Attribute) -> Iterator[Measure]:
    for answer in attribute.shown_answers:
        yield Measure(
            figure=attribute.key, answer=answer, group=attribute.term, term=_spoken(attribute, answer),
            detail="share of people", statistic="share", unit="share", value_of=partial(_is, attribute, answer),
            swatch=answer.lower(), is_public_for_few=attribute.is_public_for_few,
        )  # fmt: skip


def _screen_time(attribute: Attribute) -> Iterator[Measure]:
    """Of all seconds in view, those of people with one answer."""
    answers = (
        [(band.key, f"{band.label} years", partial(_in_band, attribute, band)) for band in AGE_BANDS]
        if attribute.kind == "years"
        else [(each, _spoken(attribute, each), partial(_is, attribute, each)) for each in attribute.shown_answers]
    )
    for answer, term, holds in answers:
        yield Measure(
            figure=f"screen_time_{attribute.key}", answer=answer, group=f"Screen time by {attribute.short.lower()}",
            term=term, detail="share of screen time", statistic="mean", unit="share",
            value_of=partial(_screen_share, holds), swatch=answer.lower() if attribute.labels else "",
            is_public_for_few=attribute.is_public_for_few,
        )  # fmt: skip


def _spoken(attribute: Attribute, answer: str) -> str:
    """With its question where the answer says nothing without it: "Gender: unknown"."""
    return name_of(attribute.spoken(answer))


def _watched(person: Individual) -> Value | None:
    return None if person.attention_s is None else (float(is_watcher(person)), 1.0)


def _attention(person: Individual) -> Value | None:
    return (person.attention_s or 0.0, 1.0) if is_watcher(person) else None


def _attraction(person: Individual) -> Value | None:
    return (person.attention_s or 0.0, person.in_view_s) if is_watcher(person) else None


def _time_share(attribute: Attribute, answer: str, person: Individual) -> Value | None:
    reading = person.readings.get(attribute.key)
    return (reading.shares.get(answer, 0.0), 1.0) if isinstance(reading, EmotionEstimate) else None


def _net_positivity(person: Individual) -> Value | None:
    points = expression_balance(person)
    return None if points is None else (points, 1.0)


def _is(attribute: Attribute, answer: str, person: Individual) -> Value | None:
    reading = person.readings.get(attribute.key)
    return (float(reading.label == answer), 1.0) if isinstance(reading, LabelEstimate | EmotionEstimate) else None


def _age(attribute: Attribute, person: Individual) -> Value | None:
    reading = person.readings.get(attribute.key)
    return (float(reading.years), 1.0) if isinstance(reading, AgeEstimate) else None


def _in_band(attribute: Attribute, band: AgeBand, person: Individual) -> Value | None:
    reading = person.readings.get(attribute.key)
    return (float(band_of(reading.years) == band), 1.0) if isinstance(reading, AgeEstimate) else None


def _screen_share(holds: ValueOf, person: Individual) -> Value | None:
    value = holds(person)
    return None if value is None else (value[0] * person.in_view_s, person.in_view_s)
