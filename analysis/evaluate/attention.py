"""Measures "looks into the camera" on single pictures: by the eyes where they can be read, by the head elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from analysis.aggregate import attention, gaze
from analysis.builtin_attributes import GAZE
from analysis.classify.crops import align
from analysis.classify.motion import MotionReader, gaze_of
from analysis.classify.pose import head_pose
from analysis.config import AnalysisConfig
from analysis.evaluate.metrics import auc, auc_interval, wilson
from analysis.evaluate.product_path import landmarks_of
from analysis.runtime import Device
from models import registry
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
    reader, facts = MotionReader(device), registry.spec("motion")
    assert facts.template is not None
    assert facts.input_px is not None
    scores, said = np.full(len(rows), -np.inf, np.float32), np.zeros(len(rows), bool)
    n_missed = n_by_eyes = 0
    for i, row in enumerate(tqdm(rows, unit="picture")):
        image = source.read(row["file"])
        landmarks = landmarks_of(image, device)
        if landmarks is None:
            n_missed += 1
            continue
        yaw_deg, pitch_deg = head_pose(landmarks[None])
        crop = align(image, landmarks, facts.template, facts.input_px)
        eyes = gaze.where_readable(gaze_of(reader.read(crop[None])), landmarks[None])
        can_be_read = gaze.is_readable(eyes, GAZE.floor)
        head = attention.looking(yaw_deg, pitch_deg, config)
        said[i] = np.where(can_be_read, gaze.at_camera(eyes), head)[0]
        scores[i] = gaze.camera_score(eyes, can_be_read, attention.facing(yaw_deg, pitch_deg, config))[0]
        n_by_eyes += int(can_be_read[0])
    n_right = int((said == truth).sum())
    return {
        "weights": {"motion": facts.sha256},
        "n": len(rows),
        "missed": n_missed,
        "by_eyes": n_by_eyes,
        "auc": round(auc(scores, truth), 4),
        "auc_interval": auc_interval(scores, truth),
        "accuracy": round(n_right / len(rows), 4),
        "accuracy_interval": wilson(n_right, len(rows)),
        "pictures": {
            row["file"]: {"truth": row["gaze"], "score": round(float(score), 4) if np.isfinite(score) else None}
            for row, score in zip(rows, scores, strict=True)
        },
    }
