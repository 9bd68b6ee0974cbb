"""What the networks take and give."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch

from models import registry
from models.emotion import EmotionNetwork
from models.emotion_classes import SIX
from models.face_attributes import DESCRIPTION, to_five
from models.labels import ETHNICITIES


def crops(name: str, n: int = 3) -> torch.Tensor:
    side = registry.spec(name).input_px
    assert side is not None
    return torch.from_numpy(np.random.default_rng(0).integers(0, 256, (n, side, side, 3), np.uint8))


def test_heads_give_distributions() -> None:
    feature, vectors = registry.build("trunk")(crops("trunk")), registry.build("embedding")(crops("embedding"))
    assert feature.shape == (3, 1024)
    description = torch.cat([feature, vectors], 1)
    age, gender = registry.build("head_age_gender")(description)
    ethnicity, race7 = registry.build("head_ethnicity")(description)
    for found, length in ((age, 101), (gender, 2), (ethnicity, 5), (race7, 7)):
        assert found.shape == (3, length)
        torch.testing.assert_close(found.sum(1), torch.ones(3))


def test_one_of_the_five_is_as_likely_as_the_likeliest_of_its_members_among_the_seven() -> None:
    seven = torch.tensor([[1.0, 0.0, 2.0, 0.5, 3.0, -1.0, 1.5]])  # in the order of RACE7
    members = {"White": (0, 6), "Black": (1,), "Hispanic": (2,), "Asian": (3, 4), "Indian": (5,)}
    expected = [max(float(seven[0, i]) for i in members[name]) for name in ETHNICITIES]
    assert to_five(seven)[0].tolist() == expected


def test_a_rare_expression_is_brought_nearer() -> None:
    network = EmotionNetwork().eval()
    votes = torch.tensor([[0.5, 0.0, 0.0, 0.4, 0.1, 0.0, 0.0, 0.0]])  # neutral a little before sadness
    assert network.six_logits(votes).argmax() == SIX.index("Neutral")
    network.shares.copy_(torch.tensor([0.1, 0.3, 0.4, 0.1, 0.05, 0.05]))
    assert network.six_logits(votes).argmax() == SIX.index("Sad")


def test_emotion_gives_distributions_of_the_product_and_of_both_label_sets() -> None:
    found = registry.build("emotion")(crops("emotion"))
    assert [tuple(one.shape) for one in found] == [(3, 6), (3, 7), (3, 8), (3, 6)]
    for one in found:
        torch.testing.assert_close(one.sum(1), torch.ones(3))


@pytest.mark.parametrize("name", ["head_age_gender", "head_ethnicity", "emotion"])
def test_labels_of_the_manifest_fit_the_outputs(name: str) -> None:
    given = torch.zeros(1, DESCRIPTION) if name.startswith("head") else crops(name, 1)
    lengths = {one.shape[1] for one in registry.build(name)(given)}
    assert {len(names) for names in registry.spec(name).labels.values()} <= lengths


def test_embedding_gives_unit_vectors() -> None:
    found = registry.build("embedding")(crops("embedding"))
    assert found.shape == (3, 128)
    torch.testing.assert_close(found.norm(dim=1), torch.ones(3))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["trunk", "emotion", "embedding"])
def test_openvino_agrees_with_torch(name: str) -> None:
    import openvino

    module, given = registry.build(name), crops(name, 2)
    graph = openvino.convert_model(module, example_input=given)
    graph.reshape(list(given.shape))
    compiled = openvino.Core().compile_model(graph, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    expected = module(given)
    expected = expected if isinstance(expected, tuple) else (expected,)
    for ours, theirs in zip(compiled(given.numpy()).values(), expected, strict=True):
        np.testing.assert_allclose(ours, theirs.numpy(), atol=2e-3)


def test_training_and_inference_give_the_same_features() -> None:
    trunk, given = registry.build("trunk"), crops("trunk", 1)
    torch.testing.assert_close(trunk.train()(given), trunk.eval()(given), atol=1e-4, rtol=1e-4)


# --- MTCNN, beside the package that its weights come from ------------------------------------------------------------


@pytest.fixture(scope="module")
def theirs() -> Any:
    """facenet-pytorch's own declaration of the networks, loaded without its package (which wants torchvision)."""
    found = importlib.util.find_spec("facenet_pytorch")
    assert found is not None
    assert found.submodule_search_locations is not None
    source = Path(found.submodule_search_locations[0]) / "models" / "mtcnn.py"
    text = source.read_text(encoding="utf-8").replace("from .utils.detect_face import detect_face, extract_face", "")
    module = ModuleType("their_mtcnn")
    module.__file__ = str(source)
    exec(compile(text, str(source), "exec"), module.__dict__)
    return module


PEERS = [("pnet", "PNet", 40), ("rnet", "RNet", 24), ("onet", "ONet", 48)]


@pytest.mark.parametrize(("name", "class_name", "side"), PEERS)
def test_mtcnn_agrees_with_facenet_pytorch(theirs: Any, name: str, class_name: str, side: int) -> None:
    images = torch.from_numpy(np.random.default_rng(1).integers(0, 256, (4, side, side, 3), np.uint8))
    with torch.inference_mode():
        ours = registry.build(name)(images)
        network = getattr(theirs, class_name)()
        offsets, *landmarks, scores = network((images.float().permute(0, 3, 1, 2) - 127.5) * 0.0078125)
    torch.testing.assert_close(ours[0], scores[:, 1])
    torch.testing.assert_close(ours[1], offsets.permute(0, 2, 3, 1) if name == "pnet" else offsets)
    if landmarks:
        torch.testing.assert_close(ours[2], torch.stack([landmarks[0][:, :5], landmarks[0][:, 5:]], 2))


def test_torchvision_is_not_needed() -> None:
    registry.build("onet")
    assert "facenet_pytorch" not in sys.modules
