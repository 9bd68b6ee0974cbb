"""What moves the figures: small trainings of equal length, told apart on faces held out of training, for the card.

    python -m models.training.compare --images fairface_train.zip --trunk faceres-deep.safetensors --work DIR
        [--packed faces.npy] [--only loss_weights svm depth input_size] [--faces 8000] [--steps 200]

Each experiment's figures are kept in DIR as soon as they are known, so that a run that was stopped goes on;
``models/figures/comparison.json`` is written from what is there. About twenty minutes on one core to itself.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from tqdm import tqdm

from models.cards import FIGURES_DIR
from models.crop_geometry import resized
from models.mobilenet import BLOCKS, MobileNet
from models.pictures import LabeledPictures, open_labeled
from models.processor import computes_in_bf16
from models.training import baseline, identity
from models.training.ages import group_matrix
from models.training.face_losses import FaceTargets
from models.training.faces import N_HELD_OUT, PACKED_PX, FaceNetworks, train_faces
from models.training.heads import fit_heads
from models.training.loop import TrainingPlan
from models.training.packing import pack
from models.training.split import split

FEATURE_PX = 224
N_SEARCH = 1000  # further faces that are not trained on: fixed weights and the SVM's penalty are chosen on them
SEEDS = (0, 1, 2)
FIXED = ((0.6, 0.2, 0.2), (0.2, 0.2, 0.6), (0.2, 0.6, 0.2), (0.4, 0.2, 0.4), (0.45, 0.1, 0.45), (0.3, 0.1, 0.6))
SUMMED = (1.0, 3.0, 6.0)
RATE, BATCH = 2e-4, 64
DEPTHS = {"frozen": len(BLOCKS), "partly": 4, "fully": -1}  # blocks after the first convolution that are not trained
DEPTH_PX = 160
SIDES_PX = (112, 160, 224)
ATTRIBUTES = ("age_group", "gender", "ethnicity", "race7")
Rows = NDArray[np.int64]
Figures = dict[str, Any]


@dataclass(frozen=True)
class Material:
    """The pictures, the pretrained trunk, and where figures are kept meanwhile."""

    images: Path
    trunk: Path
    work: Path
    packed: Path | None
    n_faces: int  # that heads and support vector machines learn from
    n_steps: int  # of each training of the trunk

    @cached_property
    def pictures(self) -> LabeledPictures:
        return open_labeled(self.images)

    @cached_property
    def packed_path(self) -> Path:
        """All pictures in one file; every training reads the same one."""
        if self.packed:
            return self.packed
        path = self.work / "pictures.npy"
        pack(self.pictures, PACKED_PX, path)
        return path

    @cached_property
    def targets(self) -> FaceTargets:
        return FaceTargets.read(self.pictures)

    @cached_property
    def parts(self) -> tuple[Rows, Rows, Rows]:
        """Rows to train on, to choose on, and to report; the last are those that every training holds out."""
        n = len(self.pictures)
        training, held_out = split(np.arange(n), min(N_HELD_OUT, n // 10), seed=0)
        rest, searched = split(training, min(N_SEARCH, n // 10), seed=1)
        return split(rest, min(self.n_faces, len(rest)), seed=2)[1], searched, held_out

    def columns(self, rows: Rows) -> dict[str, Rows]:
        return {name: self.pictures.column(name)[rows] for name in ATTRIBUTES}

    def pretrained(self) -> MobileNet:
        trunk = MobileNet().eval()
        trunk.load_state_dict({name: value.float() for name, value in load_file(self.trunk).items()})
        return trunk

    @cached_property
    def features(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """The pretrained trunk's features [n, 1024] of the three parts at 224 px."""
        trunk = self.pretrained()
        training, searched, held_out = (self._features(name, rows, trunk) for name, rows in zip(
            ("training", "searched", "held_out"), self.parts, strict=True))  # fmt: skip
        return training, searched, held_out

    def _features(self, name: str, rows: Rows, trunk: MobileNet) -> torch.Tensor:
        path = self.work / f"features_{name}.npy"
        if not path.exists():
            np.save(path, identity.in_batches(self.packed_path, self._ask(trunk), f"features, {name}", rows))
        return torch.from_numpy(np.load(path).astype(np.float32))

    @staticmethod
    def _ask(trunk: MobileNet) -> Callable[[NDArray[np.uint8]], NDArray[np.float16]]:
        def ask(pictures: NDArray[np.uint8]) -> NDArray[np.float16]:
            crops = np.stack([resized(picture, FEATURE_PX) for picture in pictures])
            with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=computes_in_bf16()):
                return trunk(torch.from_numpy(crops)).float().numpy().astype(np.float16)  # type: ignore[no-any-return]

        return ask


# --- experiments ---------------------------------------------------------------------------------------------------


def loss_weights(material: Material) -> Figures:
    """Equal, fixed and dynamic weights of the three losses, on the frozen trunk's features."""
    _, searched, held_out = material.parts
    _, choosing, reporting = material.features
    chosen_on, best = material.columns(searched), {}
    for fixed in FIXED:
        network = _fitted(material, weighting="fixed", fixed_weights=fixed)
        best[fixed] = _mean_accuracy(_head_figures(network, choosing, chosen_on))
    fixed = max(best, key=lambda weights: best[weights])
    sums = {}
    for summed in SUMMED:
        network = _fitted(material, weighting="dynamic", summed_weight=summed)
        sums[summed] = _mean_accuracy(_head_figures(network, choosing, chosen_on))
    summed = max(sums, key=lambda weight: sums[weight])
    kinds: dict[str, dict[str, Any]] = {
        "equal": {"weighting": "equal"},
        "fixed": {"weighting": "fixed", "fixed_weights": fixed},
        "dynamic": {"weighting": "dynamic", "summed_weight": summed},
    }
    n_training = len(material.parts[0])
    found: Figures = {
        "n": len(held_out),
        "n_training": n_training,
        "fixed_weights": list(fixed),
        "summed_weight": summed,
        "rows": {},
    }
    for name, kind in kinds.items():
        networks = [_fitted(material, seed=seed, **kind) for seed in SEEDS]
        truth = material.columns(held_out)
        figures = [_head_figures(network, reporting, truth) for network in networks]
        found["rows"][name] = {key: round(float(np.mean([one[key] for one in figures])), 4) for key in figures[0]}
        if name == "dynamic":
            with torch.inference_mode():
                mean = torch.stack([network.task_weights(reporting) for network in networks]).mean(0)
            found["dynamic_weights"] = [round(float(weight), 3) for weight in mean]
    return found


def _fitted(material: Material, **settings: Any) -> FaceNetworks:
    rows = torch.from_numpy(material.parts[0])
    return fit_heads(material.features[0], rows, material.targets, **settings).eval()


@torch.inference_mode()
def _head_figures(network: FaceNetworks, features: torch.Tensor, truth: Mapping[str, Rows]) -> dict[str, float]:
    answers = {name: torch.softmax(logits, 1) for name, logits in network.of_feature(features).items()}
    answers["age_group"] = answers["age"] @ torch.from_numpy(group_matrix())
    return {name: _accuracy(answers[name].argmax(1).numpy(), truth[name]) for name in ATTRIBUTES}


def _accuracy(answer: Rows, truth: Rows) -> float:
    return float((answer == truth)[truth >= 0].mean())


def _mean_accuracy(figures: Mapping[str, float]) -> float:
    return float(np.mean([figures[name] for name in ("age_group", "gender", "ethnicity")]))


def trained(material: Material, n_frozen: int, side_px: int) -> Figures:
    """One training of the common length; its figures on the held-out faces at its end."""
    name = f"frozen{n_frozen}_{side_px}px"
    plan = TrainingPlan(
        epochs=1.0,
        max_steps=material.n_steps,
        rate=RATE,
        directory=material.work / name,
        warmup_steps=material.n_steps // 10,
        averaging=0.98,
        save_every=50,
    )
    plan.directory.mkdir(exist_ok=True)
    train_faces(
        material.images,
        material.trunk,
        plan,
        packed=material.packed_path,
        n_frozen=n_frozen,
        side_px=side_px,
        seed=1,
        batch=BATCH,
    )
    state = torch.load(plan.directory / "checkpoint.pt", weights_only=True)
    return {key: round(value, 4) for key, value in state["figures"][-1].items() if key in ATTRIBUTES}


def depth(material: Material) -> Figures:
    """How much of the trunk is trained, at one input size."""
    rows = {name: once(material, f"trained_{n}_{DEPTH_PX}", partial(trained, material, n, DEPTH_PX))
            for name, n in DEPTHS.items()}  # fmt: skip
    return {"n": len(material.parts[2]), "side_px": DEPTH_PX, "steps": material.n_steps, "rows": rows}


def input_size(material: Material) -> Figures:
    """The side of the crops, the trunk partly trained."""
    n = DEPTHS["partly"]
    rows = {str(side_px): once(material, f"trained_{n}_{side_px}", partial(trained, material, n, side_px))
            for side_px in SIDES_PX}  # fmt: skip
    return {"n": len(material.parts[2]), "steps": material.n_steps, "rows": rows}


def svm(material: Material) -> Figures:
    """An RBF support vector machine on the identity embedding, beside heads on the trunk from the same faces."""
    training, searched, held_out = material.parts
    embeddings = identity.embeddings(material.packed_path, np.concatenate([training, searched, held_out]))
    ends = np.cumsum([len(training), len(searched), len(held_out)])
    own, choosing, reported = np.split(embeddings, ends[:2])
    found: Figures = {"n": len(held_out), "n_training": len(training), "rows": {}}
    for name in tqdm(ATTRIBUTES, desc="support vector machines"):
        truths = [material.pictures.column(name)[rows] for rows in (training, searched, held_out)]
        answer = baseline.rbf_machine(own, truths[0], choosing, truths[1]).predict(reported)
        found["rows"].setdefault("svm", {})[name] = round(_accuracy(answer, truths[2]), 4)
    heads = _fitted(material)
    figures = _head_figures(heads, material.features[2], material.columns(held_out))
    found["rows"]["heads"] = {name: round(value, 4) for name, value in figures.items()}
    return found


EXPERIMENTS: Mapping[str, Callable[[Material], Figures]] = {
    "loss_weights": loss_weights,
    "svm": svm,
    "depth": depth,
    "input_size": input_size,
}


def once(material: Material, name: str, make: Callable[[], Figures]) -> Figures:
    """Figures that were found before, or now."""
    path = material.work / f"{name}.json"
    if not path.exists():
        path.write_text(json.dumps(make()), encoding="utf-8")
    found: Figures = json.loads(path.read_text(encoding="utf-8"))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=Path, required=True, help="FairFace's training pictures, ZIP or folder")
    parser.add_argument("--trunk", type=Path, required=True, help="from models.training.convert_trunk")
    parser.add_argument("--packed", type=Path, help="the same pictures packed as one .npy, for instance larger")
    parser.add_argument("--work", type=Path, required=True, help="folder for what is kept meanwhile")
    parser.add_argument("--only", nargs="+", choices=EXPERIMENTS, default=list(EXPERIMENTS))
    parser.add_argument("--faces", type=int, default=8000, help="that heads and support vector machines learn from")
    parser.add_argument("--steps", type=int, default=200, help="of 64 faces, of each training of the trunk")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", type=Path, default=FIGURES_DIR / "comparison.json")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    arguments.work.mkdir(parents=True, exist_ok=True)
    material = Material(
        arguments.images, arguments.trunk, arguments.work, arguments.packed, arguments.faces, arguments.steps
    )
    for name in arguments.only:
        once(material, name, partial(EXPERIMENTS[name], material))
    found = {name: path for name in EXPERIMENTS if (path := material.work / f"{name}.json").exists()}
    figures = {name: json.loads(path.read_text(encoding="utf-8")) for name, path in found.items()}
    arguments.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
