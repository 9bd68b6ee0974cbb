"""Embeddings: unit vectors of faces."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.classify.embedding import Embedding
from analysis.runtime import Device
from analysis.types import Images


@pytest.fixture(scope="module")
def embedding() -> Embedding:
    return Embedding(Device())


@pytest.fixture
def crops() -> Images:
    return np.random.default_rng(3).integers(0, 255, (2, 150, 150, 3)).astype(np.uint8)


def test_both_ways_round_a_face_looks_the_same(embedding: Embedding, crops: Images) -> None:
    embeddings, mirrored = (embedding.predict_both_ways(some) for some in (crops, crops[:, :, ::-1]))
    np.testing.assert_allclose(embeddings, mirrored, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1, atol=1e-5)


def test_it_is_the_mean_of_the_two(embedding: Embedding, crops: Images) -> None:
    two = embedding.predict(crops) + embedding.predict(crops[:, :, ::-1])
    unit = two / np.linalg.norm(two, axis=1, keepdims=True)
    np.testing.assert_allclose(embedding.predict_both_ways(crops), unit, atol=1e-5)


def test_no_face_has_no_embedding(embedding: Embedding) -> None:
    assert embedding.predict_both_ways(np.zeros((0, 150, 150, 3), np.uint8)).shape == (0, 128)
