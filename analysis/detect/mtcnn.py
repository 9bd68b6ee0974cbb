"""MTCNN: Zhang, Zhang, Li & Qiao 2016, "Joint Face Detection and Alignment using Multitask Cascaded Convolutional
Networks". P-Net proposes boxes in a pyramid of sizes, R-Net refines them, O-Net decides and finds five landmarks.

Stride, thresholds and the arithmetic from cell to pixel are those of the facenet-pytorch package, whose weights are
used: boxes count pixels from 1 and contain both ends, in here and in what is handed out. Where a box reaches over the
border the picture goes on in black (that package squeezes what is left of it instead).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from analysis import geometry
from analysis.detect.area import AreaSums
from analysis.detect.halvings import Halvings
from analysis.detect.pyramid import WINDOW_PX, Pyramid
from analysis.runtime import Device, Network, in_f32, load
from analysis.types import Detections, Floats, Image, Images, Integers

_Source = Halvings | AreaSums  # what squares of one picture are cut from
STRIDE_PX = 2  # of P-Net's windows
REFINE_PX, OUTPUT_PX = 24, 48  # sides of what R-Net and O-Net read
OUTPUT_OVERLAP = 0.7  # of the smaller box, above which O-Net's lesser face is dropped
PLACE_SCORE = 0.4  # of O-Net for a box that is only near a face
SEEN_SCORE = 0.85  # a face that O-Net is so sure of is not lost for being placed badly
ENOUGH_PX = 40  # a larger smallest face is searched for in the picture halved: 4K costs little more than 1080p


@dataclass(frozen=True, slots=True)
class Strictness:
    """What passes each stage, and how each level of the pyramid is made."""

    propose: float = 0.75  # score from which on a candidate passes P-Net, and so on
    refine: float = 0.5
    output: float = 0.5
    refine_overlap: float = 0.6  # IoU above which R-Net's lesser candidate is dropped
    is_exact: bool = False  # pyramid and squares by the mean over areas of the picture itself
    # A frame full of faces or of noise takes bounded time: of each frame, the best candidates go on.
    most_proposed: int = 2000
    most_refined: int = 800


# Squares are made more cheaply than facenet-pytorch does, which moves scores by some hundredths: with R- and O-Net a
# little less strict, 99 % of the faces that it is sure of are found (docs/performance.md).
FAST = Strictness()


@dataclass(frozen=True, slots=True)
class Candidates:
    """Boxes of several frames on their way through the cascade."""

    boxes: Floats  # [n, 4] squares
    frame: Integers  # [n] index of the picture
    crowded: Integers = field(default_factory=lambda: np.zeros(0, np.int64))  # pictures that had more than may go on

    def select(self, which: Integers) -> Candidates:
        return Candidates(self.boxes[which], self.frame[which], self.crowded)


@dataclass(frozen=True, slots=True)
class PlacedCandidates:
    """Candidates in their own place, and where they come from."""

    candidates: Candidates
    origins: Candidates  # row by row
    scores: Floats  # [n] O-Net's for the origins


class Mtcnn:
    """A detector for pictures of one size."""

    weights: tuple[str, ...] = ("pnet", "rnet", "onet")

    def __init__(
        self,
        pyramid: Pyramid,
        networks: tuple[Network, Network, Network, Network],
        max_faces: int,
        strictness: Strictness,
        images_at_once: int,
        shrink: int,
    ) -> None:
        self._pyramid = pyramid
        self._pnet, self._rnet, self._placing, self._onet = networks  # the last two are O-Net
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
        onet = load("onet", in_f32(device), (1, 4))  # landmarks are told to a fraction of a pixel
        placing = onet if device == in_f32(device) else load("onet", device, (1, 4, 16))
        networks = (load("pnet", device), load("rnet", device, (8, 32)), placing, onet)
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

    def refine(self, images: Sequence[Image], boxes: Sequence[Floats]) -> list[Detections]:
        """The faces of each picture that lie near boxes [n, 4], by O-Net alone: once to find its place, once to read it
        there."""
        pictures = [self._halvings(image) for image in images]
        asked = _joined([geometry.squared(some / np.float32(self._shrink)) for some in boxes])
        placed = self._output_place(pictures, asked)
        return self._output(pictures, self._read_placed(pictures, placed), placed.candidates)

    def _detect_together(self, images: Sequence[Image]) -> list[Detections]:
        """R-Net and O-Net read the candidates of all these pictures at once."""
        pictures = [self._halvings(image) for image in images]
        sources: list[_Source] = list(pictures)
        if self._strictness.is_exact:
            sources = [AreaSums(picture.at(0)) for picture in pictures]
        proposed = _joined([self._propose(source) for source in sources])
        refined = self._refine(sources, proposed)
        if self._strictness.is_exact:
            return self._output(sources, self._read(sources, refined), refined)
        # of overlapping squares the one with the best score is not the one that is placed best: read in its own place
        placed = self._output_place(sources, refined)
        return self._output(sources, self._read_placed(sources, placed), placed.candidates)

    def _halvings(self, image: Image) -> Halvings:
        return Halvings(Halvings(image).at_least(image.shape[1] // self._shrink))

    def _propose(self, source: _Source) -> Floats:
        """P-Net: squares [n, 4] where any level of the pyramid may hold a face."""
        if not self._pyramid.levels:
            return np.zeros((0, 4), np.float32)
        is_exact = isinstance(source, AreaSums)
        canvas = self._pyramid.draw_exact(source) if isinstance(source, AreaSums) else self._pyramid.draw(source)
        scores, offsets = self._pnet(canvas[None])
        # across levels nothing needs to be suppressed: windows of neighboring sizes overlap by half at most
        read = self._cells.distinct if is_exact else self._cells.peaks
        windows, offset = read(scores[0], offsets[0], self._strictness)
        return geometry.squared(geometry.shifted(windows, offset))

    def _refine(self, sources: Sequence[_Source], candidates: Candidates) -> Candidates:
        """R-Net: fewer and better squares."""
        scores, offsets = self._rnet.batched(_cut(sources, candidates, REFINE_PX))
        passed = np.flatnonzero(scores > self._strictness.refine)
        boxes, frame = candidates.boxes[passed], candidates.frame[passed]
        kept = geometry.suppress(boxes, scores[passed], self._strictness.refine_overlap, groups=frame)
        rank = _rank_in_frame(frame[kept])
        crowded = np.unique(frame[kept][rank >= self._strictness.most_refined])
        kept = kept[rank < self._strictness.most_refined]
        better = _counted_from_1(geometry.shifted(_half_open(boxes[kept]), offsets[passed][kept]))
        return Candidates(geometry.squared(better), frame[kept], crowded)

    def _output_place(self, sources: Sequence[_Source], candidates: Candidates) -> PlacedCandidates:
        """O-Net as R-Net: the squares around what may be faces, of those that are nearly one the best."""
        scores, offsets, _ = self._placing.batched(_cut(sources, candidates, OUTPUT_PX))
        passed = np.flatnonzero(scores > PLACE_SCORE)
        boxes = geometry.shifted(_half_open(candidates.boxes[passed]), offsets[passed])
        frame = candidates.frame[passed]
        kept = geometry.suppress(boxes, scores[passed], OUTPUT_OVERLAP, groups=frame, measure="smaller")
        squares = geometry.squared(_counted_from_1(boxes[kept]))
        origins = candidates.select(passed[kept])
        return PlacedCandidates(Candidates(squares, frame[kept], candidates.crowded), origins, scores[passed[kept]])

    def _read_placed(self, sources: Sequence[_Source], placed: PlacedCandidates) -> Detections:
        """What O-Net reads of each candidate, half-open, in its place: a face that is lost there, where it was seen."""
        read = self._read(sources, placed.candidates)
        lost = np.flatnonzero((placed.scores >= SEEN_SCORE) & (read.scores <= self._strictness.output))
        if not len(lost):
            return read
        seen = self._read(sources, placed.origins.select(lost))
        boxes, landmarks, scores = read.boxes.copy(), read.landmarks.copy(), read.scores.copy()
        boxes[lost], landmarks[lost], scores[lost] = seen.boxes, seen.landmarks, seen.scores
        return Detections(boxes, landmarks, scores)

    def _read(self, sources: Sequence[_Source], candidates: Candidates) -> Detections:
        """What O-Net reads of each candidate, half-open."""
        scores, offsets, landmarks = self._onet.batched(_cut(sources, candidates, OUTPUT_PX))
        squares = _half_open(candidates.boxes)
        points = squares[:, None, :2] + landmarks * (squares[:, 2:] - squares[:, :2])[:, None, :]
        return Detections(geometry.shifted(squares, offsets), points, scores)

    def _output(self, sources: Sequence[_Source], read: Detections, candidates: Candidates) -> list[Detections]:
        """The faces of each picture among what was read of candidates."""
        passed = np.flatnonzero(read.scores > self._strictness.output)
        read, frame = read.select(passed), candidates.frame[passed]
        kept = geometry.suppress(read.boxes, read.scores, OUTPUT_OVERLAP, groups=frame, measure="smaller")
        boxes = _counted_from_1(read.boxes * self._shrink)
        found, frame = Detections(boxes, read.landmarks * self._shrink, read.scores).select(kept), frame[kept]
        return [
            self._capped(found.select(np.flatnonzero(frame == i)), i in candidates.crowded) for i in range(len(sources))
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

    def peaks(self, scores: Floats, offsets: Floats, strictness: Strictness) -> tuple[Floats, Floats]:
        """Windows [n, 4] and offsets [n, 4] of the cells that pass and that no neighbor of their level surpasses,
        best first."""
        score = scores.reshape(-1)[self.index]
        of_levels = np.zeros(scores.shape, np.float32)
        of_levels.reshape(-1)[self.index] = score
        highest = np.asarray(cv2.dilate(of_levels, np.ones((3, 3), np.uint8)), np.float32).reshape(-1)[self.index]
        which = np.flatnonzero((score >= strictness.propose) & (score >= highest))
        which = which[np.argsort(-score[which], kind="stable")[: strictness.most_proposed]]
        return self.windows[which], offsets.reshape(-1, 4)[self.index[which]]

    def distinct(self, scores: Floats, offsets: Floats, strictness: Strictness) -> tuple[Floats, Floats]:
        """Windows [n, 4] and offsets [n, 4] of the cells that pass and overlap no better one of their level by half,
        best first."""
        score = scores.reshape(-1)[self.index]
        which = np.flatnonzero(score >= strictness.propose)
        which = which[geometry.suppress(self.windows[which], score[which], 0.5, groups=self.level[which])]
        return self.windows[which], offsets.reshape(-1, 4)[self.index[which]]


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


def _cut(sources: Sequence[_Source], candidates: Candidates, side_px: int) -> Floats | Images:
    """Squares [n, side, side, 3] as R-Net and O-Net read them."""
    squares = _half_open(candidates.boxes)
    if len(sources) == 1:
        return sources[0].cut(squares, side_px)
    crops = np.zeros((len(squares), side_px, side_px, 3), np.float32)
    for i, source in enumerate(sources):
        which = np.flatnonzero(candidates.frame == i)
        crops[which] = source.cut(squares[which], side_px)
    return crops
