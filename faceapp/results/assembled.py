"""What the engine's process leaves in a folder after the assembly: `result.json`, `crops.npz`, `portraits/`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from analysis.serialize import from_json, load_crop_predictions
from analysis.types import VideoResult


def read_result(folder: Path) -> VideoResult:
    result = from_json((folder / "result.json").read_bytes())
    read = load_crop_predictions(folder / "crops.npz")
    tracks = (replace(track, crop_predictions=read[track.track_id]) for track in result.tracks)
    return replace(result, tracks=tuple(tracks))


def read_portraits(folder: Path) -> dict[tuple[int, int], bytes]:
    """JPEGs by track_id and number."""
    names = {path: path.stem.split("-") for path in sorted((folder / "portraits").glob("*-*.jpg"))}
    return {(int(track_id), int(n)): path.read_bytes() for path, (track_id, n) in names.items()}
