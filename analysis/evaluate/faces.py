"""Measures age, gender, ethnicity and emotion on labelled pictures: the figures of the cards.

Without `detect` a picture is the face crop: what the networks alone can do. With it the product's whole path runs
(MTCNN, alignment, networks), and a face that is missed is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from PIL import Image as Pillow
from tqdm import tqdm

from analysis.evaluate import metrics
from analysis.evaluate.product_path import aligned
from analysis.runtime import Device, load
from analysis.types import Floats, Image, Images
from models import registry
from models.labels import AGE_GROUP_STARTS, AGE_GROUPS, ETHNICITIES, GENDERS
from models.pictures import LabelledPictures

PICTURES_AT_ONCE = 64
DEMOGRAPHICS = ("age", "gender", "ethnicity", "race7")
EMOTIONS = ("emotion", "emotion7", "emotion_ferplus")
GROUPS = {"gender": GENDERS, "ethnicity": ETHNICITIES, "age_group": AGE_GROUPS}


def evaluate(pictures: LabelledPictures, *, detect: bool, mirrored: bool, device: Device) -> dict[str, Any]:
    """All figures of every attribute that the labels name.

    Args:
        mirrored: answers are the mean over a crop and its mirror image.

    Raises:
        WeightsError: weights are missing or changed.
    """
    wanted = {name for labels in pictures.labels for name in labels}
    answers = _answers(pictures, wanted, detect=detect, mirrored=mirrored, device=device)
    results: dict[str, Any] = {"n_pictures": len(pictures), "detected": detect, "mirrored": mirrored}
    results["weights"] = {name: registry.spec(name).sha256 for name in _networks(wanted)}
    for name in ("ethnicity", "race7", "gender", "age_group", "age", *EMOTIONS):
        if name in wanted:
            results[name] = _figures(name, pictures, answers)
    return results


# --- figures -------------------------------------------------------------------------------------------------------


def _figures(name: str, pictures: LabelledPictures, answers: dict[str, Floats]) -> dict[str, Any]:
    truth = pictures.column(name)
    given = truth >= 0
    probabilities = _probabilities(name, answers)[given]
    if name == "age":
        return _age_figures(truth[given], probabilities)
    classes, floor = _classes(name)
    figures = metrics.classification(truth[given], probabilities, classes, floor)
    right = (probabilities.argmax(1) == truth[given]) & (probabilities.max(1) > 0)
    if name == "age_group":
        near = np.abs(probabilities.argmax(1) - truth[given]) <= 1
        figures["within_one_group"] = round(float((near & (probabilities.max(1) > 0)).mean()), 4)
    columns = {group: (pictures.column(group)[given], names) for group, names in GROUPS.items()}
    known = {group: column for group, column in columns.items() if (column[0] >= 0).any()}
    return {**figures, **metrics.by_groups(right, known)}


def _age_figures(truth: metrics.Integers, distribution: Floats) -> dict[str, Any]:
    found = distribution.sum(1) > 0
    years = np.round(distribution[found] @ np.arange(distribution.shape[1]))
    low, high = metrics.quantile_interval(distribution[found])
    truth = truth[found]
    errors = np.abs(years - truth)
    of_group = np.searchsorted(np.array(AGE_GROUP_STARTS), truth, "right") - 1
    return {
        "n": len(found),
        "missed": int((~found).sum()),
        "mae": round(float(errors.mean()), 3),
        "bias": round(float((years - truth).mean()), 3),
        "mae_of_group": {
            AGE_GROUPS[k]: round(float(errors[of_group == k].mean()), 2)
            for k in range(len(AGE_GROUPS)) if (of_group == k).any()
        },
        "interval_coverage": round(float(((low <= truth) & (truth <= high)).mean()), 4),
        "interval_width": round(float((high - low).mean()), 2),
    }  # fmt: skip


def _probabilities(name: str, answers: dict[str, Floats]) -> Floats:
    if name != "age_group":
        return answers[name]
    ends = [*AGE_GROUP_STARTS[1:], answers["age"].shape[1]]
    groups = [answers["age"][:, a:b].sum(1) for a, b in zip(AGE_GROUP_STARTS, ends, strict=True)]
    return np.stack(groups, 1)


def _classes(name: str) -> tuple[Sequence[str], float]:
    """Names of an attribute's classes, and the floor of the product (0 where it never says unknown)."""
    if name == "age_group":
        return AGE_GROUPS, 0.0
    facts = next(facts for facts in registry.specs().values() if name in facts.labels)
    return facts.labels[name], facts.floor.get(name, 0.0)


# --- answers -------------------------------------------------------------------------------------------------------


def _networks(wanted: set[str]) -> list[str]:
    names = []
    if wanted & {"age", "age_group", "gender"}:
        names += ["trunk", "head_age_gender"]
    if wanted & {"ethnicity", "race7"}:
        names += [name for name in ("trunk", "head_ethnicity") if name not in names]
    if wanted & set(EMOTIONS):
        names.append("emotion")
    return names


def _answers(
    pictures: LabelledPictures, wanted: set[str], *, detect: bool, mirrored: bool, device: Device
) -> dict[str, Floats]:
    """Distributions [n, k] by attribute; zeros where no face was found."""
    networks = {name: load(name, device, batch_sizes=(1, 16)) for name in _networks(wanted)}
    parts: list[dict[str, Floats]] = []
    for crops, found in _crops(pictures, wanted, detect, device):
        part = _read(networks, crops)
        if mirrored:
            other = _read(networks, {name: images[:, :, ::-1] for name, images in crops.items()})
            part = {name: ((part[name] + other[name]) / 2).astype(np.float32) for name in part}
        parts.append({name: _spread(values, found) for name, values in part.items()})
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _read(networks: dict[str, Any], crops: dict[str, Images]) -> dict[str, Floats]:
    answers: dict[str, Floats] = {}
    if "trunk" in networks:
        (feature,) = networks["trunk"].batched(np.ascontiguousarray(crops["face"]))
        if "head_age_gender" in networks:
            answers["age"], answers["gender"] = networks["head_age_gender"].batched(feature)
        if "head_ethnicity" in networks:
            answers["ethnicity"], answers["race7"] = networks["head_ethnicity"].batched(feature)
    if "emotion" in networks:
        found = networks["emotion"].batched(np.ascontiguousarray(crops["emotion"]))
        answers.update(zip(EMOTIONS, found, strict=True))
    return answers


def _spread(values: Floats, found: metrics.Flags) -> Floats:
    """Rows of the faces that were found, among rows of zeros for those that were missed."""
    rows = np.zeros((len(found), values.shape[1]), np.float32)
    rows[found] = values
    return rows


def _crops(
    pictures: LabelledPictures, wanted: set[str], detect: bool, device: Device
) -> Iterator[tuple[dict[str, Images], metrics.Flags]]:
    """Crops by template of some pictures at a time, and which of these pictures had a face."""
    sides = _sides(wanted)
    for first in tqdm(range(0, len(pictures), PICTURES_AT_ONCE), unit="batch"):
        images = [pictures.source.read(name) for name in pictures.files[first : first + PICTURES_AT_ONCE]]
        if detect:
            yield aligned(images, sides, device)
        else:
            whole = {name: np.stack([_resized(image, side) for image in images]) for name, side in sides.items()}
            yield whole, np.ones(len(images), bool)


def _sides(wanted: set[str]) -> dict[str, int]:
    """Side in pixels of the crops of each template that is needed."""
    facts = [registry.spec(name) for name in _networks(wanted)]
    return {one.template: one.input_px for one in facts if one.template is not None and one.input_px is not None}


def _resized(image: Image, side_px: int) -> Image:
    kind = Pillow.Resampling.BOX if image.shape[0] >= 2 * side_px else Pillow.Resampling.BILINEAR
    return np.asarray(Pillow.fromarray(image).resize((side_px, side_px), kind))
