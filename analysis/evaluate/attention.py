"""Measures "looks into the camera" on single pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from analysis.aggregate import attention
from analysis.classify.pose import head_pose
from analysis.config import AnalysisConfig
from analysis.evaluate.metrics import auc, auc_interval, wilson
from analysis.evaluate.product_path import landmarks_of
from analysis.runtime import Device
from models.pictures import PictureSource, read_table

LOOKS = "Camera"
ANSWERS = (LOOKS, "Not_Camera", "Eyes_Closed")


def evaluate_attention(images: Path, device: Device) -> dict[str, Any]:
    """Figures of the pictures that ``labels.csv`` names: columns file and gaze (Camera, Not_Camera, Eyes_Closed).

    Closed eyes, and a face that is not found, count as not looking.

    Args:
        images: a ZIP file or a folder.

    Raises:
        FileNotFoundError: a file is missing.
        ValueError: a label is none of the three, or there are not both kinds.
        WeightsError: weights are missing or changed.
    """
    source, config = PictureSource(images), AnalysisConfig()
    rows = read_table(source, "labels.csv")
    if wrong := [row["gaze"] for row in rows if row["gaze"] not in ANSWERS]:
        raise ValueError(f"{images}: {wrong[0]!r} is none of {', '.join(ANSWERS)}.")
    truth = np.array([row["gaze"] == LOOKS for row in rows], bool)
    if truth.all() or not truth.any():
        raise ValueError(f"{images} must hold pictures of both kinds.")
    scores, said, n_missed = np.full(len(rows), -np.inf, np.float32), np.zeros(len(rows), bool), 0
    for i, row in enumerate(tqdm(rows, unit="picture")):
        landmarks = landmarks_of(source.read(row["file"]), device)
        if landmarks is None:
            n_missed += 1
            continue
        yaw_deg, pitch_deg = head_pose(landmarks[None])
        scores[i] = attention.facing(yaw_deg, pitch_deg, config)[0]
        said[i] = attention.looking(yaw_deg, pitch_deg, config)[0]
    n_right = int((said == truth).sum())
    return {
        "n": len(rows),
        "missed": n_missed,
        "auc": round(auc(scores, truth), 4),
        "auc_interval": auc_interval(scores, truth),
        "accuracy": round(n_right / len(rows), 4),
        "accuracy_interval": wilson(n_right, len(rows)),
        "pictures": {
            row["file"]: {"truth": row["gaze"], "score": round(float(score), 4) if np.isfinite(score) else None}
            for row, score in zip(rows, scores, strict=True)
        },
    }
