"""From a trained network to weights that ship: calibrate on the held-out part, write, put the facts in the manifest.

python -m models.training.finish faces --images fairface_train.zip --run training/faces --version 1 --commit abc1234
    [--packed faces.npy] [--side 224]
python -m models.training.finish emotion --images fer2013.zip --run training/emotion --version 1 --commit abc1234
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor, nn

from models.crop_geometry import resized
from models.emotion import EmotionNetwork
from models.emotion_classes import FERPLUS_TO_SIX
from models.face_attributes import Branch, to_five
from models.labels import LabelError
from models.pictures import open_labeled
from models.registry import WEIGHTS_DIR
from models.training import emotion, faces, identity
from models.training.ages import group_matrix
from models.training.calibrate import best_temperature, floor_for, interval_mass, softmax
from models.training.export import update_manifest, write_weights

Floats = NDArray[np.float32]
Images = NDArray[np.uint8]
COVERED_ACCURACY = {"gender": 0.95, "ethnicity": 0.87, "emotion": 0.81}  # what an answer that is not "unknown" reaches
VOTES = 10  # of FER+, a picture
# powers of each answer's mean share, by which answers are divided: rare ones come nearer to frequent ones (Menon et al.
# 2021); chosen on the held-out part, the second for the mean of the classes where the whole does not lose
EVENING_AGES, EVENING_ETHNICITIES = 0.4, 0.3


@torch.inference_mode()
def collect(pictures: Tensor, ask: Callable[[Tensor], tuple[Tensor, ...]]) -> list[Floats]:
    """Outputs [n, k] for all pictures, some at a time."""
    parts = [ask(part) for part in torch.split(pictures, 64)]
    return [torch.cat(outputs).float().numpy() for outputs in zip(*parts, strict=True)]


def finish_emotion(
    network: EmotionNetwork, images: Path, version: str, commit: str, labels: Path | None = None
) -> dict[str, float]:
    """Calibrates on the held-out part of FER2013's training pictures; the six by FER+'s votes.

    Raises:
        LabelError: no picture has votes.
    """
    labeled = open_labeled(images, labels)
    rows, held_out = emotion.held_out_split(labeled)
    told = emotion.EmotionLabels.read(labeled)
    if not told.votes[rows].any():
        raise LabelError("The labels have no votes of FER+, from which the six expressions are read.")
    pixels = [resized(labeled.source.read(labeled.files[row]), emotion.INPUT_PX) for row in held_out]
    network.eval().temperature.fill_(1.0)
    fer2013, ferplus = collect(torch.from_numpy(np.stack(pixels)), network.logits)
    truth, votes = told.fer2013[held_out], told.votes[held_out]
    voted = votes.max(1) > 0.5
    network.temperature[0] = best_temperature(lambda t: softmax(fer2013, t), truth)
    network.temperature[1] = best_temperature(lambda t: softmax(ferplus[voted], t), votes[voted].argmax(1))
    network.shares.copy_(torch.from_numpy(told.votes[rows].mean(0)) @ network.to_six)
    network.shares.div_(network.shares.sum()).clamp_(min=1e-3)  # a class that nobody voted for is not infinitely rare
    # of the six every vote is a truth of its own: a confidence of 0.8 is to mean that eight of ten people would say so
    picture, ferplus_class = np.nonzero(votes)
    n_votes = np.rint(VOTES * votes[picture, ferplus_class]).astype(int)
    picture, six_truth = np.repeat(picture, n_votes), np.repeat(np.array(FERPLUS_TO_SIX)[ferplus_class], n_votes)
    said = torch.from_numpy(softmax(ferplus, float(network.temperature[1])))
    logits = network.six_logits(said).numpy()[picture]
    network.temperature[2] = best_temperature(lambda t: softmax(logits, t), six_truth)
    floor = floor_for(softmax(logits, float(network.temperature[2])), six_truth, COVERED_ACCURACY["emotion"])
    names = ("emotion7", "emotion_ferplus", "emotion")
    temperatures = {name: round(float(t), 3) for name, t in zip(names, network.temperature, strict=True)}
    facts = {
        "version": version, "training_commit": commit, "input_px": emotion.INPUT_PX, "temperature": temperatures,
        "floor": {"emotion": floor}, "sha256": write_weights(network, "emotion", WEIGHTS_DIR),
    }  # fmt: skip
    update_manifest("emotion", facts, WEIGHTS_DIR)
    return {**temperatures, "floor": floor}


def finish_faces(
    network: faces.FaceNetworks, images: Path, version: str, commit: str, packed: Path | None = None,
    side_px: int = faces.INPUT_PX, labels: Path | None = None,
) -> dict[str, float]:  # fmt: skip
    """Weighs the experts of each branch, evens its classes and calibrates it, on the held-out part of the pictures."""
    labeled = open_labeled(images, labels)
    _, held_out = faces.held_out_split(len(labeled))
    pixels = np.load(packed, mmap_mode="r") if packed else None
    pictures = [pixels[row] if pixels is not None else labeled.source.read(labeled.files[row]) for row in held_out]
    features, vectors = _described(network.eval(), pictures, side_px)
    found: dict[str, float] = {}
    for branch in network.branches.values():
        branch.temperature.fill_(1.0)
    for name, paired in network.paired_branches.items():
        truth = labeled.column(name)[held_out]
        given = truth >= 0
        share = identity.weigh(paired, features[given], vectors[given], truth[given])
        found[f"share of the embedding's expert, {name}"] = share
    _even_out(network.age_gender.age, features, vectors)
    logits = {name: _logits(branch, features, vectors) for name, branch in network.branches.items()}
    five = to_five(torch.from_numpy(logits["race7"])).numpy()
    evening = _evening(five, EVENING_ETHNICITIES)
    five += evening
    temperatures, floors, mass = {}, {}, 0.0
    for name, answer in {**logits, "ethnicity": five}.items():
        truth = labeled.column("age_group" if name == "age" else name)[held_out]
        to_classes = group_matrix() if name == "age" else np.eye(answer.shape[1], dtype=np.float32)
        given = truth >= 0

        def at(t: float, logits: Floats = answer[given], table: Floats = to_classes) -> Floats:
            return softmax(logits, t) @ table

        temperatures[name] = round(best_temperature(at, truth[given]), 3)
        if name in COVERED_ACCURACY:
            floors[name] = floor_for(at(temperatures[name]), truth[given], COVERED_ACCURACY[name])
        if name == "age":
            mass = interval_mass(softmax(answer[given], temperatures[name]), truth[given])
    for name, branch in network.branches.items():
        branch.temperature.fill_(temperatures[name])
    network.ethnicity.temperature.fill_(temperatures["ethnicity"] / temperatures["race7"])  # after the seven's
    network.ethnicity.evening.copy_(torch.from_numpy(evening) / temperatures["race7"])
    _write_faces(network, version, commit, side_px, temperatures, floors, mass)
    return {**found, **temperatures, **{f"floor of {name}": one for name, one in floors.items()}, "age interval": mass}


def _described(network: faces.FaceNetworks, pictures: Sequence[Images], side_px: int) -> tuple[Floats, Floats]:
    """The trunk's features [n, 1024] and the embeddings [n, 128] of face crops of any size."""
    crops = torch.from_numpy(np.stack([resized(picture, side_px) for picture in pictures]))
    (features,) = collect(crops, lambda part: (network.trunk(part),))
    return features, identity.embeddings_of(pictures)


@torch.no_grad()
def _logits(branch: Branch, features: Floats, vectors: Floats) -> Floats:
    logits: Floats = branch(torch.from_numpy(np.concatenate([features, vectors], 1))).numpy()
    return logits


@torch.no_grad()
def _even_out(branch: Branch, features: Floats, vectors: Floats) -> None:
    """Of ages, in place: it is the old who are rare, and else taken for younger than they are."""
    last = branch.of_feature[-1]
    assert isinstance(last, nn.Linear)
    last.bias.add_(torch.from_numpy(_evening(_logits(branch, features, vectors), EVENING_AGES)))


def _evening(logits: Floats, power: float) -> Floats:
    """What is added to logits [n, k] so that answers are divided by a power of their mean: [k]."""
    shares: Floats = softmax(logits, 1.0).mean(0)
    evening: Floats = -power * np.log(np.maximum(shares, 1e-6)).astype(np.float32)
    return evening


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
    parser.add_argument("--labels", type=Path, help="CSV, as in training (default: labels.csv inside)")
    parser.add_argument("--run", type=Path, required=True, help="folder that the training wrote its weights into")
    parser.add_argument("--version", required=True)
    parser.add_argument("--commit", required=True, help="of this repository, that trained")
    parser.add_argument("--packed", type=Path, help="faces: the pictures as they were packed for training")
    parser.add_argument("--side", type=int, default=faces.INPUT_PX, help="faces: side of a crop in pixels")
    given = parser.parse_args()
    what = given.images, given.version, given.commit
    try:
        if given.what == "faces":
            found = finish_faces(_trained_faces(given.run), *what, given.packed, given.side, given.labels)
        else:
            found = finish_emotion(_trained_emotion(given.run), *what, given.labels)
    except (FileNotFoundError, LabelError) as error:
        sys.exit(str(error))
    sys.stdout.write(f"{found}\n")


if __name__ == "__main__":
    main()
