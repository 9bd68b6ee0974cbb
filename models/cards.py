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

from models.card_tables import ATTRIBUTES, DATA_SETS, CardTable, aims_table, comparison_tables, cost_table, tables
from models.registry import WeightsSpec, spec

FIGURES_DIR = Path(__file__).parent / "figures"
NOT_FOR = (
    "Do not use these networks to identify people, to decide about a person (hiring, policing, credit, insurance, "
    "access, education, health), or to infer the feelings of people at work or at school."
)


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
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
    tables: tuple[CardTable, ...]
    moved: tuple[CardTable, ...]  # what moved the figures: small trainings that differ in one thing
    reliability: Mapping[str, tuple[ReliabilityBin, ...]]  # by "attribute, data set"
    limits: tuple[str, ...]
    tried: tuple[str, ...]  # without gain
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


def is_current(name: str) -> bool:
    """Whether this was measured with the weights that ship."""
    figures = measured(name)
    return figures is not None and all(spec(network).sha256 == sha256 for network, sha256 in figures["weights"].items())


def _card(name: str, text: Mapping[str, Any]) -> Card:
    found = {part: figures for part in text["measured"] if (figures := measured(part)) is not None}
    costs = measured("networks_cost")
    cost = [cost_table(costs, text["weights"])] if costs else []
    made = list(tables(found, text["attributes"]))
    aimed_at = found | {"networks_cost": costs} if costs else found
    aims = [aims_table(aimed_at, text["aims"])] if "aims" in text else []
    comparison = measured(text["compared"]) if "compared" in text else None
    return Card(
        name=name,
        title=text["title"],
        what=text["what"],
        data=text["data"],
        training=text["training"],
        weights=tuple(spec(weights) for weights in text["weights"]),
        tables=(*made[:1], *aims, *made[1:], *cost),
        moved=tuple(comparison_tables(comparison, costs)) if comparison else (),
        reliability=dict(_reliability(found, text["attributes"])),
        limits=tuple(text["limits"]),
        tried=tuple(text.get("tried", ())),
    )


def _reliability(
    found: Mapping[str, Mapping[str, Any]], attributes: list[str]
) -> Iterator[tuple[str, tuple[ReliabilityBin, ...]]]:
    for attribute in attributes:
        for part, figures in found.items():
            if bins := figures.get(attribute, {}).get("reliability"):
                yield f"{ATTRIBUTES[attribute]}, {DATA_SETS[part]}", tuple(ReliabilityBin(**one) for one in bins)
