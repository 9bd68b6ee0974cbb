"""Networks on a device: same numbers by either runtime, for any number of items, without torch once converted."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from analysis import runtime
from analysis.runtime import Device, DeviceError, choose_device, load
from analysis.types import Floats
from models import registry

MODELS = Path(registry.__file__).parent
OPENVINO, TORCH = Device(), Device("cpu", "torch")


def _crops(n: int, side_px: int) -> Floats:
    return np.random.default_rng(1).uniform(0, 255, (n, side_px, side_px, 3)).astype(np.float32)


@pytest.mark.parametrize(("name", "side_px"), [("rnet", 24), ("onet", 48)])
def test_openvino_and_torch_agree(name: str, side_px: int) -> None:
    items = _crops(7, side_px)
    for ours, theirs in zip(load(name, OPENVINO).batched(items), load(name, TORCH).batched(items), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=2e-5)


@pytest.mark.parametrize("device", [OPENVINO, TORCH], ids=["openvino", "torch"])
def test_any_number_of_items_gives_a_row_each(device: Device) -> None:
    network = load("onet", device, batch_sizes=(2, 4))
    for n in (0, 1, 2, 3, 9):
        scores, offsets, landmarks = network.batched(_crops(n, 48))
        assert (scores.shape, offsets.shape, landmarks.shape) == ((n,), (n, 4), (n, 5, 2))


def test_an_answer_does_not_depend_on_what_else_is_asked() -> None:
    network = load("onet", OPENVINO, batch_sizes=(1, 4))
    items = _crops(9, 48)
    together = network.batched(items)[1]
    alone = np.concatenate([network.batched(items[i : i + 1])[1] for i in range(9)])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_the_same_input_gives_the_same_bits() -> None:
    items = _crops(9, 48)
    first, again = load("onet", OPENVINO).batched(items), load("onet", OPENVINO).batched(items)
    for one, other in zip(first, again, strict=True):
        assert one.tobytes() == other.tobytes()


def test_a_warm_cache_spares_torch(tmp_path: Path) -> None:
    ask = (
        "import sys, numpy as np; from analysis.runtime import Device, load;"
        "load('rnet', Device()).batched(np.zeros((3, 24, 24, 3), np.float32));"
        "sys.stdout.write(str('torch' in sys.modules))"
    )
    home = tmp_path / "home"
    home.mkdir()
    environment = {**os.environ, "FACELINE_CACHE": str(tmp_path), "HOME": str(home)}

    def imported_torch() -> str:
        command = [sys.executable, "-c", ask]
        return subprocess.run(
            command, env=environment, cwd=runtime.REPOSITORY, capture_output=True, text=True, check=True
        ).stdout

    assert imported_torch() == "True"
    assert imported_torch() == "False"
    assert not list(home.rglob("*openvino*")), "OpenVINO's telemetry ran"
    kept = [path.name for path in (tmp_path / "ir").iterdir()]
    assert len(kept) == 1
    assert kept[0].endswith("-f32")


def test_other_weights_are_never_read_from_the_cache_of_these() -> None:
    assert runtime._cache_key("a" * 64) != runtime._cache_key("b" * 64)


def test_converted_networks_are_kept_until_what_declares_them_changes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A new sentence on a card must not make every worker convert all networks again."""
    shutil.copytree(MODELS, tmp_path, dirs_exist_ok=True, ignore=lambda *_: {"weights", "training", "figures"})
    monkeypatch.setattr(registry, "__file__", str(tmp_path / "registry.py"))
    before = runtime._cache_key("a" * 64)
    (tmp_path / "cards.py").write_text("# another sentence")
    assert runtime._cache_key("a" * 64) == before
    (tmp_path / "mobilenet.py").write_text("# another network")
    assert runtime._cache_key("a" * 64) != before


def test_all_that_declares_a_network_counts() -> None:
    found, todo = set(), {"embedding", "emotion", "face_attributes", "motion", "mtcnn"}
    assert all(f"{name}." in (MODELS / "registry.py").read_text() for name in todo)
    while todo:
        found |= todo
        todo = {name for module in todo for name in imported_models(MODELS / f"{module}.py")} - found
    assert found == set(runtime._DECLARING)


def imported_models(source: Path) -> Iterator[str]:
    """Modules of `models` that this file imports, wherever in it."""
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "models":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("models."):
            yield str(node.module).split(".")[1]


def test_changed_weights_are_refused_though_the_cache_is_warm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    load("rnet", OPENVINO)
    weights = tmp_path / "rnet.pt"
    weights.write_bytes(registry.spec("rnet").path.read_bytes()[:-1] + b"!")
    monkeypatch.setattr(registry.WeightsSpec, "path", property(lambda spec: weights))
    with pytest.raises(registry.WeightsError):
        load("rnet", OPENVINO)


def test_the_processor_is_always_there() -> None:
    assert choose_device("cpu") in (Device("cpu", "openvino", "f32"), Device("cpu", "openvino", "bf16"))


def test_auto_takes_the_processor_where_there_is_no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "_has_cuda", lambda: False)
    assert choose_device("auto").name == "cpu"
    with pytest.raises(DeviceError, match="No CUDA"):
        choose_device("cuda")


def test_auto_takes_a_card_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "_has_cuda", lambda: True)
    assert choose_device("auto") == choose_device("cuda") == Device("cuda", "torch")
    assert choose_device("cpu").name == "cpu"


def test_an_unknown_device_is_refused() -> None:
    with pytest.raises(DeviceError, match="tpu"):
        choose_device("tpu")
