"""The cards say what was measured with the weights that ship, and the pages say what the cards say."""

from __future__ import annotations

from pathlib import Path

import pytest

from models import registry
from models.card_pages import ROOT, pages
from models.card_tables import DATA_SETS
from models.cards import cards, is_current


@pytest.mark.parametrize("path", list(pages()), ids=str)
def test_pages_are_those_that_the_figures_make(path: Path) -> None:
    assert (ROOT / path).read_text(encoding="utf-8") == pages()[path], "run: python -m models.card_pages"


@pytest.mark.parametrize("name", [*DATA_SETS, "videos", "detection_wider", "networks_cost"])
def test_figures_were_measured_with_the_weights_that_ship(name: str) -> None:
    assert is_current(name), f"{name} was measured with other weights: run make figures"


def test_every_network_has_a_card_with_its_limits() -> None:
    told = [facts.name for card in cards() for facts in card.weights]
    assert sorted(told) == sorted(registry.specs())
    assert all(card.limits and card.not_for for card in cards())
