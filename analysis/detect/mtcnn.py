"""MTCNN: Zhang, Zhang, Li & Qiao 2016, "Joint Face Detection and Alignment using Multitask Cascaded Convolutional
Networks". P-Net proposes boxes in a pyramid of sizes, R-Net refines them, O-Net decides and finds five landmarks.

Stride, thresholds and the arithmetic from cell to pixel are those of the facenet-pytorch package, whose weights are
used: boxes count pixels from 1 and contain both ends, in here and in what is handed out. Where a box reaches over the
border the picture goes on in black (that package squeezes what is left of it instead).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from analysis import geometry
from analysis.detect.area import AreaSums, halved
from analysis.detect.pyramid import WINDOW_PX, Pyramid
from analysis.runtime import Device, Network, load
from analysis.types import Detections, Floats, Image, Integers

STRIDE_PX = 2  # of P-Net's windows
REFINE_PX, OUTPUT_PX = 24, 48  # sides of what R-Net and O-Net read
ENOUGH_PX = 40  # a larger smallest face is searched for in the picture halved: 4K costs little more than 1080p


@dataclass(frozen=True, slots=True)
class Strictness:
    """What passes each stage, and how each level of the pyramid is made."""

    propose: float = 0.7  # score from which on a candidate passes P-Net, and so on
    refine: float = 0.7
    output: float = 0.7
    refine_overlap: float = 0.6  # IoU above which R-Net's lesser candidate is dropped
    is_exact: bool = False  # each level from the picture itself, not from the level before
    # A frame full of faces or of noise takes bounded time: of each frame, the best candidates go on.
    most_windows: int = 6000
    most_proposed: int = 2000
    most_refined: int = 800


# Two thirds of the candidates of facenet-pytorch's settings in each stage, and 99 % of its faces.
FAST = Strictness()
LIKE_FACENET_PYTORCH = Strictness(0.6, 0.7, 0.7, 0.7, True, 10**6, 10**6, 10**6)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Boxes of several frames on their way through the cascade."""

    boxes: Floats  # [n, 4] squares
    frame: Integers  # [n] index of the picture
    crowded: Integers = field(default_factory=lambda: np.zeros(0, np.int64))  # pictures that had more than may go on


class Mtcnn:
    """A detector for pictures of one size."""

    weights: tuple[str, ...] = ("pnet", "rnet", "onet")

    def __init__(
        self,
        pyramid: Pyramid,
        networks: tuple[Network, Network, Network],
        max_faces: int,
        strictness: Strictness,
        images_at_once: int,
        shrink: int,
    ) -> None:
        self._pyramid = pyramid
        self._pnet, self._rnet, self._onet = networks
        self._max_faces = max_faces
        self._strictness = strictness
        self._images_at_once = images_at_once
        self._shrink = shrink  # 1, 2, 4 …: what pictures are divided by first
        self._cells = _Cells.of(pyramid)

    @classmethod
    def open(
        cls,
        height_px: int,
        width_px: int,
        smallest_face_px: int,
        device: Device,
        *,
        max_faces: int = 200,
        strictness: Strictness = FAST,
    ) -> Mtcnn:
        """Opens the three networks for upright pictures of this size."""
        networks = (load("pnet", device, (1,)), load("rnet", device, (4, 16, 64)), load("onet", device, (1, 4)))
        shrink = 1
        while not strictness.is_exact and smallest_face_px >= 2 * ENOUGH_PX * shrink:
            shrink *= 2
        pyramid = Pyramid.plan(height_px // shrink, width_px // shrink, smallest_face_px / shrink)
        # a GPU wants large batches; a CPU gains nothing by them and would only hold more tables of sums
        images_at_once = 1 if device.runtime == "openvino" else 8
        return cls(pyramid, networks, max_faces, strictness, images_at_once, shrink)

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        """The faces of each picture, best score first."""
        found = []
        for start in range(0, len(images), self._images_at_once):
            found += self._detect_together(images[start : start + self._images_at_once])
        return found

    def _detect_together(self, images: Sequence[Image]) -> list[Detections]:
        """R-Net and O-Net read the candidates of all these pictures at once."""
        if self._shrink > 1:
            images = [halved(image, image.shape[1] // self._shrink) for image in images]
        sums = [AreaSums(image) for image in images]
        proposed = _joined([self._propose(*both) for both in zip(images, sums, strict=True)])
        refined = self._refine(sums, proposed)
        return self._output(sums, refined)

    def _propose(self, image: Image, sums: AreaSums) -> Floats:
        """P-Net: squares [n, 4] where any level of the pyramid may hold a face."""
        if not self._pyramid.levels:
            return np.zeros((0, 4), np.float32)
        canvas = self._pyramid.draw_exact(image, sums) if self._strictness.is_exact else self._pyramid.draw(image)
        scores, offsets = self._pnet(canvas[None])
        windows, level, score, offset = self._cells.read(scores[0], offsets[0], self._strictness)
        # across levels nothing needs to be suppressed: windows of neighbouring sizes overlap by half at most
        kept = geometry.suppress(windows, score, 0.5, groups=level)[: self._strictness.most_proposed]
        return geometry.squared(geometry.shifted(windows[kept], offset[kept]))

    def _refine(self, sums: Sequence[AreaSums], candidates: Candidates) -> Candidates:
        """R-Net: fewer and better squares."""
        scores, offsets = self._rnet.batched(_cut(sums, candidates, REFINE_PX))
        passed = np.flatnonzero(scores > self._strictness.refine)
        boxes, frame = candidates.boxes[passed], candidates.frame[passed]
        kept = geometry.suppress(boxes, scores[passed], self._strictness.refine_overlap, groups=frame)
        rank = _rank_in_frame(frame[kept])
        crowded = np.unique(frame[kept][rank >= self._strictness.most_refined])
        kept = kept[rank < self._strictness.most_refined]
        better = _counted_from_1(geometry.shifted(_half_open(boxes[kept]), offsets[passed][kept]))
        return Candidates(geometry.squared(better), frame[kept], crowded)

    def _output(self, sums: Sequence[AreaSums], candidates: Candidates) -> list[Detections]:
        """O-Net: the faces with their landmarks."""
        scores, offsets, landmarks = self._onet.batched(_cut(sums, candidates, OUTPUT_PX))
        passed = np.flatnonzero(scores > self._strictness.output)
        scores, offsets, landmarks = scores[passed], offsets[passed], landmarks[passed]
        boxes, frame = candidates.boxes[passed], candidates.frame[passed]
        boxes = _half_open(boxes)
        points = boxes[:, None, :2] + landmarks * (boxes[:, 2:] - boxes[:, :2])[:, None, :]
        boxes = geometry.shifted(boxes, offsets)
        kept = geometry.suppress(boxes, scores, 0.7, groups=frame, measure="smaller")
        boxes = _counted_from_1(boxes * self._shrink)
        found = Detections(boxes[kept], points[kept] * self._shrink, scores[kept])
        return [
            self._capped(found.select(np.flatnonzero(frame[kept] == i)), i in candidates.crowded)
            for i in range(len(sums))
        ]

    def _capped(self, found: Detections, is_cut: bool) -> Detections:
        best = slice(self._max_faces)
        is_cut = is_cut or len(found) > self._max_faces
        return Detections(found.boxes[best], found.landmarks[best], found.scores[best], is_cut)


@dataclass(frozen=True, slots=True)
class _Cells:
    """For each cell of P-Net's answer to a canvas: which level it belongs to, and its window in the picture."""

    index: Integers  # [m] of the cells that belong to a level, in the flattened answer
    level: Integers  # [m]
    windows: Floats  # [m, 4] px of the picture

    @staticmethod
    def of(pyramid: Pyramid) -> _Cells:
        columns_of_canvas = _n_windows(pyramid.width)
        index, level_of, windows = [], [], []
        for k, level in enumerate(pyramid.levels):
            row, column = np.mgrid[: _n_windows(level.height), : _n_windows(level.width)]
            row, column = row.ravel(), column.ravel()
            index.append((row + level.y // STRIDE_PX) * columns_of_canvas + column + level.x // STRIDE_PX)
            level_of.append(np.full(len(row), k))
            corner = np.stack([column, row, column, row], axis=1) * STRIDE_PX + np.array([1, 1, WINDOW_PX, WINDOW_PX])
            windows.append(np.floor(corner.astype(np.float32) / np.float32(level.scale)))
        if not index:
            return _Cells(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, 4), np.float32))
        return _Cells(np.concatenate(index), np.concatenate(level_of), np.concatenate(windows).astype(np.float32))

    def read(self, scores: Floats, offsets: Floats, strictness: Strictness) -> tuple[Floats, Integers, Floats, Floats]:
        """Windows [n, 4], levels [n], scores [n] and offsets [n, 4] of the cells that pass."""
        score = scores.reshape(-1)[self.index]
        which = np.flatnonzero(score >= strictness.propose)
        if len(which) > strictness.most_windows:
            which = which[np.argsort(-score[which], kind="stable")[: strictness.most_windows]]
        return self.windows[which], self.level[which], score[which], offsets.reshape(-1, 4)[self.index[which]]


def _half_open(boxes: Floats) -> Floats:
    return boxes - np.array([1, 1, 0, 0], np.float32)


def _counted_from_1(boxes: Floats) -> Floats:
    return boxes + np.array([1, 1, 0, 0], np.float32)


def _n_windows(length_px: int) -> int:
    """How many windows P-Net answers for along a side: its pooling rounds up."""
    return max(0, (length_px - 2 + 1) // 2 - 4)


def _joined(boxes: Sequence[Floats]) -> Candidates:
    if not boxes:
        return Candidates(np.zeros((0, 4), np.float32), np.zeros(0, np.int64))
    return Candidates(np.concatenate(boxes), np.repeat(np.arange(len(boxes)), [len(some) for some in boxes]))


def _rank_in_frame(frame: Integers) -> Integers:
    """[n]: how many rows before this one belong to the same frame."""
    order = np.argsort(frame, kind="stable")
    rank = np.empty(len(frame), np.int64)
    rank[order] = np.arange(len(frame)) - np.searchsorted(frame[order], frame[order])
    return rank


def _cut(sums: Sequence[AreaSums], candidates: Candidates, side_px: int) -> Floats:
    """Squares [n, side, side, 3] of whole pixels, as the networks' weights were trained and are used elsewhere."""
    crops = np.zeros((len(candidates.boxes), side_px, side_px, 3), np.float32)
    for i, table in enumerate(sums):
        which = np.flatnonzero(candidates.frame == i)
        crops[which] = table.cut(np.floor(_half_open(candidates.boxes[which])).astype(np.int64), side_px, side_px)
    return crops
