"""A finished result as files in a folder: how it comes from the engine's process to whoever stores it.

    result.json                   the published format
    crops.npz                     what the networks said of single crops, for the course over time
    portraits/<track_id>-<n>.jpg  the best pictures of each track, n from 0, best first

Equal results give equal bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2

from analysis.serialize import save_crop_predictions, to_json
from analysis.types import Images, VideoResult

JPEG_QUALITY = 88


def write_outcome(result: VideoResult, folder: Path) -> None:
    """Write what is no picture into a folder that is there."""
    (folder / "result.json").write_bytes(to_json(result))
    save_crop_predictions(result.tracks, folder / "crops.npz")


def portrait_writer(folder: Path) -> Callable[[int, Images], None]:
    """Writes a track's pictures [n, s, s, 3] when it is told them; the folder is made when it is missing."""
    portraits = folder / "portraits"
    portraits.mkdir(parents=True, exist_ok=True)

    def write(track_id: int, images: Images) -> None:
        for n, image in enumerate(images):
            bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
            encoded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1]
            (portraits / f"{track_id}-{n}.jpg").write_bytes(encoded.tobytes())

    return write
