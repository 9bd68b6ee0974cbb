"""From what a training wrote to weights that ship."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models import registry
from models.training import finish


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place of its own for weights that ship, with today's manifest."""
    folder = tmp_path / "weights"
    folder.mkdir()
    shutil.copy(registry.WEIGHTS_DIR / "manifest.json", folder)
    monkeypatch.setattr(finish, "WEIGHTS_DIR", folder)
    return folder


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "faces"
    folder.mkdir()
    generator = np.random.default_rng(0)
    rows = ["file,age_group,gender,race7,emotion,usage"]
    for i in range(200):
        Image.fromarray(generator.integers(0, 256, (32, 32, 3), np.uint8)).save(folder / f"{i}.png")
        said = "20-29,Female,Black,happy" if i % 2 else "60-69,Male,Indian,sad"
        rows.append(f"{i}.png,{said},train")
    (folder / "labels.csv").write_text("\n".join(rows))
    return folder


def finished(what: str, pictures: Path, monkeypatch: pytest.MonkeyPatch, *more: str) -> None:
    command = ["finish", what, "--images", str(pictures), "--run", str(registry.WEIGHTS_DIR)]
    monkeypatch.setattr(sys, "argv", [*command, "--version", "9", "--commit", "abc1234", *more])
    finish.main()


def check(shipped: Path, name: str) -> dict[str, object]:
    facts: dict[str, object] = json.loads((shipped / "manifest.json").read_text())["weights"][name]
    assert hashlib.sha256((shipped / f"{name}.safetensors").read_bytes()).hexdigest() == facts["sha256"]
    assert (facts["version"], facts["training_commit"]) == ("9", "abc1234")
    return facts


@pytest.mark.slow
def test_faces_get_temperatures_floors_and_the_mass_of_the_age_interval(
    shipped: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished("faces", pictures, monkeypatch, "--side", "48")
    assert check(shipped, "trunk")["input_px"] == 48
    age_gender, ethnicity = check(shipped, "head_age_gender"), check(shipped, "head_ethnicity")
    assert set(age_gender["temperature"]) == {"age", "gender"}
    assert set(age_gender["floor"]) == {"gender"}
    assert 0.7 <= age_gender["interval_mass"]["age"] < 1
    assert set(ethnicity["floor"]) == {"ethnicity"}


@pytest.mark.slow
def test_expressions_get_temperatures_and_a_floor(
    shipped: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = (pictures / "labels.csv").read_text().replace("race7,emotion", "race7,emotion,fp_happiness")
    labels = labels.replace(",happy,", ",happy,9,").replace(",sad,", ",sad,9,")
    (pictures / "labels.csv").write_text(labels)
    finished("emotion", pictures, monkeypatch)
    assert set(check(shipped, "emotion")["floor"]) == {"emotion"}


def test_expressions_without_votes_are_refused_and_nothing_is_written(
    shipped: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit, match="no votes"):
        finished("emotion", pictures, monkeypatch)
    assert not (shipped / "emotion.safetensors").exists()
