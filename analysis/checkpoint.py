"""`Observations` ↔ one npz file: what a worker keeps of a chunk until the run is assembled.

No pickle: columns of all tracklets lie behind one another, `n_samples` and `n_crops` say where one ends. Equal
observations give equal bytes. A file appears whole or not at all (temporary name, fsync, rename).
"""

from __future__ import annotations

import json
import os
import struct
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import astuple
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.types import (
    ChunkSpec,
    Crops,
    Images,
    Observations,
    SampleTable,
    Tracklet,
    VideoWarning,
    joined_columns,
    table_of,
)

VERSION = 4
PICTURES = "crops.images"
SAMPLES, CROPS = "samples.", "crops."  # before the names of their columns
_LOCAL_LENGTHS_AT = 26  # of a ZIP member's local header: the lengths of its name and of its extra field, then these


class CheckpointError(RuntimeError):
    """A file that is no checkpoint of this version, or a damaged one."""


def save_observations(observations: Observations, path: Path) -> None:
    """Write a checkpoint, replacing what is there, in one step."""
    head = {
        "version": VERSION,
        "chunk": astuple(observations.chunk),
        "end_s": observations.end_s,
        "warnings": [astuple(warning) for warning in observations.warnings],
    }
    arrays: dict[str, NDArray[Any]] = {
        "head": np.frombuffer(json.dumps(head, ensure_ascii=False).encode(), np.uint8),
        "shot_starts_s": np.asarray(observations.shot_starts_s, np.float64),
        "n_samples": np.array([len(tracklet.samples) for tracklet in observations.tracklets], np.int64),
        "n_crops": np.array([len(tracklet.crops) for tracklet in observations.tracklets], np.int64),
    }
    if observations.tracklets:
        samples = joined_columns(tracklet.samples for tracklet in observations.tracklets)
        crops = joined_columns(tracklet.crops for tracklet in observations.tracklets)
        arrays |= {f"{SAMPLES}{name}": column for name, column in samples.items()}
        arrays |= {f"{CROPS}{name}": column for name, column in crops.items()}
    _write_whole(path, arrays)


def load_observations(path: Path, *, with_pictures: bool = True) -> Observations:
    """Read a checkpoint; without pictures, `crops.images` are empty [n, 0, 0, 3] and `load_pictures` gives them.

    Raises:
        CheckpointError: the file is damaged, or of another version.
        FileNotFoundError: there is none.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files if with_pictures or name != PICTURES}
        if PICTURES not in arrays:
            arrays[PICTURES] = np.zeros((int(arrays["n_crops"].sum()), 0, 0, 3), np.uint8)
        head = json.loads(arrays["head"].tobytes())
        if head["version"] != VERSION:
            raise CheckpointError(f"The checkpoint {path.name} is of version {head['version']}, not {VERSION}.")
        return Observations(
            chunk=ChunkSpec(*head["chunk"]),
            tracklets=_split(arrays),
            shot_starts_s=tuple(arrays["shot_starts_s"].tolist()),
            end_s=head["end_s"],
            warnings=tuple(VideoWarning(*warning) for warning in head["warnings"]),
        )
    except (ValueError, KeyError, EOFError, OSError, TypeError, zipfile.BadZipFile) as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise CheckpointError(f"The checkpoint {path.name} is damaged.") from error


def load_pictures(path: Path) -> list[Images]:
    """The pictures [n, s, s, 3] of each tracklet's crops, mapped: only those that are looked at are read.

    Raises:
        CheckpointError: the file is damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            if PICTURES not in stored:
                return []
            ends = np.cumsum(stored["n_crops"])[:-1]
        return np.split(_mapped(path, f"{PICTURES}.npy"), ends)
    except (ValueError, KeyError, EOFError, struct.error, zipfile.BadZipFile) as error:
        raise CheckpointError(f"The checkpoint {path.name} is damaged.") from error


def pictures_in(paths: Sequence[Path]) -> Callable[[int, int], Images]:
    """The pictures of a chunk's tracklet, read when looked at; two chunks are mapped at a time."""
    load = lru_cache(maxsize=2)(load_pictures)
    return lambda chunk, tracklet: load(paths[chunk])[tracklet]


def _mapped(path: Path, member: str) -> NDArray[Any]:
    """An array of an npz file, in place: its members are stored, not compressed."""
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo(member)
        with archive.open(entry) as header:
            np.lib.format.read_magic(header)
            shape, _, dtype = np.lib.format.read_array_header_1_0(header)
            header_length = header.tell()
    with path.open("rb") as file:
        file.seek(entry.header_offset + _LOCAL_LENGTHS_AT)
        name_length, extra_length = struct.unpack("<HH", file.read(4))
    first_byte = entry.header_offset + _LOCAL_LENGTHS_AT + 4 + name_length + extra_length + header_length
    return np.memmap(path, dtype, "r", first_byte, shape)


def _write_whole(path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, allow_pickle=False, **arrays)  # numpy dates every member 1980
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _split(arrays: dict[str, NDArray[Any]]) -> tuple[Tracklet, ...]:
    sample_ends = np.cumsum(arrays["n_samples"])
    crop_ends = np.cumsum(arrays["n_crops"])
    tracklets = []
    for i in range(len(sample_ends)):
        samples = slice(sample_ends[i] - arrays["n_samples"][i], sample_ends[i])
        crops = slice(crop_ends[i] - arrays["n_crops"][i], crop_ends[i])
        tracklets.append(
            Tracklet(
                table_of(SampleTable, _part(arrays, SAMPLES, samples)),
                table_of(Crops, _part(arrays, CROPS, crops)),
            )
        )
    return tuple(tracklets)


def _part(arrays: dict[str, NDArray[Any]], prefix: str, rows: slice) -> dict[str, NDArray[Any]]:
    """These rows of the columns whose names begin so."""
    return {name.removeprefix(prefix): column[rows] for name, column in arrays.items() if name.startswith(prefix)}
