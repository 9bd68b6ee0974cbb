"""The columns of tables for each attribute: their names, and the cells of a person, a track or a sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analysis.attributes import Attribute, attributes, of_kind
from analysis.types import AgeEstimate, EmotionEstimate, LabelEstimate, Reading, StrengthsEstimate
from faceapp.core.spreadsheets import Cell

MOST_IN_ONE = 2  # labels: of so many, the confidence of the answer says it all


def answer_columns() -> tuple[str, ...]:
    """Of people and tracks, in the order of attributes; those of spells stand beside the seconds in view."""
    return tuple(name for attribute in _answering() for name in _names(attribute))


def answer_cells(readings: Mapping[str, Reading]) -> Iterator[Cell]:
    """In the order of `answer_columns`; None where an attribute is off."""
    for attribute in _answering():
        reading = readings.get(attribute.key)
        names = _names(attribute)
        yield from _cells(attribute, reading) if reading is not None else (None,) * len(names)


def sample_columns() -> tuple[str, ...]:
    """Of samples: whether a spell goes on, then the label and the distribution of what is told over time, then
    strengths."""
    columns = [attribute.column for attribute in of_kind("spells")]
    for attribute in of_kind("labels_over_time"):
        columns += [attribute.key, *_sample_labels(attribute), *filter(None, [attribute.column])]
    for attribute in of_kind("strengths"):
        columns += _sample_labels(attribute)
    return tuple(columns)


def sample_cells(samples: Mapping[str, Any], k: int) -> Iterator[Cell]:
    """Of the k-th sample, in the order of `sample_columns`; None where an attribute is off."""
    for attribute in of_kind("spells"):
        yield samples[attribute.column][k] if attribute.column in samples else None
    for attribute in of_kind("labels_over_time"):
        is_on = attribute.key in samples
        yield samples[attribute.key][k] if is_on else None
        yield from samples[f"{attribute.key}_distribution"][k] if is_on else (None,) * len(attribute.labels)
        if attribute.column:
            yield samples[attribute.column][k] if attribute.column in samples else None
    for attribute in of_kind("strengths"):
        yield from samples[attribute.key][k] if attribute.key in samples else (None,) * len(attribute.labels)


def _sample_labels(attribute: Attribute) -> tuple[str, ...]:
    """Of version 1 by the label alone, of others behind the attribute's name, which may share words."""
    if attribute.switch.version == 1 or attribute.kind == "strengths":
        return tuple(label.lower() for label in attribute.label_keys)
    return _each(attribute.key, attribute.label_keys)


def _answering() -> tuple[Attribute, ...]:
    return tuple(attribute for attribute in attributes().values() if attribute.kind != "spells")


def _names(attribute: Attribute) -> tuple[str, ...]:
    key = attribute.key
    if attribute.kind == "years":
        return key, f"{key}_low", f"{key}_high"
    if attribute.kind == "label":
        return key, f"{key}_confidence", *_each(key, _listed(attribute))
    if attribute.kind == "strengths":
        return tuple(f"{label.lower()}_{name}" for name in ("mean", "peak") for label in attribute.label_keys)
    return key, *_each(key, attribute.answers)


def _each(key: str, labels: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{key}_{label.lower()}" for label in labels)


def _listed(attribute: Attribute) -> tuple[str, ...]:
    """The labels whose confidence has a column of its own."""
    return attribute.label_keys if len(attribute.labels) > MOST_IN_ONE else ()


def _cells(attribute: Attribute, reading: Reading) -> Sequence[Cell]:
    if isinstance(reading, AgeEstimate):
        return reading.years, reading.low, reading.high
    if isinstance(reading, LabelEstimate):
        return reading.label, reading.confidence, *(reading.distribution.get(label) for label in _listed(attribute))
    if isinstance(reading, EmotionEstimate):
        return reading.label, *(reading.shares.get(label) for label in attribute.answers)
    if isinstance(reading, StrengthsEstimate):
        return *(reading.mean[label] for label in attribute.label_keys), *(
            reading.peak[label] for label in attribute.label_keys
        )
    return (reading,)
