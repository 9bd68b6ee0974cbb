"""Measures action units on faces with codes of FACS, against each person's own neutral face."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from analysis.aggregate import action_units
from analysis.classify.motion import MotionReader
from analysis.evaluate.metrics import Flags, auc, wilson
from analysis.evaluate.product_path import aligned
from analysis.runtime import Device
from analysis.types import Floats
from models import registry
from models.face_measures import MEASURES, measures
from models.pictures import PictureSource, read_table

JUDGED = ("1", "2", "4", "5", "6", "9", "12", "25", "26")  # over which means are taken
LEAST_LABELS = 10  # under it a unit is reported, not judged
ALSO = {"26": "27"}  # a mouth stretched open has dropped the jaw
AT_ONCE = 32


def evaluate_action_units(images: Path, device: Device) -> dict[str, Any]:
    """Figures of the pictures that ``labels.csv`` names: columns file, subject, is_neutral, aus (numbers and spaces).

    A person's neutral face is the median over their neutral pictures; the others are scored. A unit counts as seen
    from one strength on, the same for all. A face that is not found has no strength.

    Args:
        images: a ZIP file or a folder.

    Raises:
        FileNotFoundError: a file is missing.
        ValueError: a person has no neutral picture.
        WeightsError: weights are missing or changed.
    """
    source = PictureSource(images)
    rows = read_table(source, "labels.csv")
    measured, found = _measured(source, [row["file"] for row in rows], device)
    is_neutral = np.array([row["is_neutral"] == "1" for row in rows], bool)
    subjects = np.array([row["subject"] for row in rows])
    strengths = np.zeros((len(rows), len(action_units.UNITS)), np.float32)
    for subject in np.unique(subjects):
        own = subjects == subject
        if not (own & is_neutral).any():
            raise ValueError(f"{images}: subject {subject} has no neutral picture.")
        if not (calm := own & is_neutral & found).any() or not (own & found).any():
            continue
        neutral = np.median(measured[calm], axis=0)
        strengths[own & found] = action_units.strengths(measured[own & found], neutral)
    labels = [frozenset(row["aus"].split()) for row, calm in zip(rows, is_neutral, strict=True) if not calm]
    units = figures_of(strengths[~is_neutral], labels)
    judged = [units[number] for number in JUDGED if units[number]["n"] >= LEAST_LABELS]
    return {
        "weights": {"motion": registry.spec("motion").sha256},
        "n": len(labels),
        "missed": int((~found).sum()),
        "mean_f1": _mean([one["f1"] for one in judged]),
        "mean_auc": _mean([one["auc"] for one in judged]),
        "units": units,
    }


def figures_of(strengths: Floats, labels: Sequence[frozenset[str]]) -> dict[str, dict[str, Any]]:
    """By unit's number: n of faces labeled with it, f1 and what it is made of, auc.

    Args:
        strengths: [n, 14] in the order of `action_units.UNITS`.
        labels: numbers of the units of each face.
    """
    figures = {}
    for unit, number, column in zip(action_units.UNITS, action_units.NUMBERS, strengths.T, strict=True):
        truth = np.array([number in one or ALSO.get(number) in one for one in labels], bool)
        figures[number] = {
            "name": unit.name,
            "is_judged": number in JUDGED and bool(truth.sum() >= LEAST_LABELS),
            **_of_unit(column, truth),
        }
    return figures


def _of_unit(column: Floats, truth: Flags) -> dict[str, Any]:
    seen = column >= action_units.PRESENT
    n_right, n_seen, n = int((seen & truth).sum()), int(seen.sum()), int(truth.sum())
    return {
        "n": n,
        "n_seen": n_seen,
        "n_right": n_right,
        "f1": round(2 * n_right / (n + n_seen), 4) if n + n_seen else None,
        "recall_interval": wilson(n_right, n),
        "precision_interval": wilson(n_right, n_seen),
        "auc": round(auc(column, truth), 4) if 0 < n < len(truth) else None,
    }


def _measured(source: PictureSource, files: Sequence[str], device: Device) -> tuple[Floats, Flags]:
    """Measures [n, m] of the faces of pictures, and whether each has one [n]."""
    facts, reader = registry.spec("motion"), MotionReader(device)
    assert facts.template is not None
    assert facts.input_px is not None
    measured = np.zeros((len(files), len(MEASURES)), np.float32)
    found = np.zeros(len(files), bool)
    for first in range(0, len(files), AT_ONCE):
        images = [source.read(name) for name in files[first : first + AT_ONCE]]
        crops, has_face = aligned(images, {facts.template: facts.input_px}, device)
        which = first + np.flatnonzero(has_face)
        motion = reader.read(crops[facts.template])
        measured[which], found[which] = measures(motion.points, motion.coefficients), True
    return measured, found


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(float(np.mean(known)), 4) if known else None
