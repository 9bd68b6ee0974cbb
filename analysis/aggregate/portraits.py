"""The best pictures of every track as JPEG files."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image as Pictures

from analysis.types import VideoResult

PORTRAITS = 6  # a track
JPEG_QUALITY = 88


def write_portraits(result: VideoResult, folder: Path) -> None:
    """Write `<track_id>-<n>.jpg`, n from 0, best quality first; equal crops give equal bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for track in result.tracks:
        for n, image in enumerate(track.crops.images[:PORTRAITS]):
            buffer = io.BytesIO()
            Pictures.fromarray(image).save(buffer, "JPEG", quality=JPEG_QUALITY)
            (folder / f"{track.track_id}-{n}.jpg").write_bytes(buffer.getvalue())
