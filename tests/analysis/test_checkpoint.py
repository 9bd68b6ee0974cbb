"""What a worker keeps of a chunk comes back as it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from analysis.checkpoint import CheckpointError, load_observations, load_pictures, save_observations
from analysis.testing import Actor, Scene, walk
from analysis.types import columns_of


def scene() -> Scene:
    second = Actor(2, walk((900, 350), (0, 0), during=(1, 5)), age=61, gender="male")
    return Scene([Actor(1, walk((200, 300), (40, 0))), second], 6, cuts_s=(3.0,))


def test_observations_survive_a_checkpoint_and_equal_ones_are_equal_bytes(tmp_path: Path) -> None:
    observations = scene().observe()[0]
    save_observations(observations, tmp_path / "a.npz")
    save_observations(scene().observe()[0], tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    again = load_observations(tmp_path / "a.npz")
    assert (again.chunk, again.shot_starts_s, again.end_s) == (observations.chunk, (3.0,), observations.end_s)
    for tracklet, other in zip(observations.tracklets, again.tracklets, strict=True):
        np.testing.assert_array_equal(tracklet.samples.boxes, other.samples.boxes)
        before, after = columns_of(tracklet.crops), columns_of(other.crops)
        assert list(before) == list(after)
        assert {"read.age", "read.gender", "read.ethnicity"} < set(before)
        for name, column in before.items():
            np.testing.assert_array_equal(column, after[name])
    assert sorted(path.name for path in tmp_path.glob("*npz*")) == ["a.npz", "b.npz"]


def test_a_chunk_without_faces_survives_too(tmp_path: Path) -> None:
    save_observations(Scene([], 2).observe()[0], tmp_path / "a.npz")
    assert load_observations(tmp_path / "a.npz").tracklets == ()


def test_a_damaged_checkpoint_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    save_observations(scene().observe()[0], path)
    content = path.read_bytes()
    for damaged in (content[: len(content) // 2], content[:5000] + b"\0" * 64 + content[5064:], b"", b"nonsense"):
        path.write_bytes(damaged)
        with pytest.raises(CheckpointError):
            load_observations(path)


def test_pictures_are_left_where_they_lie_until_they_are_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    save_observations(scene().observe()[0], path)
    assert all(not tracklet.crops.images.size for tracklet in load_observations(path, with_pictures=False).tracklets)
    whole = [tracklet.crops.images for tracklet in load_observations(path).tracklets]
    mapped = load_pictures(path)
    assert all(isinstance(images, np.memmap) for images in mapped)
    for images, expected in zip(mapped, whole, strict=True):
        np.testing.assert_array_equal(images, expected)


def test_a_chunk_without_faces_has_no_pictures(tmp_path: Path) -> None:
    save_observations(Scene([], 2).observe()[0], tmp_path / "a.npz")
    assert load_pictures(tmp_path / "a.npz") == []
