"""Trains `models.motion.MotionNetwork` on faces that its teachers labeled (``scripts/label_motion.py``).

    python -m models.training.motion --labels training/motion/labels --out training/motion --epochs 10

Pictures are crops 30 % wider than the network's, so that each can be turned, zoomed, shifted and mirrored, and its
labels with it: landmarks of a detector tremble. A training that is killed goes on when the command is given again.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor, nn

from models import registry
from models.motion import ANGLE_DEG, POINT_SHARE, MotionNetwork
from models.motion_points import COEFFICIENTS, EYES, LIPS, MESH_POINTS, MIRRORED, MIRRORED_COEFFICIENTS, index_of
from models.training.export import update_manifest, write_weights
from models.training.loop import TrainingPlan, train
from models.training.split import split

PACKED_PX, MARGIN = 120, 1.3  # side of the packed crops, and how much wider they are than the network's
INPUT_PX = 96
SURE = 0.5  # of the teacher, from which on it is learned where points are
N_HELD_OUT = 1500
ZOOM, SHIFT, TURN_DEG = 0.12, 0.06, 10.0  # at most, each way; the shift as a share of the side
LEAST_SPREAD = 0.03  # of a coefficient: what never changes is not learned the harder for it
POINT_WEIGHT, COEFFICIENT_WEIGHT, ANGLE_WEIGHT, PRESENCE_WEIGHT = 6.0, 1.0, 2.0, 0.5
FINE_POINTS = tuple(MESH_POINTS.index(point) for point in (*EYES, *LIPS, 468, 473, 159, 386, 145, 374))


@dataclass(frozen=True)
class MotionLabels:
    """What the teachers say of n packed pictures."""

    points: Tensor  # [n, 78, 2], fractions of the packed picture
    coefficients: Tensor  # [n, 52]
    angles_deg: Tensor  # [n, 5]
    presence: Tensor  # [n] of the teacher
    is_face: Tensor  # [n] bool

    @staticmethod
    def read(paths: list[Path]) -> MotionLabels:
        parts = [np.load(path) for path in paths]
        names = ("points", "coefficients", "angles_deg", "presence", "is_face")
        columns = [torch.from_numpy(np.concatenate([part[name] for part in parts])) for name in names]
        return MotionLabels(*(column if column.dtype == torch.bool else column.float() for column in columns))

    def __len__(self) -> int:
        return len(self.presence)

    def select(self, rows: Tensor) -> MotionLabels:
        return MotionLabels(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    @property
    def is_sure(self) -> Tensor:
        """[n] bool: where points, coefficients and angles are to be learned."""
        return self.is_face & (self.presence > SURE)


@dataclass(frozen=True)
class MotionFeed:
    """Packed pictures of several files one behind another, as they are: the lesson moves them with their labels."""

    files: tuple[Path, ...]
    rows: NDArray[np.int64]
    weights: NDArray[np.float64]  # [n] how often each of the rows is drawn
    batch: int
    seed: int

    @property
    def n_batches(self) -> int:
        return len(self.rows) // self.batch

    @cached_property
    def _packed(self) -> tuple[list[NDArray[np.uint8]], NDArray[np.int64]]:
        files = [np.load(file, mmap_mode="r") for file in self.files]
        return files, np.cumsum([0, *(len(file) for file in files)])

    def pictures(self, rows: NDArray[np.int64]) -> Tensor:
        """[n, s, s, 3] uint8."""
        files, starts = self._packed
        which = np.searchsorted(starts, rows, "right") - 1
        return torch.from_numpy(np.stack([files[k][row - starts[k]] for k, row in zip(which, rows, strict=True)]))

    def batches(self, epoch: int, first_batch: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
        generator = np.random.default_rng((self.seed, epoch))
        order = generator.choice(self.rows, len(self.rows), p=self.weights / self.weights.sum())
        for k in range(first_batch, self.n_batches):
            rows = order[k * self.batch : (k + 1) * self.batch]
            yield self.pictures(np.sort(rows)), torch.from_numpy(np.sort(rows))


@dataclass(frozen=True)
class Moves:
    """How each of n packed pictures is cut, from the crop to the packed picture, both from -1 to 1."""

    matrix: Tensor  # [n, 2, 2]
    shift: Tensor  # [n, 2]
    turn: Tensor  # [n] rad
    is_mirrored: Tensor  # [n] bool

    @staticmethod
    def none(n: int) -> Moves:
        return Moves.of(torch.ones(n), torch.zeros(n, 2), torch.zeros(n), torch.zeros(n, dtype=torch.bool))

    @staticmethod
    def drawn(n: int) -> Moves:
        zoom = 1 + ZOOM * (2 * torch.rand(n) - 1)
        shift = 2 * SHIFT * (2 * torch.rand(n, 2) - 1) / MARGIN
        turn = torch.deg2rad(TURN_DEG * torch.randn(n).clamp(-2, 2) / 2)
        return Moves.of(zoom, shift, turn, torch.rand(n) < 0.5)

    @staticmethod
    def of(zoom: Tensor, shift: Tensor, turn: Tensor, is_mirrored: Tensor) -> Moves:
        cos, sin = torch.cos(turn), torch.sin(turn)
        side = torch.where(is_mirrored, -1.0, 1.0)
        matrix = torch.stack([torch.stack([side * cos, -sin], -1), torch.stack([side * sin, cos], -1)], -2)
        return Moves(matrix * (zoom / MARGIN)[:, None, None], shift, turn, is_mirrored)

    def crops(self, packed: Tensor) -> Tensor:
        """[n, 3, 96, 96] float 0-255, of pictures [n, s, s, 3]."""
        theta = torch.cat([self.matrix, self.shift[:, :, None]], dim=2)
        grid = F.affine_grid(theta, [len(packed), 3, INPUT_PX, INPUT_PX], align_corners=False)
        return F.grid_sample(packed.float().permute(0, 3, 1, 2), grid, align_corners=False)

    def labels(self, labels: MotionLabels) -> MotionLabels:
        """The labels as they are in the crops; points as fractions of the crop."""
        placed = (labels.points * PACKED_PX + 0.5) / (PACKED_PX / 2) - 1  # pixels count from their centers
        inside = torch.einsum("nij,npj->npi", torch.linalg.inv(self.matrix), placed - self.shift[:, None])
        points = ((inside + 1) * (INPUT_PX / 2) - 0.5) / INPUT_PX
        mirrored = self.is_mirrored[:, None]
        points = torch.where(mirrored[:, :, None], points[:, list(MIRRORED)], points)
        swapped = labels.coefficients[:, list(MIRRORED_COEFFICIENTS)]
        coefficients = torch.where(mirrored, swapped, labels.coefficients)
        side = torch.where(self.is_mirrored, -1.0, 1.0)
        head, eyes = (self._turned(labels.angles_deg[:, k : k + 2], side) for k in (0, 3))
        roll = side * (labels.angles_deg[:, 2] - torch.rad2deg(self.turn))
        angles = torch.cat([head, roll[:, None], eyes], dim=1)
        return MotionLabels(points, coefficients, angles, labels.presence, labels.is_face)

    def _turned(self, yaw_pitch_deg: Tensor, side: Tensor) -> Tensor:
        """Directions [n, 2] in the crop."""
        yaw, pitch = torch.deg2rad(yaw_pitch_deg).unbind(1)
        x, y, z = torch.sin(yaw) * torch.cos(pitch), -torch.sin(pitch), torch.cos(yaw) * torch.cos(pitch)
        cos, sin = torch.cos(self.turn), torch.sin(self.turn)
        x, y = side * (cos * x + sin * y), cos * y - sin * x
        return torch.rad2deg(torch.stack([torch.atan2(x, z), torch.asin((-y).clamp(-1, 1))], dim=1))


def degraded(crops: Tensor) -> Tensor:
    """Crops [n, 3, s, s] as a video may have them: fewer pixels, other light and color, noise, something in front."""
    n, side = len(crops), crops.shape[-1]
    for part in torch.arange(n).tensor_split(4):
        if torch.rand(()) < 0.4 and len(part):
            small = int(torch.randint(20, side, ()))
            shrunk = F.interpolate(crops[part], size=(small, small), mode="area")
            crops[part] = F.interpolate(shrunk, size=(side, side), mode="bilinear", align_corners=False)
    gray = (crops * torch.tensor([0.299, 0.587, 0.114]).reshape(1, 3, 1, 1)).sum(1, keepdim=True)
    color = torch.where(torch.rand(n) < 0.25, 0.0, 1 + 0.3 * (2 * torch.rand(n) - 1)).reshape(n, 1, 1, 1)
    crops = gray + color * (crops - gray)
    mean = crops.mean((1, 2, 3), keepdim=True)
    contrast = 1 + 0.35 * (2 * torch.rand(n, 1, 1, 1) - 1)
    light = mean * (1 + 0.35 * (2 * torch.rand(n, 1, 1, 1) - 1))
    tint = 1 + 0.1 * (2 * torch.rand(n, 3, 1, 1) - 1)
    crops = ((crops - mean) * contrast + light) * tint
    crops = crops + 6 * torch.rand(n, 1, 1, 1) * torch.randn_like(crops)
    for k in torch.nonzero(torch.rand(n) < 0.08).flatten().tolist():
        height, width = (torch.rand(2) * 0.25 * side + 0.1 * side).int().tolist()
        top, left = int(torch.randint(0, side - height, ())), int(torch.randint(0, side - width, ()))
        crops[k, :, top : top + height, left : left + width] = 255 * torch.rand(3, 1, 1)
    return crops.clamp(0, 255)


def frozen_stem(network: MotionNetwork, batch: int) -> Callable[[Tensor], Tensor]:
    """`features` of batches of one size, by OpenVINO, which computes them four times as fast as torch."""
    import openvino

    class Stem(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, images: Tensor) -> Tensor:
            return self.network.features(images)

    with torch.autocast("cpu", enabled=False):
        graph = openvino.convert_model(Stem(), example_input=torch.zeros(batch, INPUT_PX, INPUT_PX, 3))
    hints = {"INFERENCE_NUM_THREADS": torch.get_num_threads(), "NUM_STREAMS": 1}
    request = openvino.Core().compile_model(graph, "CPU", hints).create_infer_request()

    def features(images: Tensor) -> Tensor:
        found = torch.from_numpy(request.infer([images.contiguous().numpy()])[0].copy())
        return found.contiguous(memory_format=torch.channels_last)

    return features


class MotionLesson:
    """Distances to what the teachers say, each in the unit of its own spread."""

    def __init__(self, labels: MotionLabels, held_out: tuple[Tensor, Tensor]) -> None:
        self.network = MotionNetwork()
        self.labels = labels
        pictures, rows = held_out
        moves = Moves.none(len(rows))
        self.held_out = (moves.crops(pictures).permute(0, 2, 3, 1), moves.labels(labels.select(rows)))
        sure = labels.select(torch.nonzero(labels.is_sure).flatten())
        self.spread = sure.coefficients.std(0).clamp_min(LEAST_SPREAD)
        mean = Moves.none(len(sure)).labels(sure).points.mean(0)
        mirrored = torch.stack([1 - mean[list(MIRRORED), 0], mean[list(MIRRORED), 1]], dim=1)
        self.network.mean_points.copy_((mean + mirrored) / 2)
        for part in (self.network.first, self.network.stem):
            part.requires_grad_(False)
        self.stem: Callable[[Tensor], Tensor] | None = None  # compiled when the taken weights are in

    def parameter_groups(self, rate: float) -> list[dict[str, Any]]:
        return [{"params": [each for each in self.network.parameters() if each.requires_grad], "lr": rate}]

    def loss(self, pictures: Tensor, rows: Tensor) -> Tensor:
        moves = Moves.drawn(len(rows))
        crops = degraded(moves.crops(pictures))
        truth = moves.labels(self.labels.select(rows))
        if self.stem is None:
            self.stem = frozen_stem(self.network, len(rows))
        features = self.stem(crops.permute(0, 2, 3, 1))
        points, coefficients, angles, presence = (each.float() for each in self.network.raw(features))
        sure = truth.is_sure.float()
        n_sure = sure.sum().clamp_min(1)

        def mean(distances: Tensor) -> Tensor:
            return (distances.flatten(1).mean(1) * sure).sum() / n_sure

        off = F.smooth_l1_loss(
            points, (truth.points - self.network.mean_points) / POINT_SHARE, beta=0.05, reduction="none"
        )
        off_coefficients = F.smooth_l1_loss(
            torch.sigmoid(coefficients) / self.spread, truth.coefficients / self.spread, beta=0.3, reduction="none"
        )
        off_angles = F.smooth_l1_loss(angles, truth.angles_deg / ANGLE_DEG, beta=0.1, reduction="none")
        is_face = F.binary_cross_entropy_with_logits(presence[:, 0], 0.02 + 0.96 * truth.is_face.float())
        return (
            POINT_WEIGHT * (mean(off) + mean(off[:, list(FINE_POINTS)]))
            + COEFFICIENT_WEIGHT * mean(off_coefficients)
            + ANGLE_WEIGHT * mean(off_angles)
            + PRESENCE_WEIGHT * is_face
        )

    @torch.inference_mode()
    def measure(self, network: nn.Module) -> Mapping[str, float]:
        pictures, truth = self.held_out
        parts = [network(part) for part in torch.split(pictures, 128)]
        points, coefficients, angles, presence = (torch.cat(each).float() for each in zip(*parts, strict=True))
        sure = truth.is_sure
        first, second = index_of(33), index_of(263)
        across = (truth.points[:, first] - truth.points[:, second]).norm(dim=1)
        off = (points - truth.points).norm(dim=2) / across[:, None]
        moving = [k for k in range(len(COEFFICIENTS)) if self.spread[k] > LEAST_SPREAD]
        likeness = [
            float(torch.corrcoef(torch.stack([coefficients[sure, k], truth.coefficients[sure, k]]))[0, 1])
            for k in moving
        ]
        off_angles = (angles - truth.angles_deg)[sure].abs().mean(0)
        right = (presence[:, 0] > 0.5) == truth.is_face
        return {
            "points": float(off[sure].mean()),
            "irises": float(off[sure][:, [index_of(468), index_of(473)]].mean()),
            "coefficients": float(np.mean(likeness)),
            "head_deg": float(off_angles[:2].mean()),
            "gaze_deg": float(off_angles[3:].mean()),
            "presence": float(right.float().mean()),
        }


def rarity(labels: MotionLabels) -> NDArray[np.float64]:
    """[n]: how often each picture is drawn: unusual faces more often, what is no face rather often."""
    sure = labels.coefficients[labels.is_sure]
    far = ((labels.coefficients - sure.mean(0)) / sure.std(0).clamp_min(LEAST_SPREAD)).pow(2).mean(1)
    weights = far.sqrt().clamp(0.5, 2.5)
    weights[~labels.is_face] = 1.0
    weights[labels.is_face & ~labels.is_sure] = 0.3
    return weights.double().numpy()


def train_motion(
    folder: Path, plan: TrainingPlan, start: Path | None = None, batch: int = 96, seed: int = 1
) -> MotionNetwork:
    """Trains on the pictures of a folder that ``scripts/label_motion.py`` filled; goes on from a checkpoint.

    Args:
        start: weights of an earlier training, to begin with.
    """
    torch.manual_seed(seed)
    files = tuple(sorted(folder.glob("*.npy")))
    labels = MotionLabels.read([file.with_suffix(".npz") for file in files])
    rows, held_out = split(np.arange(len(labels)), N_HELD_OUT, seed=0)
    feed = MotionFeed(files, rows, rarity(labels)[rows], batch, seed)
    lesson = MotionLesson(labels, (feed.pictures(np.sort(held_out)), torch.from_numpy(np.sort(held_out))))
    stem = registry.build("emotion").trunk
    assert isinstance(stem, nn.Module)
    taken = {name.replace("blocks.", "stem."): value for name, value in stem.state_dict().items()}
    known = lesson.network.state_dict()
    lesson.network.load_state_dict({name: taken.get(name, value) for name, value in known.items()})
    if start is not None:
        lesson.network.load_state_dict(load_file(start))
    network = train(lesson, feed, plan)
    assert isinstance(network, MotionNetwork)
    return network


FACTS = {
    "file": "motion.safetensors",
    "input_px": INPUT_PX,
    "template": "emotion",
    "licence": "Apache-2.0 (trained by Faceline); first layers MIT and Apache-2.0",
    "source": "trained by Faceline: models/training/motion.py, on what Google's FaceMesh V2 and its blendshape network "
    "(MediaPipe, Apache-2.0) say; first layers of the emotion network",
    "trained_on": "faces of FairFace train (Kärkkäinen & Joo 2021, CC BY 4.0), FER2013's parts train and public, and "
    "the videos of GRID (CC BY 4.0) and Intel (CC BY 4.0)",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=26)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--start", type=Path, help="weights of an earlier training, to begin with")
    parser.add_argument("--version", help="put the weights among those that ship, as this version")
    parser.add_argument("--commit", default="", help="of the training, for the manifest")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    arguments.out.mkdir(parents=True, exist_ok=True)
    plan = TrainingPlan(
        epochs=arguments.epochs, rate=arguments.rate, directory=arguments.out, weight_decay=0.02, averaging=0.99
    )
    network = train_motion(arguments.labels, plan, arguments.start)
    write_weights(network, "motion", arguments.out)
    if arguments.version:
        facts = FACTS | {"version": arguments.version, "training_commit": arguments.commit}
        update_manifest("motion", facts | {"sha256": write_weights(network, "motion")})


if __name__ == "__main__":
    main()
