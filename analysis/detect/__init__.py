"""Finding faces. A new detector is one file and one line in `_OPENERS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from analysis.config import AnalysisConfig
from analysis.runtime import Device
from analysis.types import Detections, Floats, Image


class Detector(Protocol):
    """Finds faces in pictures of one fixed size."""

    weights: tuple[str, ...]  # names in models.registry of the networks that were opened

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        """The faces of each picture [height, width, 3] RGB, best score first, at most `config.max_faces`.

        `Detections.is_cut` says that there were more. What is found in a picture does not depend on the others.
        """
        ...

    def refine(self, images: Sequence[Image], boxes: Sequence[Floats]) -> list[Detections]:
        """The faces of each picture that lie near where they are expected, boxes [n, 4]: cheaper than `detect`.

        A face that moved by up to a quarter of its size is found; what is far from every box need not be. A detector
        that has no cheaper way may search the whole pictures.
        """
        ...


def _open_mtcnn(config: AnalysisConfig, height_px: int, width_px: int, device: Device) -> Detector:
    from analysis.detect.mtcnn import Mtcnn

    return Mtcnn.open(height_px, width_px, config.smallest_face_px(height_px), device, max_faces=config.max_faces)


def _open_haar(config: AnalysisConfig, height_px: int, width_px: int, device: Device) -> Detector:
    from analysis.detect.haar import Haar

    return Haar(config.smallest_face_px(height_px), max_faces=config.max_faces)


_OPENERS: Mapping[str, Callable[[AnalysisConfig, int, int, Device], Detector]] = {
    "mtcnn": _open_mtcnn,
    "haar": _open_haar,
}


def open_detector(config: AnalysisConfig, height_px: int, width_px: int, device: Device) -> Detector:
    """The detector that the config names, for upright pictures of this size.

    Raises:
        models.registry.WeightsError: its weights are missing or changed.
    """
    return _OPENERS[config.detector](config, height_px, width_px, device)
