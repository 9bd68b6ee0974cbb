"""Every network that ships: its file, its hash, its license."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

from models import registry
from models.registry import WeightsError, WeightsSpec

NAMES = list(registry.specs())


def test_the_networks_that_the_engine_opens_are_there() -> None:
    expected = {"pnet", "rnet", "onet", "trunk", "head_age_gender", "head_ethnicity", "emotion", "motion", "embedding"}
    assert set(NAMES) == expected


@pytest.mark.parametrize("name", NAMES)
def test_the_file_is_the_one_of_the_manifest(name: str) -> None:
    assert registry.checked_path(name).is_file()


@pytest.mark.parametrize("name", NAMES)
def test_license_source_and_data_are_named(name: str) -> None:
    facts = registry.spec(name)
    assert facts.licence
    assert facts.source
    assert facts.trained_on
    assert facts.version


@pytest.mark.parametrize("name", NAMES)
def test_crops_have_a_template(name: str) -> None:
    facts = registry.spec(name)
    if facts.template:
        points = registry.template(facts.template).landmarks
        assert len(points) == 5
        assert all(0 < x < 1 and 0 < y < 1 for x, y in points)


def test_all_weights_together_stay_under_40_mb() -> None:
    assert sum(path.stat().st_size for path in registry.WEIGHTS_DIR.glob("*.safetensors")) < 40e6


def test_no_weights_lie_about_that_nobody_opens() -> None:
    named = {facts.file for facts in registry.specs().values()}
    assert {path.name for path in registry.WEIGHTS_DIR.glob("*.safetensors")} <= named


def test_a_wrong_hash_stops_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = dataclasses.replace(registry.spec("emotion"), sha256="0" * 64)
    monkeypatch.setattr(registry, "spec", lambda name: wrong)
    with pytest.raises(WeightsError, match="emotion are not the ones that were measured"):
        registry.build("emotion")


def test_a_missing_file_stops_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = dataclasses.replace(registry.spec("emotion"), file="lost.safetensors")
    monkeypatch.setattr(registry, "spec", lambda name: missing)
    with pytest.raises(WeightsError, match="missing"):
        registry.build("emotion")


def test_a_missing_package_stops_with_a_sentence() -> None:
    facts: WeightsSpec = dataclasses.replace(registry.spec("pnet"), file="package:no_such_package/pnet.pt")
    with pytest.raises(WeightsError, match="no_such_package"):
        assert isinstance(facts.path, Path)


def test_facts_and_cards_are_read_without_torch() -> None:
    code = "import sys, models.registry as r, models.cards as c; r.specs(); c.cards(); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
