"""The networks' cards as data: what each is, from where, how good, for whom, and what it must not be used for.

All figures come from JSON files that the measuring commands wrote (`models/figures`); texts from `cards.json` beside
them. Nothing here imports torch or NumPy, so that pages may read it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from models.registry import WeightsSpec, spec

FIGURES_DIR = Path(__file__).parent / "figures"
NOT_FOR = (
    "Do not use these networks to identify people, to decide about a person (hiring, policing, credit, insurance, "
    "access, education, health), or to infer the feelings of people at work or at school."
)
DATA_SETS = {
    "fairface_dev": "FairFace, validation",
    "utkface_dev": "UTKFace",
    "fer2013_private": "FER2013, private part",
    "emotion_color": "color photos (LFW)",
    "lfw_pairs": "LFW pairs",
}
ATTRIBUTES = {
    "ethnicity": "Ethnicity, 5 classes",
    "race7": "FairFace's own 7 classes (not used by the product)",
    "gender": "Gender",
    "age_group": "Age group, 9 classes",
    "age": "Age in years",
    "emotion": "Emotion, the product's 6 classes",
    "emotion7": "Emotion, FER2013's own 7 labels",
    "emotion_ferplus": "Emotion, majority of FER+ votes, 8 classes",
}
DIVISIONS = {"gender": "Gender", "ethnicity": "Ethnicity", "age_group": "Age group"}


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a card; cells are ready to be shown."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of a reliability diagram; a network that can be trusted has accuracy = confidence."""

    n: int
    confidence: float  # mean, 0-1
    accuracy: float  # 0-1


@dataclass(frozen=True, slots=True)
class Card:
    """All that is said of one network."""

    name: str
    title: str
    what: str
    data: str
    training: str  # command
    weights: tuple[WeightsSpec, ...]
    tables: tuple[Table, ...]
    reliability: Mapping[str, tuple[Bin, ...]]  # by "attribute, data set"
    limits: tuple[str, ...]
    not_for: str = NOT_FOR


@cache
def cards() -> tuple[Card, ...]:
    """The cards of all networks."""
    texts = json.loads((FIGURES_DIR / "cards.json").read_text(encoding="utf-8"))
    return tuple(_card(name, text) for name, text in texts.items())


def measured(name: str) -> dict[str, Any] | None:
    """What a measuring command wrote, or None when this was not measured."""
    path = FIGURES_DIR / f"{name}.json"
    if not path.exists():
        return None
    figures: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return figures


def _card(name: str, text: Mapping[str, Any]) -> Card:
    found = {part: figures for part in text["measured"] if (figures := measured(part)) is not None}
    return Card(
        name=name,
        title=text["title"],
        what=text["what"],
        data=text["data"],
        training=text["training"],
        weights=tuple(spec(weights) for weights in text["weights"]),
        tables=tuple(_tables(found, text["attributes"])),
        reliability=dict(_reliability(found, text["attributes"])),
        limits=tuple(text["limits"]),
    )


def _reliability(
    found: Mapping[str, Mapping[str, Any]], attributes: list[str]
) -> Iterator[tuple[str, tuple[Bin, ...]]]:
    for attribute in attributes:
        for part, figures in found.items():
            if bins := figures.get(attribute, {}).get("reliability"):
                yield f"{ATTRIBUTES[attribute]}, {DATA_SETS[part]}", tuple(Bin(**one) for one in bins)


def _tables(found: Mapping[str, Mapping[str, Any]], attributes: list[str]) -> Iterator[Table]:
    if "lfw_pairs" in found:
        yield _pairs_table(found["lfw_pairs"])
    measured_attributes = [
        (attribute, part, figures[attribute])
        for attribute in attributes
        for part, figures in found.items()
        if attribute in figures
    ]
    classified = [entry for entry in measured_attributes if "accuracy" in entry[2]]
    if classified:
        yield _overview(classified)
    for _, part, figures in (entry for entry in measured_attributes if entry[0] == "age"):
        yield _age_table(part, figures)
    for attribute, part, figures in classified:
        yield _recall_table(attribute, part, figures)
        if figures.get("groups"):
            yield _groups_table(attribute, part, figures)


def _overview(entries: list[tuple[str, str, Mapping[str, Any]]]) -> Table:
    rows = []
    for attribute, part, figures in entries:
        low, high = figures["accuracy_interval"]
        covered = figures["accuracy_covered"]
        rows.append((
            ATTRIBUTES[attribute], DATA_SETS[part], f"{figures['n']:,}",
            f"{_percent(figures['accuracy'])} ({_percent(low)}-{_percent(high)})", _percent(figures["macro_accuracy"]),
            _percent(figures["within_one_group"]) if "within_one_group" in figures else "",
            f"{figures['ece']:.3f} ({figures['ece_if_perfect']:.3f})",
            f"{_percent(figures['coverage'])}, then {_percent(covered)}" if figures["floor"] and covered else "",
        ))  # fmt: skip
    columns = (
        "Attribute", "Measured on", "n", "Accuracy % (95 % interval)", "Mean of classes %", "Within one group %",
        "Calibration error (chance alone)", "Answered %, then right %",
    )  # fmt: skip
    return Table("How often it is right", columns, tuple(rows), "One crop and its mirror image.")


def _age_table(part: str, figures: Mapping[str, Any]) -> Table:
    groups = tuple((f"{name} years", f"{error:.1f}") for name, error in figures["mae_of_group"].items())
    rows = (("all", f"{figures['mae']:.2f}"), *groups)
    note = (
        f"n = {figures['n']:,}. The 90 % interval holds the truth in {_percent(figures['interval_coverage'])} % of "
        f"faces and is {figures['interval_width']:.0f} years wide on average; the mean error with its sign is "
        f"{figures['bias']:+.1f} years."
    )
    return Table(f"Age in years: mean absolute error, {DATA_SETS[part]}", ("Age", "Error, years"), rows, note)


def _recall_table(attribute: str, part: str, figures: Mapping[str, Any]) -> Table:
    classes, counts = figures["confusion"]["classes"], figures["confusion"]["rows_truth"]
    rows = tuple(
        (name, f"{sum(row):,}", _percent(figures["recall"][name]), _confused_with(classes, i, row))
        for i, (name, row) in enumerate(zip(classes, counts, strict=True))
        if name in figures["recall"]
    )
    title = f"{ATTRIBUTES[attribute]}: found among those labelled so, {DATA_SETS[part]}"
    return Table(title, ("Class", "n", "Found %", "Most often taken for"), rows)


def _confused_with(classes: list[str], index: int, row: list[int]) -> str:
    others = [(count, classes[i]) for i, count in enumerate(row) if i != index]
    count, name = max(others)
    return f"{name} ({_percent(count / max(sum(row), 1))} %)" if count else ""


def _groups_table(attribute: str, part: str, figures: Mapping[str, Any]) -> Table:
    rows = []
    for division, cells in figures["groups"].items():
        for group, cell in cells.items():
            low, high = cell["interval"]
            accuracy = f"{_percent(cell['accuracy'])} ({_percent(low)}-{_percent(high)})"
            rows.append((DIVISIONS[division], group, f"{cell['n']:,}", accuracy))
    gaps = [f"{DIVISIONS[name].lower()} {_percent(gap)}" for name, gap in figures["gaps"].items()]
    title = f"{ATTRIBUTES[attribute]}: accuracy per group, {DATA_SETS[part]}"
    note = f"Largest gap in points, groups of 30 or more: {', '.join(gaps)}." if gaps else ""
    return Table(title, ("Divided by", "Group", "n", "Accuracy % (95 % interval)"), tuple(rows), note)


def _pairs_table(figures: Mapping[str, Any]) -> Table:
    low, high = figures["accuracy_interval"]
    row = (
        f"{figures['n']:,}", f"{_percent(figures['accuracy'])} ({_percent(low)}-{_percent(high)})",
        f"{figures['threshold']:.3f}", str(figures["missed"]),
    )  # fmt: skip
    columns = ("Pairs", "Accuracy % over folds (95 % interval)", "Threshold (cosine)", "Pairs with a face not found")
    return Table("Same person or not, LFW pairs", columns, (row,))


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"
