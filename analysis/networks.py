"""Everything that is opened for one config, and nothing that it switched off: the detector and the classifiers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from analysis.aggregate.pooled import Predictions
from analysis.classify import crops, quality
from analysis.classify.age_gender import AgeGender
from analysis.classify.embedding import Embedding
from analysis.classify.emotion import Emotion
from analysis.classify.ethnicity import Ethnicity
from analysis.classify.trunk import Trunk
from analysis.config import AnalysisConfig
from analysis.detect import Detector, open_detector
from analysis.runtime import Device
from analysis.types import Detections, Floats, Image, Images, Tracklet, WeightsFacts
from models import registry

_MTCNN = ("pnet", "rnet", "onet")


@dataclass(frozen=True, slots=True)
class Networks:
    """The opened networks; None for what the config left out."""

    config: AnalysisConfig
    device: Device
    embedding: Embedding
    trunk: Trunk | None
    age_gender: AgeGender | None
    ethnicity: Ethnicity | None
    emotion: Emotion | None
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

    def read_emotions(self, seen: Sequence[tuple[Image, Detections]]) -> list[Floats]:
        """Distributions [n, 6] of the faces of each frame, all read in one go; [n, 0] when emotion is off."""
        if self.emotion is None:
            return [np.zeros((len(faces), 0), np.float32) for _, faces in seen]
        if not seen:
            return []
        crops = [_aligned(image, faces.landmarks, "emotion") for image, faces in seen]
        read = self.emotion.predict(np.concatenate(crops))
        return np.split(read, np.cumsum([len(some) for some in crops])[:-1])

    def cut_out(self, image: Image, landmarks: Floats) -> tuple[Image, Image]:
        """One face as a crop for the attributes and as one for the embedding."""
        return _aligned(image, landmarks[None], "trunk")[0], _aligned(image, landmarks[None], "embedding")[0]

    def embed(self, faces: Images) -> Floats:
        """Unit vectors [n, 128] of crops for the embedding, each the mean of both ways round."""
        return self.embedding.predict_both_ways(faces)

    def cut_faces(self, image: Image, landmarks: Floats) -> Images:
        """Crops for the embedding [n, side, side, 3] of the faces of a frame with landmarks [n, 5, 2]."""
        return _aligned(image, landmarks, "embedding")

    def look_at(self, faces: Images) -> Floats:
        """Unit vectors [n, 128] of crops for the embedding, as they are."""
        return self.embedding.predict(faces)

    def read_crops(self, track: Tracklet) -> Tracklet:
        """The same with what the classifiers that are on say of its crops."""
        said, off = self.predict_crops(track), np.zeros((len(track.crops), 0), np.float32)
        ages, genders, ethnicities = (
            off if one is None else one for one in (said.ages, said.genders, said.ethnicities)
        )
        return replace(track, crops=replace(track.crops, ages=ages, genders=genders, ethnicities=ethnicities))

    def predict_crops(self, track: Tracklet) -> Predictions:
        """What the classifiers that are on say of a track's crops."""
        ages = genders = ethnicities = None
        if self.trunk is not None:
            described = self.trunk.describe(track.crops.images, track.crops.embeddings)
            if self.age_gender is not None:
                ages, genders = self.age_gender.predict(described)
            if self.ethnicity is not None:
                ethnicities = self.ethnicity.predict(described)
        return Predictions(track.crops.quality, ages, genders, ethnicities)

    @property
    def weights(self) -> dict[str, WeightsFacts]:
        """Version and SHA-256 of each weights file that was opened.

        "mtcnn" stands for three files; its hash is of P-, R- and O-Net's one after another.
        """
        opened = [self.trunk, self.age_gender, self.ethnicity, self.emotion, self.embedding]
        names = [name for network in opened if network is not None for name in network.weights]
        detector = {"mtcnn": _mtcnn_facts()} if self.config.detector == "mtcnn" else {}
        return detector | {name: _facts(name) for name in names}

    @property
    def floors(self) -> Mapping[str, float]:
        """Confidence under which an answer is "unknown", of "gender", "ethnicity" and "emotion"."""
        names = ("head_age_gender", "head_ethnicity", "emotion")
        return {output: floor for name in names for output, floor in registry.spec(name).floor.items()}

    @property
    def age_interval_mass(self) -> float:
        """Share of a distribution over years inside the interval that holds the truth nine times in ten."""
        return registry.spec("head_age_gender").interval_mass["age"]


def open_networks(config: AnalysisConfig, device: Device) -> Networks:
    """Opens what the config asks for; a weights file of an attribute that is off is not even read.

    Raises:
        models.registry.WeightsError: weights are missing or changed.
    """
    on = set(config.attributes)
    return Networks(
        config=config,
        device=device,
        embedding=Embedding(device),
        trunk=Trunk(device) if on & {"age_gender", "ethnicity"} else None,
        age_gender=AgeGender(device) if "age_gender" in on else None,
        ethnicity=Ethnicity(device) if "ethnicity" in on else None,
        emotion=Emotion(device) if "emotion" in on else None,
    )


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
