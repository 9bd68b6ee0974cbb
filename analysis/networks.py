"""Everything that is opened for one config, and nothing that it switched off: the detector and the classifiers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module

import numpy as np

from analysis.attributes import Source
from analysis.classify import Reader, crops, quality
from analysis.classify.embedding import Embedding
from analysis.classify.trunk import TrunkReader
from analysis.config import AnalysisConfig
from analysis.detect import Detector, open_detector
from analysis.runtime import Device
from analysis.types import Detections, Distributions, Floats, Image, Images, Tracklet, WeightsFacts
from models import registry

_MTCNN = ("pnet", "rnet", "onet")


@dataclass(frozen=True, slots=True)
class OpenReader:
    """A classifier that is open, what it reads, and the names of the networks behind it."""

    reader: Reader
    source: Source
    networks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Networks:
    """The opened networks; what the config left out is not among them."""

    config: AnalysisConfig
    device: Device
    embedding: Embedding
    trunk: TrunkReader | None
    readers: tuple[OpenReader, ...]
    _detectors: dict[tuple[int, int], Detector] = field(default_factory=dict)

    def detector(self, height_px: int, width_px: int) -> Detector:
        """The detector for upright pictures of this size, opened at first use."""
        size = (height_px, width_px)
        if size not in self._detectors:
            self._detectors[size] = open_detector(self.config, height_px, width_px, self.device)
        return self._detectors[size]

    def measure(self, image: Image, faces: Detections) -> quality.Measures:
        """Fitness and head direction of each face of a frame."""
        return quality.measure(image, faces)

    def read_samples(self, seen: Sequence[tuple[Image, Detections]]) -> list[Distributions]:
        """What is read from every sample of the faces of each frame [n, k], all in one go."""
        read: list[dict[str, Floats]] = [{} for _ in seen]
        on = {attribute.key for attribute in self.config.attributes_on()}
        for each in self._reading("samples") if seen else ():
            crops = [_aligned(image, faces.landmarks, each.networks[0]) for image, faces in seen]
            ends = np.cumsum([len(some) for some in crops])[:-1]
            for key, distributions in each.reader.predict(np.concatenate(crops)).items():
                if key not in on:
                    continue
                for one, part in zip(read, np.split(distributions, ends), strict=True):
                    one[key] = part
        return list(read)

    def cut_out(self, image: Image, landmarks: Floats) -> tuple[Image, Image]:
        """One face as a crop for the attributes and as one for the embedding."""
        return _aligned(image, landmarks[None], "trunk")[0], _aligned(image, landmarks[None], "embedding")[0]

    def embed(self, faces: Images) -> Floats:
        """Unit vectors [n, 128] of crops for the embedding, each the mean of both ways round."""
        return self.embedding.predict_both_ways(faces)

    def cut_faces(self, image: Image, landmarks: Floats) -> Images:
        """Crops for the embedding [n, side, side, 3] of the faces of a frame with landmarks [n, 5, 2]."""
        return _aligned(image, landmarks, "embedding")

    def embed_once(self, faces: Images) -> Floats:
        """Unit vectors [n, 128] of crops for the embedding, each of the crop alone: cheaper than `embed`."""
        return self.embedding.predict(faces)

    def read_crops(self, track: Tracklet) -> Tracklet:
        """The same with what the classifiers that are on say of its crops."""
        read: dict[str, Floats] = {}
        if self.trunk is not None:
            described = self.trunk.describe(track.crops.images, track.crops.embeddings)
            for each in self._reading("description"):
                read |= each.reader.predict(described)
        for each in self._reading("crops"):
            read |= each.reader.predict(track.crops.images)
        on = [attribute.key for attribute in self.config.attributes_on() if attribute.key in read]
        return replace(track, crops=replace(track.crops, read={key: read[key] for key in on}))

    def _reading(self, source: Source) -> Iterator[OpenReader]:
        return (each for each in self.readers if each.source == source)

    @property
    def weights(self) -> dict[str, WeightsFacts]:
        """Version and SHA-256 of each weights file that was opened.

        "mtcnn" stands for three files; its hash is of P-, R- and O-Net's one after another.
        """
        names = [name for attribute in self.config.attributes_on() for name in attribute.networks]
        detector = {"mtcnn": _mtcnn_facts()} if self.config.detector == "mtcnn" else {}
        return detector | {name: _facts(name) for name in (*names, "embedding")}

    @property
    def floors(self) -> Mapping[str, float]:
        """Confidence under which an answer is "unknown", by attribute."""
        return {attribute.key: attribute.floor for attribute in self.config.attributes_on()}

    @property
    def interval_masses(self) -> Mapping[str, float]:
        """Share of a distribution inside the interval that holds the truth nine times in ten, by attribute."""
        return {output: mass for spec in registry.specs().values() for output, mass in spec.interval_mass.items()}


def open_networks(config: AnalysisConfig, device: Device) -> Networks:
    """Opens what the config asks for; a weights file of an attribute that is off is not even read.

    Raises:
        models.registry.WeightsError: weights are missing or changed.
    """
    readers = {each.reader: (each.source, each.networks) for each in config.attributes_on() if each.reader}
    return Networks(
        config=config,
        device=device,
        embedding=Embedding(device),
        trunk=TrunkReader(device) if any(source == "description" for source, _ in readers.values()) else None,
        readers=tuple(OpenReader(_open(name, device), *how) for name, how in readers.items()),
    )


def _open(name: str, device: Device) -> Reader:
    """The classifier "module:Class"."""
    module, _, kind = name.partition(":")
    reader: Reader = getattr(import_module(module), kind)(device)
    return reader


def _aligned(image: Image, landmarks: Floats, network: str) -> Images:
    """Crops [n, side, side, 3] as this network takes them."""
    spec = registry.spec(network)
    assert spec.template is not None
    assert spec.input_px is not None
    return crops.align_all(image, landmarks, spec.template, spec.input_px)


def _facts(name: str) -> WeightsFacts:
    spec = registry.spec(name)
    return WeightsFacts(spec.version, spec.sha256)


def _mtcnn_facts() -> WeightsFacts:
    digest = hashlib.sha256()
    for name in _MTCNN:
        digest.update(registry.checked_path(name).read_bytes())
    return WeightsFacts(registry.spec(_MTCNN[0]).version, digest.hexdigest())
