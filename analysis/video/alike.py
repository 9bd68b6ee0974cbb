"""Whether one frame shows what another showed: moved, or under another light. Told from very small pictures of both."""

from __future__ import annotations

import cv2
import numpy as np
from av.video.frame import VideoFrame

from analysis.types import Floats
from analysis.video.thumbnail import GRID_HEIGHT, GRID_WIDTH, small_planes

REACH = 4  # cells that each block may move by itself
BLOCK = 8  # cells
MAX_RESIDUAL = 11.0  # levels of luma and color differences that motion leaves of the same scene, in the median block

PART_HEIGHT, PART_WIDTH = GRID_HEIGHT // 2, GRID_WIDTH // 2  # cells; of the part that is looked for elsewhere
PART_TOP, PARTS_LEFT = 8, (4, 12, 20)

RELIT_REACH = 2  # cells
RELIT_LEVELS = 10.0  # the least change of the mean that light is asked for
MAX_LIGHT_MISFIT = 0.3
LEAST_CONTRAST = 4.0  # levels, mean deviation: of less, light leaves nothing to recognize


def is_moved(before: VideoFrame, after: VideoFrame) -> bool:
    """Whether motion explains the second frame: of each block by some cells, or of the whole picture by up to 40 % of
    its width or 25 % of its height (a pan with frames left out, a jerk)."""
    one, other = small_planes(before, 3), small_planes(after, 3)
    return residual(one, other) <= MAX_RESIDUAL or _shifted_residual(one, other) <= MAX_RESIDUAL


def is_relit(before: VideoFrame, after: VideoFrame) -> bool:
    """Whether the second frame is the first one under another light, as in a flash."""
    one, other = small_planes(before, 1), small_planes(after, 1)
    return abs(float(one.mean() - other.mean())) >= RELIT_LEVELS and _light_misfit(one, other) <= MAX_LIGHT_MISFIT


def light_misfit(before: VideoFrame, after: VideoFrame) -> float:
    """What a change of light alone leaves unexplained, as a share of the contrast: 0 nothing, about 1 all of it."""
    return _light_misfit(small_planes(before, 1), small_planes(after, 1))


def residual(before: Floats, after: Floats, reach: int = REACH) -> float:
    """What is left when every block is taken from where it fits best in the picture before.

    Args:
        before, after: [n, GRID_HEIGHT, GRID_WIDTH] planes of levels, 0-255.
        reach: how far a block is looked for, in cells.

    Returns:
        levels, summed over the planes, of the median block.
    """
    wide = np.pad(before, ((0, 0), (reach, reach), (reach, reach)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(wide, after.shape)[0]  # [2 * reach + 1, 2 * reach + 1, *shape]
    misfit = np.abs(windows - after).sum(axis=2)
    blocks = misfit.reshape(*misfit.shape[:2], GRID_HEIGHT // BLOCK, BLOCK, GRID_WIDTH // BLOCK, BLOCK).mean(
        axis=(3, 5)
    )
    return float(np.median(blocks.min(axis=(0, 1))))


def _shifted_residual(before: Floats, after: Floats) -> float:
    """The residual once the whole picture before has been moved to where it fits best; both are softened, since a
    shift by half a cell changes fine texture."""
    before, after = _softened(before), _softened(after)
    right, down = _shift(before[0], after[0])
    moved = cv2.warpAffine(
        np.ascontiguousarray(before.transpose(1, 2, 0)),
        np.array([[1, 0, right], [0, 1, down]], np.float32),
        (GRID_WIDTH, GRID_HEIGHT),
        borderMode=cv2.BORDER_REPLICATE,
    )
    return residual(np.asarray(moved.transpose(2, 0, 1), np.float32), after, reach=1)


def _softened(planes: Floats) -> Floats:
    return np.stack([cv2.blur(plane, (3, 3)) for plane in planes])


def _shift(before: Floats, after: Floats) -> tuple[float, float]:
    """How far the picture has moved to the right and down, in cells: where a part of it correlates best."""
    best = (-np.inf, 0.0, 0.0)
    for left in PARTS_LEFT:
        part = after[PART_TOP : PART_TOP + PART_HEIGHT, left : left + PART_WIDTH]
        scores: Floats = np.asarray(cv2.matchTemplate(before, part, cv2.TM_CCOEFF_NORMED), np.float32)
        y, x = divmod(int(scores.argmax()), scores.shape[1])
        if scores[y, x] > best[0]:
            best = (float(scores[y, x]), left - x - _top(scores[y], x), PART_TOP - y - _top(scores[:, x], y))
    return best[1], best[2]


def _top(scores: Floats, at: int) -> float:
    """How far beside the best score the top of a parabola through it lies, -0.5 to 0.5."""
    if not 0 < at < len(scores) - 1:
        return 0.0
    bend = float(scores[at - 1] - 2 * scores[at] + scores[at + 1])
    return float(np.clip((scores[at - 1] - scores[at + 1]) / (2 * bend), -0.5, 0.5)) if bend < 0 else 0.0


def _light_misfit(one: Floats, other: Floats) -> float:
    """Light brings the levels to others and leaves their order: each picture gets the other's levels in turn, since a
    flash that makes much of the picture white cannot be taken back."""
    return min(_misfit_at_same_levels(one, other), _misfit_at_same_levels(other, one))


def _misfit_at_same_levels(source: Floats, target: Floats) -> float:
    levels = np.empty_like(target)
    levels.ravel()[np.argsort(source, axis=None, kind="stable")] = np.sort(target, axis=None)
    contrast = float(np.abs(target - np.median(target)).mean())
    return residual(levels, target, RELIT_REACH) / contrast if contrast >= LEAST_CONTRAST else 1.0
