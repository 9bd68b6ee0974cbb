"""Small trainings side by side: what is kept, and that nothing is chosen on what is reported."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from models.training import baseline, compare


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> compare.Material:
    from safetensors.torch import save_file

    from models.mobilenet import MobileNet

    folder = tmp_path_factory.mktemp("material")
    generator = np.random.default_rng(0)
    rows = ["file,age_group,gender,race7"]
    for i in range(60):
        Image.fromarray(generator.integers(0, 256, (32, 32, 3), np.uint8)).save(folder / f"{i}.png")
        rows.append(f"{i}.png,{'20-29,Female,Black' if i % 2 else '60-69,Male,Indian'}")
    (folder / "labels.csv").write_text("\n".join(rows))
    torch.manual_seed(0)
    save_file(MobileNet().state_dict(), folder / "trunk.safetensors")
    (folder / "work").mkdir()
    return compare.Material(folder, folder / "trunk.safetensors", folder / "work", None, n_faces=40, n_steps=2)


def test_faces_to_learn_from_to_choose_on_and_to_report_are_three_different_parts(material: compare.Material) -> None:
    training, searched, held_out = (set(rows.tolist()) for rows in material.parts)
    assert len(training) == 40
    assert not training & searched
    assert not (training | searched) & held_out


def test_a_support_vector_machine_finds_what_can_be_found() -> None:
    generator = np.random.default_rng(0)
    truth = generator.integers(0, 2, 80)
    vectors = (generator.normal(size=(80, 128)) + truth[:, None]).astype(np.float32)
    machine = baseline.rbf_machine(vectors[:40], truth[:40], vectors[40:60], truth[40:60])
    assert (machine.predict(vectors[60:]) == truth[60:]).mean() > 0.9


@pytest.mark.slow
def test_what_is_known_is_kept_and_written(
    material: compare.Material, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(compare, "SIDES_PX", (48, 64))
    out = tmp_path / "comparison.json"
    arguments = ["compare", "--images", str(material.images), "--trunk", str(material.trunk), "--work",
                 str(material.work), "--faces", "40", "--steps", "2", "--json", str(out)]  # fmt: skip
    monkeypatch.setattr(compare, "FEATURE_PX", 48)
    monkeypatch.setattr(compare, "DEPTH_PX", 48)
    monkeypatch.setattr(compare, "BATCH", 8)
    monkeypatch.setattr(sys, "argv", arguments)
    compare.main()
    found = json.loads(out.read_text())
    assert set(found) == {"loss_weights", "svm", "depth", "input_size"}
    assert set(found["loss_weights"]["rows"]) == {"equal", "fixed", "dynamic"}
    assert sum(found["loss_weights"]["dynamic_weights"]) == pytest.approx(1, abs=0.01)
    assert set(found["depth"]["rows"]) == {"frozen", "partly", "fully"}
    assert set(found["input_size"]["rows"]) == {"48", "64"}

    def never(*_: object) -> None:
        raise AssertionError("what is known is not found again")

    monkeypatch.setattr(compare, "EXPERIMENTS", dict.fromkeys(compare.EXPERIMENTS, never))
    compare.main()
    assert json.loads(out.read_text()) == found
