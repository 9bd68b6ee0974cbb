"""Every network that ships: its file and hash, what it takes and gives, how it was calibrated, whose it is.

Nothing here imports torch until `build` is called, so that pages and workers may read facts without the weight of it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import nn

WEIGHTS_DIR = Path(__file__).parent / "weights"
PACKAGE_PREFIX = "package:"  # "package:facenet_pytorch/data/pnet.pt" lies in an installed package


class WeightsError(RuntimeError):
    """Weights are missing or are not those that were measured; the message is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class Template:
    """Where the five landmarks lie in an aligned square crop, as fractions of its side.

    Order: left eye, right eye, nose, left and right mouth corner (left as seen in the picture). Training pictures and
    crops of video are brought to the same template, so that a network sees at run time what it learned from.
    """

    name: str
    landmarks: tuple[tuple[float, float], ...]  # 5 × (x, y)


@dataclass(frozen=True, slots=True)
class WeightsSpec:
    """The facts of one weights file."""

    name: str
    file: str  # below models/weights, or "package:<package>/<path>"
    version: str
    sha256: str
    input_px: int | None  # side of the square uint8 RGB crops; None: features, or any size (P-Net)
    template: str | None  # name of the crop's Template
    labels: Mapping[str, tuple[str, ...]]  # of each output that is a distribution over names
    floor: Mapping[str, float]  # confidence under which the answer is "unknown", of each such output
    interval_mass: Mapping[str, float]  # of a distribution over numbers, inside the interval that holds nine in ten
    temperature: Mapping[str, float]  # by which logits are divided; already inside the weights, here to be read
    licence: str
    source: str
    trained_on: str
    training_commit: str

    @property
    def path(self) -> Path:
        """Where the file lies.

        Raises:
            WeightsError: the package that carries it is not installed.
        """
        if not self.file.startswith(PACKAGE_PREFIX):
            return WEIGHTS_DIR / self.file
        package, _, inside = self.file.removeprefix(PACKAGE_PREFIX).partition("/")
        found = importlib.util.find_spec(package)  # never imported: facenet-pytorch would want torchvision
        if found is None or not found.submodule_search_locations:
            raise WeightsError(f"The package {package} that carries the weights of {self.name} is not installed.")
        return Path(found.submodule_search_locations[0]) / inside


@cache
def _manifest() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((WEIGHTS_DIR / "manifest.json").read_text(encoding="utf-8"))
    return content


@cache
def specs() -> Mapping[str, WeightsSpec]:
    """All networks by name, in the order of the manifest."""
    return {name: _to_spec(name, entry) for name, entry in _manifest()["weights"].items()}


def spec(name: str) -> WeightsSpec:
    """The facts of one network.

    Raises:
        KeyError: there is no network of this name.
    """
    return specs()[name]


@cache
def template(name: str) -> Template:
    """The crop geometry of this name: "face" (age, gender, ethnicity), "emotion" or "embedding".

    Raises:
        KeyError: there is no template of this name.
    """
    points = _manifest()["templates"][name]["landmarks"]
    return Template(name, tuple((float(x), float(y)) for x, y in points))


def checked_path(name: str) -> Path:
    """The weights file of a network, after its hash was compared with the manifest.

    Raises:
        WeightsError: the file is missing, or is not the one that was measured.
    """
    facts = spec(name)
    path = facts.path
    if not path.is_file():
        raise WeightsError(f"The weights of {name} are missing: {path} does not exist. Install Faceline again.")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != facts.sha256:
        raise WeightsError(
            f"The weights of {name} are not the ones that were measured: {path.name} has SHA-256 {found[:12]}…, "
            f"expected {facts.sha256[:12]}…. Install Faceline again."
        )
    return path


def build(name: str) -> nn.Module:
    """The network with its weights, float32, ready for inference.

    Raises:
        KeyError: there is no network of this name.
        WeightsError: its weights are missing or changed.
    """
    path = checked_path(name)
    module = _factory(name)()
    module.load_state_dict(_load_state(path))
    return module.eval().requires_grad_(False)


def _load_state(path: Path) -> dict[str, Any]:
    import torch
    from safetensors.torch import load_file

    if path.suffix == ".safetensors":
        state = load_file(path)
    else:
        state = torch.load(path, map_location="cpu", weights_only=True)
    return {key: value.float() if value.is_floating_point() else value for key, value in state.items()}


def _factory(name: str) -> Callable[[], nn.Module]:
    from models import embedding, emotion, face_attributes, motion, mtcnn

    factories: dict[str, Callable[[], nn.Module]] = {
        "pnet": mtcnn.PNet,
        "rnet": mtcnn.RNet,
        "onet": mtcnn.ONet,
        "embedding": embedding.FaceEmbedding,
        "trunk": face_attributes.Trunk,
        "head_age_gender": face_attributes.AgeGenderHead,
        "head_ethnicity": face_attributes.EthnicityHead,
        "emotion": emotion.EmotionNetwork,
        "motion": motion.MotionNetwork,
    }
    return factories[name]


def _to_spec(name: str, entry: Mapping[str, Any]) -> WeightsSpec:
    return WeightsSpec(
        name=name,
        file=entry["file"],
        version=entry["version"],
        sha256=entry["sha256"],
        input_px=entry.get("input_px"),
        template=entry.get("template"),
        labels={output: tuple(names) for output, names in entry.get("labels", {}).items()},
        floor=dict(entry.get("floor", {})),
        interval_mass=dict(entry.get("interval_mass", {})),
        temperature=dict(entry.get("temperature", {})),
        licence=entry["licence"],
        source=entry["source"],
        trained_on=entry["trained_on"],
        training_commit=entry.get("training_commit", ""),
    )
