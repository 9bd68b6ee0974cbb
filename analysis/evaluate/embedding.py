"""Measures the embedding on pairs of pictures: is it the same person? By the protocol of Labeled Faces in the Wild."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from analysis.classify.embedding import Embedding
from analysis.evaluate.metrics import Flags, Integers, wilson
from analysis.evaluate.product_path import aligned
from analysis.runtime import Device
from analysis.types import Floats
from models import registry
from models.pictures import PictureSource


def evaluate_pairs(pairs: Path, device: Device) -> dict[str, Any]:
    """Accuracy over the folds, each with the threshold that is best on the others; a missed face counts as wrong.

    Faces are looked at as a video's are: the mean of a crop and its mirror image.

    Args:
        pairs: a ZIP file or a folder with ``pairs.csv``: fold, file1, file2, same (1 or 0).

    Raises:
        FileNotFoundError: a file is missing.
        WeightsError: weights are missing or changed.
    """
    source = PictureSource(pairs)
    rows = list(csv.DictReader(io.StringIO(source.read_bytes("pairs.csv").decode("utf-8-sig"))))
    vectors = _vectors(source, sorted({row[side] for row in rows for side in ("file1", "file2")}), device)
    same = np.array([row["same"] == "1" for row in rows])
    folds = np.array([int(row["fold"]) for row in rows])
    found = np.array([row["file1"] in vectors and row["file2"] in vectors for row in rows])
    likeness = np.array([
        float(vectors[row["file1"]] @ vectors[row["file2"]]) if is_found else -1.0
        for row, is_found in zip(rows, found, strict=True)
    ], np.float32)  # fmt: skip
    right = np.concatenate([_right_in_fold(likeness, same, found, folds, fold) for fold in np.unique(folds)])
    return {
        "n": len(rows),
        "missed": int((~found).sum()),
        "accuracy": round(float(right.mean()), 4),
        "accuracy_interval": wilson(int(right.sum()), len(right)),
        "threshold": round(_best_threshold(likeness[found], same[found]), 4),
        "weights": {"embedding": registry.spec("embedding").sha256},
    }


def _vectors(source: PictureSource, files: list[str], device: Device) -> dict[str, Floats]:
    facts = registry.spec("embedding")
    assert facts.input_px is not None
    assert facts.template is not None
    embedding = Embedding(device)
    vectors = {}
    for name in tqdm(files, unit="picture"):
        crops, found = aligned([source.read(name)], {facts.template: facts.input_px}, device)
        if found[0]:
            vectors[name] = embedding.predict_both_ways(crops[facts.template])[0]
    return vectors


def _right_in_fold(likeness: Floats, same: Flags, found: Flags, folds: Integers, fold: int) -> Flags:
    inside = folds == fold
    threshold = _best_threshold(likeness[~inside & found], same[~inside & found])
    right: Flags = ((likeness[inside] >= threshold) == same[inside]) & found[inside]
    return right


def _best_threshold(likeness: Floats, same: Flags) -> float:
    candidates = np.unique(likeness)
    accuracy = [((likeness >= candidate) == same).mean() for candidate in candidates]
    return float(candidates[int(np.argmax(accuracy))])
