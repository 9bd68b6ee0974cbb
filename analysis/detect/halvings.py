"""A picture and its halvings, from which squares of any size are cut at about the right scale, all of them in one go.

Means over 2 × 2 px are cheap and keep fine patterns quiet; from the halving whose pixels come nearest to those that are
asked for, reading between four pixels is close to the mean over areas that MTCNN's weights are used with
(`analysis.detect.area`), at a tenth of its cost.
"""

from __future__ import annotations

import cv2
import numpy as np

from analysis.types import Floats, Image, Images

STEP_AT_MOST = 1.5  # pixels of the halving from one pixel of a cut square to the next


class Halvings:
    """The picture at 1, 1/2, 1/4 … of its size, each made when it is first asked for."""

    def __init__(self, image: Image) -> None:
        self._pictures = [image]
        self._most = min(image.shape[:2]).bit_length() - 1

    def at(self, n: int) -> Image:
        """The picture halved n times, or as often as it goes. An odd last row or column is left out."""
        n = min(n, self._most)
        while len(self._pictures) <= n:
            last = self._pictures[-1]
            height, width = last.shape[0] // 2, last.shape[1] // 2
            even = last[: 2 * height, : 2 * width]
            small = cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA)
            self._pictures.append(small.astype(np.uint8, copy=False))
        return self._pictures[n]

    def at_least(self, width_px: int) -> Image:
        """The smallest that is still so wide."""
        n = 0
        while self._pictures[0].shape[1] >> (n + 1) >= width_px:
            n += 1
        return self.at(n)

    def cut(self, squares: Floats, side_px: int) -> Images:
        """Half-open squares [n, 4] as pictures [n, side, side, 3]; black beyond the border."""
        sides = squares[:, 2:] - squares[:, :2]
        steps = np.maximum(sides[:, 0], 1) / side_px
        halvings = np.clip(np.ceil(np.log2(steps / STEP_AT_MOST)), 0, self._most).astype(np.int64)
        scale = np.float32(0.5) ** halvings[:, None].astype(np.float32)
        centers = (np.arange(side_px, dtype=np.float32) + np.float32(0.5)) / side_px
        x = (squares[:, 0, None] + centers * sides[:, 0, None]) * scale - np.float32(0.5)
        y = (squares[:, 1, None] + centers * sides[:, 1, None]) * scale - np.float32(0.5)
        cuts = np.empty((len(squares), side_px * side_px, 3), np.uint8)
        for n in np.unique(halvings).tolist():
            which = np.flatnonzero(halvings == n)
            columns, rows = np.broadcast_arrays(x[which, None, :], y[which, :, None])
            flat = columns.reshape(len(which), -1), rows.reshape(len(which), -1)
            cuts[which] = cv2.remap(self.at(n), *flat, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
        return cuts.reshape(len(squares), side_px, side_px, 3)
