"""A decoded plane as an array, without copying."""

from __future__ import annotations

from typing import Any

import numpy as np
from av.video.plane import VideoPlane
from numpy.typing import NDArray


def plane_rows(plane: VideoPlane, item_bytes: int) -> NDArray[Any]:
    """[height, items of a line with its padding], uint8 or uint16."""
    buffer: Any = plane
    items: NDArray[Any] = np.frombuffer(buffer, np.uint16 if item_bytes == 2 else np.uint8)
    return items.reshape(plane.height, -1)
