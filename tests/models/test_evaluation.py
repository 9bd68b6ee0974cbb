"""Figures that measuring gives, on answers whose figures are known."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command

from analysis.evaluate import metrics


def test_figures_of_known_answers() -> None:
    truth = np.array([0, 0, 0, 1])
    answers = np.array([[0.9, 0.1], [0.8, 0.2], [0.4, 0.6], [0.0, 0.0]], np.float32)  # the last face was missed
    found = metrics.classification(truth, answers, ("a", "b"), floor=0.7)
    assert found["accuracy"] == 0.5
    assert found["missed"] == 1
    assert found["recall"] == {"a": 0.6667, "b": 0.0}
    assert found["macro_accuracy"] == 0.3333
    assert found["confusion"]["rows_truth"] == [[2, 1], [0, 0]]
    assert (found["coverage"], found["accuracy_covered"]) == (0.5, 1.0)


def test_wilson_interval_agrees_with_the_published_example() -> None:
    low, high = metrics.wilson(81, 263)  # Newcombe 1998, table I
    assert (low, high) == (0.2553, 0.3662)


def test_true_confidences_have_no_more_error_than_chance() -> None:
    generator = np.random.default_rng(1)
    confidence = generator.uniform(0.3, 1, 5000)
    right = generator.random(5000) < confidence
    error, chance = metrics.calibration_error(confidence, right), metrics.calibration_error_if_perfect(confidence)
    assert error < 2 * chance
    assert metrics.calibration_error(confidence, np.zeros(5000, bool)) > 0.5


def test_groups_pairs_and_the_largest_gap() -> None:
    right = np.array([True] * 40 + [False] * 40)
    gender = (np.array([0] * 40 + [1] * 40), ("female", "male"))
    age = (np.array([0, 1] * 40), ("young", "old"))
    found = metrics.by_groups(right, {"gender": gender, "age": age})
    assert found["groups"]["gender"]["female"]["accuracy"] == 1.0
    assert found["pairs"]["gender × age"]["male, old"]["n"] == 20
    assert found["largest_gap"] == 1.0


def test_an_age_that_was_missed_is_no_error_but_its_interval_holds_nothing() -> None:
    truth, answer = np.array([30, 40, 50]), np.array([32, 36, 0])
    found = metrics.years(truth, answer, answer - 3, answer + 3, np.array([True, True, False]))
    assert (found["n"], found["missed"], found["mae"], found["bias"]) == (3, 1, 3.0, -1.0)
    assert found["interval_coverage"] == 0.3333


@pytest.mark.slow
def test_the_command_writes_the_figures(data_dir: Path, tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    labels = tmp_path / "labels.csv"
    import zipfile

    content = zipfile.ZipFile(data_dir / "faces/fairface_dev.zip").read("labels.csv").decode().splitlines()
    labels.write_text("\n".join(content[:61]))
    images = str(data_dir / "faces/fairface_dev.zip")
    told = StringIO()
    arguments = ["--images", images, "--labels", str(labels), "--json", str(out), "--device", "cpu"]
    call_command("evaluate_faces", *arguments, stdout=told)
    figures = json.loads(out.read_text())
    assert figures["gender"]["n"] == 60
    assert f"| Gender | FairFace, validation | 60 | {100 * figures['gender']['accuracy']:.1f} (" in told.getvalue()
    assert figures["gender"]["accuracy"] > 0.75
    assert figures["ethnicity"]["accuracy"] > 0.6


@pytest.mark.slow
def test_the_embedding_tells_pairs_of_lfw(data_dir: Path, tmp_path: Path) -> None:
    from analysis.evaluate.embedding import evaluate_pairs
    from analysis.runtime import choose_device

    figures = evaluate_pairs(data_dir / "faces/lfw_pairs.zip", choose_device("cpu"))
    assert figures["accuracy"] >= 0.98
