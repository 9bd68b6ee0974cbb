"""What is switched off is never opened; what is on says something sensible."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Photo

from analysis import runtime
from analysis.attributes import attributes, switches
from analysis.builtin_attributes import GAZE
from analysis.classify.motion import MotionReader
from analysis.config import DEFAULT_SWITCHES, AnalysisConfig
from analysis.networks import open_networks
from analysis.runtime import REPOSITORY, Device
from analysis.types import Crops, SampleTable, Tracklet
from models import registry
from models.face_measures import MEASURES, USUAL

ALWAYS = {"pnet.pt", "rnet.pt", "onet.pt", "embedding.safetensors"}
ONLY = {
    "age_gender": {"trunk.safetensors", "head_age_gender.safetensors"},
    "ethnicity": {"trunk.safetensors", "head_ethnicity.safetensors"},
    "emotion": {"emotion.safetensors"},
    "attention": set(),
    "gaze": {"motion.safetensors"},
    "action_units": {"motion.safetensors"},
}

# opens everything for a config in a process of its own, with an ear at every file that is opened
_LISTEN = """
import json, sys
opened = []
sys.addaudithook(lambda event, details: opened.append(str(details[0])) if event == "open" else None)
from analysis.config import AnalysisConfig
from analysis.networks import open_networks
from analysis.runtime import Device
networks = open_networks(AnalysisConfig(attributes=tuple(json.loads(sys.argv[1]))), Device())
networks.detector(360, 640)
sys.stdout.write(json.dumps([opened, sorted(networks.weights)]))
"""


def _opened_weights(attributes: tuple[str, ...]) -> tuple[set[str], set[str]]:
    command = [sys.executable, "-c", _LISTEN, json.dumps(attributes)]
    told = subprocess.run(command, cwd=REPOSITORY, env=os.environ, capture_output=True, text=True, check=True)
    opened, weights = json.loads(told.stdout)
    known = {spec.path.name for spec in registry.specs().values()}
    return {Path(path).name for path in opened} & known, set(weights)


@pytest.mark.slow
@pytest.mark.parametrize("on", [(), *((switch,) for switch in ONLY), DEFAULT_SWITCHES, tuple(ONLY)], ids="+".join)
def test_only_the_weights_of_what_is_on_are_opened(on: tuple[str, ...]) -> None:
    expected = set.union(ALWAYS, *(ONLY[attribute] for attribute in on))
    opened, said = _opened_weights(on)
    assert opened == expected
    assert said == {"mtcnn"} | {name.removesuffix(".safetensors") for name in expected if not name.endswith(".pt")}


def test_says_what_is_to_be_seen_in_a_known_portrait(data_dir: Path) -> None:
    image = np.asarray(Photo.open(data_dir / "free" / "astronaut_nasa_pd.png").convert("RGB"))
    networks = open_networks(AnalysisConfig(), Device())
    faces = networks.detector(*image.shape[:2]).detect([image])[0].select(np.array([0]))
    measures = networks.measure(image, faces)
    assert abs(measures.yaw_deg[0]) < 25
    (emotion,) = (said["emotion"] for said in networks.read_samples([(image, faces)]))
    assert emotion.shape == (1, 6)
    assert emotion[0].argmax() == 1  # she smiles
    face, own = networks.cut_out(image, faces.landmarks[0])
    embedding = networks.embed(own[None])
    assert np.linalg.norm(embedding[0]) == pytest.approx(1, abs=1e-4)
    said = networks.read_crops(_track(face, embedding, measures.quality)).crops.read
    assert list(said) == ["age", "gender", "ethnicity"]
    for distribution in said.values():
        assert distribution.sum() == pytest.approx(1, abs=1e-4)
    assert said["gender"][0, 0] > 0.8
    assert said["ethnicity"][0].argmax() == 0
    assert 25 < said["age"][0] @ np.arange(101) < 60


def test_what_is_off_is_absent_from_the_answers(data_dir: Path) -> None:
    image = np.asarray(Photo.open(data_dir / "free" / "astronaut_nasa_pd.png").convert("RGB"))
    networks = open_networks(AnalysisConfig(attributes=("attention",)), Device())
    faces = networks.detector(*image.shape[:2]).detect([image])[0]
    assert networks.read_samples([(image, faces)]) == [{}]
    face, own = networks.cut_out(image, faces.landmarks[0])
    assert networks.read_crops(_track(face, networks.embed(own[None]), np.ones(1, np.float32))).crops.read == {}


def test_expressions_of_several_frames_are_read_in_one_go_and_given_back_by_frame(data_dir: Path) -> None:
    image = np.asarray(Photo.open(data_dir / "photos" / "cf_012_4.jpg").convert("RGB"))
    networks = open_networks(AnalysisConfig(), Device())
    faces = networks.detector(*image.shape[:2]).detect([image])[0]
    one, none, all_of_them = (faces.select(np.arange(n)) for n in (1, 0, len(faces)))
    seen = [(image, one), (image, none), (image, all_of_them)]
    together = [said["emotion"] for said in networks.read_samples(seen)]
    assert [len(emotions) for emotions in together] == [1, 0, len(faces)]
    np.testing.assert_allclose(together[2][0], together[0][0], atol=1e-3)
    assert networks.read_samples([]) == []


def test_gaze_and_action_units_share_one_run_of_one_network(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    read = MotionReader.read
    monkeypatch.setattr(MotionReader, "read", lambda reader, crops: asked.append(len(crops)) or read(reader, crops))
    image = np.asarray(Photo.open(data_dir / "free" / "astronaut_nasa_pd.png").convert("RGB"))
    for on in ((), ("emotion",), ("gaze",), ("action_units",), ("gaze", "action_units")):
        networks = open_networks(AnalysisConfig(attributes=on), Device())
        faces = networks.detector(*image.shape[:2]).detect([image])[0].select(np.array([0]))
        (said,) = networks.read_samples([(image, faces)])
        assert set(said) == set(on)
    assert asked == [1, 1, 1]
    assert GAZE.label_keys[int(said["gaze"][0].argmax())] == "camera"
    smile = said["action_units"][0, MEASURES.index("smile")]
    assert smile > USUAL[MEASURES.index("smile")] + 0.3


def test_every_label_has_a_floor() -> None:
    floors = open_networks(AnalysisConfig(attributes=tuple(switches())), Device()).floors
    assert all(floors[attribute.key] > 0 for attribute in attributes().values() if attribute.labels)


def _track(face: np.ndarray, embedding: np.ndarray, quality: np.ndarray) -> Tracklet:
    none = np.zeros(0, np.float32)
    table = SampleTable(np.zeros(0, np.int64), none, none, none, none, none, none, {})
    return Tracklet(table, Crops(face[None], np.zeros(1, np.int64), quality, embedding, {}))


def test_all_take_the_device_s_precision_but_o_net_where_it_tells_landmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def remember(ir: Path, device: Device) -> Callable[[tuple[int, ...]], None]:
        asked.append((ir.stem, device.precision))
        return lambda shape: None  # nothing is asked of the networks here, and not every processor has bf16

    monkeypatch.setattr(runtime, "_openvino_compiler", remember)
    open_networks(AnalysisConfig(), Device(precision="bf16")).detector(120, 160)
    assert {name for name, precision in asked if precision == "f32"} == {"onet"}
    assert {"trunk", "head_age_gender", "head_ethnicity", "emotion", "embedding"} <= {name for name, _ in asked}
