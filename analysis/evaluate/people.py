"""What users see: the one answer for the person of a video, against what somebody saw in it, and against single crops.

The truth names the videos by file; an entry with ``people`` [1, 1] and ``who`` is read: ``gender``, ``age`` [from, to],
``ethnicity``, as far as they are told.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from analysis.aggregate import pooled
from analysis.builtin_attributes import AGE, GENDER
from analysis.config import AnalysisConfig
from analysis.crew import Crew
from analysis.serialize import load_crop_predictions
from analysis.types import UNKNOWN, CropPredictions
from models import registry

ADULT_FROM = 18  # of the lower end of the true age
SWITCHES = ("age_gender", "ethnicity")
NETWORKS = ("trunk", "head_age_gender", "head_ethnicity", "embedding")


def evaluate_people(videos: Path, truth: Path | None, device: str) -> dict[str, Any]:
    """Figures of all videos that show one person whom the truth describes.

    Args:
        truth: JSON; ``truth.json`` among the videos by default.

    Raises:
        OSError: a file is missing.
        EngineError: a video cannot be analyzed.
    """
    told: dict[str, Any] = json.loads((truth or videos / "truth.json").read_text(encoding="utf-8"))
    wanted = {name: one["who"][0] for name, one in told.items() if is_single(one)}
    found = {}
    with Crew(device) as crew:
        for name, who in tqdm(wanted.items(), unit="video"):
            with crew.analyzed(videos / name, AnalysisConfig(attributes=SWITCHES)) as finished:
                found[name] = compared(finished.folder, who)
    return {"weights": {name: registry.spec(name).sha256 for name in NETWORKS}, **summed(found), "videos": found}


def is_single(entry: Any) -> bool:
    """Whether one person is seen, of whom something is told."""
    return isinstance(entry, dict) and entry.get("people") == [1, 1] and len(entry.get("who", ())) == 1


def compared(folder: Path, who: Mapping[str, Any]) -> dict[str, Any]:
    """Of a finished result: what was said of the person longest in view, and by single crops, against the truth."""
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    if not result["people"]:
        return {"truth": dict(who), "said": None, "is_adult": _is_adult(who)}
    person = max(result["people"], key=lambda one: one["in_view_s"])
    crops = [one for key, one in load_crop_predictions(folder / "crops.npz").items() if key in person["track_ids"]]
    years, female = (np.concatenate([one.said[column] for one in crops]) for column in (AGE.column, GENDER.column))
    age, gender, ethnicity = person["age"], person["gender"]["label"], person["ethnicity"]["label"]
    said = {"gender": gender, "age": [age["years"], age["low"], age["high"]], "ethnicity": ethnicity}
    figures: dict[str, Any] = {"truth": dict(who), "said": said, "is_adult": _is_adult(who), "n_crops": len(years)}
    if "gender" in who:
        figures["gender_right"] = gender == who["gender"]
        figures["gender_right_of_crops"] = round(float(((female >= 0.5) == (who["gender"] == "female")).mean()), 4)
    if "age" in who:
        first, last = who["age"]
        figures["age_overlaps"] = age["low"] <= last and age["high"] >= first
        middle = (first + last) / 2
        figures["age_error"] = abs(age["years"] - middle)
        figures["age_error_of_crops"] = round(float(np.abs(years - middle).mean()), 2)
    figures["age_of_halves"] = age_of_halves(max(crops, key=lambda one: len(one.time_s)))
    if "ethnicity" in who:
        figures["ethnicity_right"] = ethnicity == who["ethnicity"]
        figures["ethnicity_right_or_unknown"] = ethnicity in (who["ethnicity"], UNKNOWN)
    return figures


def age_of_halves(track: CropPredictions) -> tuple[float, float] | None:
    """Pooled age of the first half of a track's time and of the second, years; None when one has no crop."""
    years = track.said.get(AGE.column)
    if years is None:
        return None
    is_early = track.time_s < (track.time_s[0] + track.time_s[-1]) / 2 + 1e-6
    if is_early.all():
        return None
    weights = pooled.weights_of(track.quality)
    early, late = (float(np.average(years[part], weights=weights[part])) for part in (is_early, ~is_early))
    return round(early, 2), round(late, 2)


def summed(found: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Counts over the videos; who was not found at all is wrong."""
    rows = list(found.values())
    adults = [one for one in rows if one["is_adult"] and "gender" in one["truth"]]
    aged = [one for one in rows if "age" in one["truth"]]
    named = [one for one in rows if "ethnicity" in one["truth"]]
    return {
        "n_videos": len(rows),
        "gender_of_adults": _count(adults, "gender_right"),
        "age_overlaps": _count(aged, "age_overlaps"),
        "ethnicity_right": _count(named, "ethnicity_right"),
        "ethnicity_right_or_unknown": _count(named, "ethnicity_right_or_unknown"),
        "age_halves_deviation": _deviation([halves for one in rows if (halves := one.get("age_of_halves"))]),
        "pooled": {"gender_right": _mean(adults, "gender_right"), "age_error": _mean(aged, "age_error")},
        "single_crops": {
            "gender_right": _mean(adults, "gender_right_of_crops"),
            "age_error": _mean(aged, "age_error_of_crops"),
        },
    }


def _deviation(halves: Sequence[tuple[float, float]]) -> float | None:
    """Standard deviation of the pooled age of one track between its halves, over all tracks, years."""
    if not halves:
        return None
    early, late = np.array(halves).T
    return round(float(np.sqrt(np.mean((early - late) ** 2 / 2))), 2)


def _is_adult(who: Mapping[str, Any]) -> bool:
    return bool(who.get("age", [0])[0] >= ADULT_FROM)


def _count(rows: Sequence[Mapping[str, Any]], key: str) -> dict[str, int]:
    return {"n": len(rows), "right": sum(bool(one.get(key)) for one in rows)}


def _mean(rows: Sequence[Mapping[str, Any]], key: str) -> float | None:
    values = [float(one[key]) for one in rows if key in one]
    return round(float(np.mean(values)), 4) if values else None
