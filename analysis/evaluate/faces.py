"""Measures age, gender, ethnicity and emotion on labeled pictures: the figures of the cards.

Without `detect` a picture is the face crop: what the networks alone can do. With it the product's whole path runs
(MTCNN, alignment, networks), and a face that is missed is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from tqdm import tqdm

from analysis.classify.embedding import Embedding
from analysis.evaluate import metrics
from analysis.evaluate.product_path import aligned
from analysis.runtime import Device, load
from analysis.types import Floats, Image, Images
from models import registry
from models.age_interval import ages
from models.crop_geometry import recut, resized
from models.labels import AGE_GROUPS, ETHNICITIES, GENDERS, N_AGES, age_group_range
from models.pictures import LabeledPictures

PICTURES_AT_ONCE = 64
EMOTIONS = ("emotion", "emotion7", "emotion_ferplus")
# the eight groups of Levi & Hassner 2015, another way to read the same answer; between them nobody is counted
LEVI_HASSNER = ("0-2", "4-6", "8-12", "15-20", "25-32", "38-43", "48-53", "60-100")
AGE_RANGES = {
    "age_group": tuple(age_group_range(k) for k in range(len(AGE_GROUPS))),
    "age_levi_hassner": ((0, 3), (4, 7), (8, 13), (15, 21), (25, 33), (38, 44), (48, 54), (60, N_AGES)),
}
GROUPS = {"gender": GENDERS, "ethnicity": ETHNICITIES, "age_group": AGE_GROUPS}


def evaluate(pictures: LabeledPictures, *, detect: bool, mirrored: bool, device: Device) -> dict[str, Any]:
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
    for name in ("ethnicity", "race7", "gender", "age_group", "age_levi_hassner", "age", *EMOTIONS):
        if (_truth(name, pictures) >= 0).any():
            results[name] = _figures(name, pictures, answers)
    return results


# --- figures -------------------------------------------------------------------------------------------------------


def _figures(name: str, pictures: LabeledPictures, answers: dict[str, Floats]) -> dict[str, Any]:
    truth = _truth(name, pictures)
    given = truth >= 0
    probabilities = _probabilities(name, answers)[given]
    if name == "age":
        return _age_figures(pictures, given, probabilities)
    classes, floor = _classes(name)
    figures = metrics.classification(truth[given], probabilities, classes, floor)
    answer, is_found = probabilities.argmax(1), probabilities.max(1) > 0
    if name in AGE_RANGES:
        figures["within_one_group"] = round(float(((np.abs(answer - truth[given]) <= 1) & is_found).mean()), 4)
    return {**figures, **metrics.by_groups((answer == truth[given]) & is_found, _groups(pictures, given))}


def _groups(pictures: LabeledPictures, given: metrics.Flags) -> dict[str, tuple[metrics.Integers, Sequence[str]]]:
    """The ways to divide these people that the labels know."""
    columns = {group: (pictures.column(group)[given], names) for group, names in GROUPS.items()}
    return {group: column for group, column in columns.items() if (column[0] >= 0).any()}


def _age_figures(pictures: LabeledPictures, given: metrics.Flags, distribution: Floats) -> dict[str, Any]:
    """Years and their interval; the interval of a face that was missed holds nothing."""
    mass = registry.spec("head_age_gender").interval_mass["age"]
    years, low, high = ages(distribution, mass)
    truth, is_found = pictures.column("age")[given], distribution.sum(1) > 0
    figures = metrics.years(truth, years, low, high, is_found)
    figures["interval_mass"] = mass
    figures["groups"] = {
        division: {
            names[k]: metrics.years(*(column[classes == k] for column in (truth, years, low, high, is_found)))
            for k in range(len(names)) if (classes == k).any()
        }
        for division, (classes, names) in _groups(pictures, given).items()
    }  # fmt: skip
    return figures


def _truth(name: str, pictures: LabeledPictures) -> metrics.Integers:
    """Class indices [n], -1 where the labels do not say."""
    if name != "age_levi_hassner":
        return pictures.column(name)
    years, truth = pictures.column("age"), np.full(len(pictures), -1)
    for k, (first, end) in enumerate(AGE_RANGES[name]):
        truth[(first <= years) & (years < end)] = k
    return truth


def _probabilities(name: str, answers: dict[str, Floats]) -> Floats:
    if name not in AGE_RANGES:
        return answers[name]
    groups = np.stack([answers["age"][:, first:end].sum(1) for first, end in AGE_RANGES[name]], 1)
    sums = groups.sum(1, keepdims=True)
    shares: Floats = np.divide(groups, sums, out=np.zeros_like(groups), where=sums > 0)
    return shares


def _classes(name: str) -> tuple[Sequence[str], float]:
    """Names of an attribute's classes, and the floor of the product (0 where it never says unknown)."""
    if name in AGE_RANGES:
        return (AGE_GROUPS if name == "age_group" else LEVI_HASSNER), 0.0
    facts = next(facts for facts in registry.specs().values() if name in facts.labels)
    return facts.labels[name], facts.floor.get(name, 0.0)


# --- answers -------------------------------------------------------------------------------------------------------


def _networks(wanted: set[str]) -> list[str]:
    names = []
    if wanted & {"age", "age_group", "gender"}:
        names += ["trunk", "embedding", "head_age_gender"]
    if wanted & {"ethnicity", "race7"}:
        names += [name for name in ("trunk", "embedding", "head_ethnicity") if name not in names]
    if wanted & set(EMOTIONS):
        names.append("emotion")
    return names


def _answers(
    pictures: LabeledPictures, wanted: set[str], *, detect: bool, mirrored: bool, device: Device
) -> dict[str, Floats]:
    """Distributions [n, k] by attribute; zeros where no face was found."""
    networks = {name: load(name, device, batch_sizes=(1, 16)) for name in _networks(wanted) if name != "embedding"}
    parts: list[dict[str, Floats]] = []
    embedding = Embedding(device) if "trunk" in networks else None
    for crops, found in _crops(pictures, wanted, detect, device):
        embeddings = None if embedding is None else embedding.predict_both_ways(crops["embedding"])
        part = _read(networks, crops, embeddings)
        if mirrored:
            other = _read(networks, {name: images[:, :, ::-1] for name, images in crops.items()}, embeddings)
            part = {name: ((part[name] + other[name]) / 2).astype(np.float32) for name in part}
        parts.append({name: _spread(values, found) for name, values in part.items()})
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _read(networks: dict[str, Any], crops: dict[str, Images], embeddings: Floats | None) -> dict[str, Floats]:
    """Distributions by attribute; `embeddings` are the same for a crop and for its mirror image."""
    answers: dict[str, Floats] = {}
    if embeddings is not None:
        features = networks["trunk"].batched(np.ascontiguousarray(crops["face"]))[0]
        description = np.concatenate([features, embeddings], axis=1)
        if "head_age_gender" in networks:
            answers["age"], answers["gender"] = networks["head_age_gender"].batched(description)
        if "head_ethnicity" in networks:
            answers["ethnicity"], answers["race7"] = networks["head_ethnicity"].batched(description)
    if "emotion" in networks:
        found = networks["emotion"].batched(np.ascontiguousarray(crops["emotion"]))[: len(EMOTIONS)]
        answers.update(zip(EMOTIONS, found, strict=True))
    return answers


def _spread(values: Floats, found: metrics.Flags) -> Floats:
    """Rows of the faces that were found, among rows of zeros for those that were missed."""
    rows = np.zeros((len(found), values.shape[1]), np.float32)
    rows[found] = values
    return rows


def _crops(
    pictures: LabeledPictures, wanted: set[str], detect: bool, device: Device
) -> Iterator[tuple[dict[str, Images], metrics.Flags]]:
    """Crops by template of some pictures at a time, and which of these pictures had a face."""
    sides = _sides(wanted)
    for first in tqdm(range(0, len(pictures), PICTURES_AT_ONCE), unit="batch"):
        images = [pictures.source.read(name) for name in pictures.files[first : first + PICTURES_AT_ONCE]]
        if detect:
            yield aligned(images, sides, device)
        else:
            whole = {name: np.stack([_crop(image, name, side) for image in images]) for name, side in sides.items()}
            yield whole, np.ones(len(images), bool)


def _sides(wanted: set[str]) -> dict[str, int]:
    """Side in pixels of the crops of each template that is needed."""
    facts = [registry.spec(name) for name in _networks(wanted)]
    return {one.template: one.input_px for one in facts if one.template is not None and one.input_px is not None}


def _crop(image: Image, template: str, side_px: int) -> Image:
    """A picture that is a face crop, as this template's; the embedding's is narrower and lies inside."""
    return recut(image, "face", template, side_px) if template == "embedding" else resized(image, side_px)
