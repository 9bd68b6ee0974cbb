"""Measures what is said of the expression of a whole clip, on clips of people who act or speak."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from tqdm import tqdm

from analysis.builtin_attributes import EMOTION, EMOTIONS
from analysis.config import AnalysisConfig
from analysis.crew import Crew
from analysis.evaluate.metrics import wilson
from analysis.types import UNKNOWN
from models import registry

NEUTRAL = next(label.key for label in EMOTION.labels if label.is_rest)
LEAST_SPELL_S = 0.5  # shorter ones are no false alarm
SLACK_S = 1e-6


def evaluate_expressions(videos: Path, device: str, n_workers: int | None = None) -> dict[str, Any]:
    """Figures of the clips that ``labels.csv`` in the folder names: columns file and emotion, one of the product's six.

    The answer to a clip is the label of the track that is longest in view; "unknown", or no track, is wrong.

    Raises:
        OSError: a file is missing.
        ValueError: a label is none of the six, or there is no clip.
        EngineError: a video cannot be analyzed.
    """
    labels = read_labels(videos / "labels.csv")
    config = AnalysisConfig(attributes=(EMOTION.switch.key,))
    clips = {}
    with Crew(device, n_workers) as crew:
        for name, truth in tqdm(labels.items(), unit="clip"):
            with crew.analyzed(videos / name, config) as finished:
                result = json.loads((finished.folder / "result.json").read_bytes())
            clips[name] = told_of(result["tracks"], config.sample_rate, truth)
    weights = {name: registry.spec(name).sha256 for name in EMOTION.networks}
    return {"weights": weights, **summed(clips), "clips": clips}


def read_labels(path: Path) -> dict[str, str]:
    """Expressions by file.

    Raises:
        OSError: there is no such file.
        ValueError: a label is none of the six, or there is none.
    """
    with path.open(encoding="utf-8-sig", newline="") as lines:
        labels = {row["file"]: row["emotion"] for row in csv.DictReader(lines)}
    if not labels:
        raise ValueError(f"{path} names no clip.")
    if wrong := [label for label in labels.values() if label not in EMOTIONS]:
        raise ValueError(f"{path}: {wrong[0]!r} is none of {', '.join(EMOTIONS)}.")
    return labels


def told_of(tracks: Sequence[Mapping[str, Any]], rate: float, truth: str) -> dict[str, Any]:
    """What the result says of a clip, beside the truth.

    Args:
        tracks: as in the published JSON.
        rate: samples per second.
    """
    if not tracks:
        return {"truth": truth, "said": None, "in_view_s": 0.0, "alarms": 0}
    track = max(tracks, key=lambda one: one["in_view_s"])
    labels, times_s = track["samples"][EMOTION.key], track["samples"]["time_s"]
    return {
        "truth": truth,
        "said": track[EMOTION.key]["label"],
        "shares": track[EMOTION.key]["shares"],
        "in_view_s": track["in_view_s"],
        "alarms": n_alarms(labels, times_s, rate),
    }


def n_alarms(labels: Sequence[str], times_s: Sequence[float], rate: float) -> int:
    """Spells of at least `LEAST_SPELL_S` of one label other than Neutral and unknown; a missed sample ends a spell."""
    is_new = [False, *(later - earlier > 1.5 / rate for earlier, later in pairwise(times_s))]
    piece, pieces = 0, []
    for starts in is_new:
        piece += starts
        pieces.append(piece)
    lengths = [(label, len(list(spell))) for (label, _), spell in groupby(zip(labels, pieces, strict=True))]
    return sum(n / rate >= LEAST_SPELL_S - SLACK_S for label, n in lengths if label not in (NEUTRAL, UNKNOWN))


def summed(clips: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Shares over all clips, and over those of each label."""
    rows = list(clips.values())
    right = Counter(one["truth"] for one in rows if one["said"] == one["truth"])
    of_label = Counter(one["truth"] for one in rows)
    recall = {label: round(right[label] / of_label[label], 4) for label in EMOTIONS if of_label[label]}
    said = Counter((one["truth"], one["said"] or UNKNOWN) for one in rows)
    neutral = [one for one in rows if one["truth"] == NEUTRAL]
    minutes = sum(one["in_view_s"] for one in neutral) / 60
    n_right = sum(right.values())
    return {
        "n": len(rows),
        "accuracy": round(n_right / len(rows), 4),
        "accuracy_interval": wilson(n_right, len(rows)),
        "mean_recall": round(sum(recall.values()) / len(recall), 4),
        "recall": recall,
        "unknown_share": round(sum(one["said"] in (None, UNKNOWN) for one in rows) / len(rows), 4),
        "confusion": {
            truth: {answer: said[truth, answer] for answer in EMOTION.answers if said[truth, answer]}
            for truth in EMOTIONS
            if of_label[truth]
        },
        "false_alarms_per_min": round(sum(one["alarms"] for one in neutral) / minutes, 2) if minutes else None,
    }
