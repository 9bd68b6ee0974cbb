"""What the engine's process leaves in a folder after the assembly: `result.json`, `crops.npz`, `portraits/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from analysis.serialize import from_document, load_crop_predictions
from analysis.types import VideoResult


@dataclass(frozen=True, slots=True)
class Assembled:
    """A result that waits to be stored, parsed once."""

    json_path: Path  # result.json
    result: VideoResult  # with the rounded numbers of the JSON
    samples: tuple[dict[str, Any], ...]  # columns of each of its tracks, as they stand in the JSON
    portraits: Mapping[tuple[int, int], Path]  # JPEGs by track_id and number, from 0, best first


def read_assembled(folder: Path) -> Assembled:
    """
    Raises:
        FormatError: result.json is not a result of this program's format.
    """
    path = folder / "result.json"
    document = msgspec.json.decode(path.read_bytes())
    result, read = from_document(document), load_crop_predictions(folder / "crops.npz")
    tracks = tuple(replace(track, crop_predictions=read[track.track_id]) for track in result.tracks)
    samples = tuple(track["samples"] for track in document["tracks"])
    return Assembled(path, replace(result, tracks=tracks), samples, _portraits(folder))


def _portraits(folder: Path) -> dict[tuple[int, int], Path]:
    names = {path: path.stem.split("-") for path in sorted((folder / "portraits").glob("*-*.jpg"))}
    return {(int(track_id), int(n)): path for path, (track_id, n) in names.items()}
