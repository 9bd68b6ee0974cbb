"""From a trained network to weights that ship: calibrate on the held-out part, write, put the facts in the manifest.

python -m models.training.finish faces --images fairface_train.zip --run training/faces --version 1 --commit abc1234
    [--packed faces.npy] [--side 224]
python -m models.training.finish emotion --images fer2013.zip --run training/emotion --version 1 --commit abc1234
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor

from models.emotion import EmotionNetwork
from models.emotion_classes import FER2013_TO_SIX, FERPLUS_TO_SIX
from models.pictures import open_labelled
from models.registry import WEIGHTS_DIR
from models.training import emotion, faces
from models.training.ages import group_matrix
from models.training.augment import plain
from models.training.calibrate import best_temperature, floor_for, interval_mass, softmax
from models.training.export import update_manifest, write_weights
from models.training.split import split

Floats = NDArray[np.float32]
COVERED_ACCURACY = {"gender": 0.95, "ethnicity": 0.85, "emotion": 0.77}  # what an answer that is not "unknown" reaches


@torch.inference_mode()
def collect(pictures: Tensor, ask: Callable[[Tensor], tuple[Tensor, ...]]) -> list[Floats]:
    """Outputs [n, k] for all pictures, some at a time."""
    parts = [ask(part) for part in torch.split(pictures, 64)]
    return [torch.cat(outputs).float().numpy() for outputs in zip(*parts, strict=True)]


def finish_emotion(network: EmotionNetwork, images: Path, version: str, commit: str) -> dict[str, float]:
    """Calibrates on the held-out part of FER2013's training pictures; the six by the mean of both label sets."""
    labelled = open_labelled(images)
    _, held_out = emotion.held_out_split(labelled)
    labels = emotion.EmotionLabels.read(labelled)
    pixels = [plain(labelled.source.read(labelled.files[row]), emotion.INPUT_PX) for row in held_out]
    network.eval().temperature.fill_(1.0)
    fer2013, ferplus = collect(torch.from_numpy(np.stack(pixels)), network.logits)
    truth, votes = labels.fer2013[held_out], labels.votes[held_out]
    voted = votes.max(1) > 0.5
    network.temperature[0] = best_temperature(lambda t: softmax(fer2013, t), truth)
    network.temperature[1] = best_temperature(lambda t: softmax(ferplus[voted], t), votes[voted].argmax(1))
    mean = _six(softmax(fer2013, float(network.temperature[0])), softmax(ferplus, float(network.temperature[1])))
    # each label set says its truth of the six: confidence is to hold for the mean of both
    six_truth = np.concatenate([np.array(FER2013_TO_SIX)[truth], np.array(FERPLUS_TO_SIX)[votes[voted].argmax(1)]])
    logs = np.log(np.concatenate([mean, mean[voted]]).clip(1e-6))
    network.temperature[2] = best_temperature(lambda t: softmax(logs, t), six_truth)
    floor = floor_for(softmax(logs, float(network.temperature[2])), six_truth, COVERED_ACCURACY["emotion"])
    names = ("emotion7", "emotion_ferplus", "emotion")
    temperatures = {name: round(float(t), 3) for name, t in zip(names, network.temperature, strict=True)}
    facts = {
        "version": version, "training_commit": commit, "input_px": emotion.INPUT_PX, "temperature": temperatures,
        "floor": {"emotion": floor}, "sha256": write_weights(network, "emotion", WEIGHTS_DIR),
    }  # fmt: skip
    update_manifest("emotion", facts, WEIGHTS_DIR)
    return {**temperatures, "floor": floor}


def _six(fer2013: Floats, ferplus: Floats) -> Floats:
    six = np.zeros((len(fer2013), 6), np.float32)
    for source, columns in ((fer2013, FER2013_TO_SIX), (ferplus, FERPLUS_TO_SIX)):
        for i, column in enumerate(columns):
            six[:, column] += source[:, i] / 2
    return six


def finish_faces(
    network: faces.FaceNetworks, images: Path, version: str, commit: str, packed: Path | None = None,
    side_px: int = faces.INPUT_PX,
) -> dict[str, float]:  # fmt: skip
    """Calibrates each branch on the held-out part of the training pictures."""
    labelled = open_labelled(images)
    _, held_out = split(np.arange(len(labelled)), min(faces.N_HELD_OUT, len(labelled) // 10), seed=0)
    pixels = np.load(packed, mmap_mode="r") if packed else None
    pictures = [pixels[row] if pixels is not None else labelled.source.read(labelled.files[row]) for row in held_out]
    batch = torch.from_numpy(np.stack([plain(picture, side_px) for picture in pictures]))
    branches = {
        "age": network.age_gender.age, "gender": network.age_gender.gender,
        "ethnicity": network.ethnicity.ethnicity, "race7": network.ethnicity.race7,
    }  # fmt: skip
    for branch in branches.values():
        branch.temperature.fill_(1.0)
    network.eval()

    def ask(part: Tensor) -> tuple[Tensor, ...]:
        feature = network.trunk(part)
        return tuple(branch(feature) for branch in branches.values())

    logits = dict(zip(branches, collect(batch, ask), strict=True))
    temperatures, floors = {}, {}
    for name, branch in branches.items():
        truth = labelled.column("age_group" if name == "age" else name)[held_out]
        to_classes = group_matrix() if name == "age" else np.eye(logits[name].shape[1], dtype=np.float32)
        given = truth >= 0

        def at(t: float, name: str = name, table: Floats = to_classes, given: NDArray[np.bool_] = given) -> Floats:
            return (softmax(logits[name], t) @ table)[given]

        temperatures[name] = round(best_temperature(at, truth[given]), 3)
        branch.temperature.fill_(temperatures[name])
        if name in COVERED_ACCURACY:
            floors[name] = floor_for(at(temperatures[name]), truth[given], COVERED_ACCURACY[name])
    groups = labelled.column("age_group")[held_out]
    years = softmax(logits["age"], temperatures["age"])
    mass = interval_mass(years[groups >= 0], groups[groups >= 0])
    _write_faces(network, version, commit, side_px, temperatures, floors, mass)
    return {**temperatures, **{f"floor of {name}": floor for name, floor in floors.items()}, "age interval": mass}


def _write_faces(
    network: faces.FaceNetworks, version: str, commit: str, side_px: int, temperatures: dict[str, float],
    floors: dict[str, float], age_interval_mass: float,
) -> None:  # fmt: skip
    parts = {"trunk": network.trunk, "head_age_gender": network.age_gender, "head_ethnicity": network.ethnicity}
    outputs = {"trunk": (), "head_age_gender": ("age", "gender"), "head_ethnicity": ("ethnicity", "race7")}
    for name, module in parts.items():
        facts = {
            "version": version, "training_commit": commit, "sha256": write_weights(module, name, WEIGHTS_DIR),
            "temperature": {output: temperatures[output] for output in outputs[name]},
            "floor": {output: floors[output] for output in outputs[name] if output in floors},
            "interval_mass": {output: age_interval_mass for output in outputs[name] if output == "age"},
        }  # fmt: skip
        update_manifest(name, {**facts, **({"input_px": side_px} if name == "trunk" else {})}, WEIGHTS_DIR)


# --- command line --------------------------------------------------------------------------------------------------


def _trained_faces(run: Path) -> faces.FaceNetworks:
    network = faces.FaceNetworks()
    parts = {"trunk": network.trunk, "head_age_gender": network.age_gender, "head_ethnicity": network.ethnicity}
    for name, module in parts.items():
        module.load_state_dict(_trained(run, name))
    return network


def _trained_emotion(run: Path) -> EmotionNetwork:
    network = EmotionNetwork()
    network.load_state_dict(_trained(run, "emotion"))
    return network


def _trained(run: Path, name: str) -> dict[str, Tensor]:
    return {key: value.float() for key, value in load_file(run / f"{name}.safetensors").items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("faces", "emotion"))
    parser.add_argument("--images", type=Path, required=True, help="what the network was trained on")
    parser.add_argument("--run", type=Path, required=True, help="folder that the training wrote its weights into")
    parser.add_argument("--version", required=True)
    parser.add_argument("--commit", required=True, help="of this repository, that trained")
    parser.add_argument("--packed", type=Path, help="faces: the pictures as they were packed for training")
    parser.add_argument("--side", type=int, default=faces.INPUT_PX, help="faces: side of a crop in pixels")
    given = parser.parse_args()
    if given.what == "faces":
        network = _trained_faces(given.run)
        found = finish_faces(network, given.images, given.version, given.commit, given.packed, given.side)
    else:
        found = finish_emotion(_trained_emotion(given.run), given.images, given.version, given.commit)
    sys.stdout.write(f"{found}\n")


if __name__ == "__main__":
    main()
