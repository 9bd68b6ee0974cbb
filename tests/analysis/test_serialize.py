"""What is written is the published format, and can be read again."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from analysis.checkpoint import CheckpointError, load_observations, save_observations
from analysis.config import AnalysisConfig, Attribute
from analysis.serialize import FormatError, from_json, to_json
from analysis.testing import Actor, Scene, walk

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/result.schema.json").read_text())


def scene(*attributes: Attribute) -> Scene:
    config = AnalysisConfig(attributes=attributes) if attributes else AnalysisConfig()
    second = Actor(2, walk((900, 350), (0, 0), during=(1, 5)), age=61, gender="male")
    actors = [Actor(1, walk((200, 300), (40, 0))), second]
    return Scene(actors, 6, cuts_s=(3.0,), config=config)


def written(*attributes: Attribute) -> Any:
    return json.loads(to_json(scene(*attributes).result("ünïcode <b>.mp4")))


def test_the_result_is_valid_by_the_published_schema() -> None:
    jsonschema.validate(written(), SCHEMA)


@pytest.mark.parametrize("attributes", [("age_gender",), ("ethnicity",), ("emotion",), ("attention",)])
def test_an_attribute_that_is_off_is_absent(attributes: tuple[Attribute]) -> None:
    document = written(*attributes)
    jsonschema.validate(document, SCHEMA)
    keys = {
        "age_gender": {"age", "gender"},
        "ethnicity": {"ethnicity"},
        "emotion": {"emotion"},
        "attention": {"attention_s"},
    }
    told = {"age", "gender", "ethnicity", "emotion", "attention_s"}
    for entry in document["tracks"] + document["people"]:
        assert told & set(entry) == keys[attributes[0]]
    columns = set(document["tracks"][0]["samples"])
    assert ("emotion" in columns) == ("emotion_distribution" in columns) == (attributes == ("emotion",))
    assert ("looking" in columns) == (attributes == ("attention",))


def test_no_attribute_at_all_still_says_who_is_where() -> None:
    result = Scene([Actor(1, walk((200, 300), (0, 0)))], 3, config=AnalysisConfig(attributes=())).result()
    jsonschema.validate(json.loads(to_json(result)), SCHEMA)


def test_a_video_without_people_is_a_result() -> None:
    document = json.loads(to_json(Scene([], 3).result()))
    jsonschema.validate(document, SCHEMA)
    assert (document["tracks"], document["people"]) == ([], [])


def test_keys_come_in_the_published_order() -> None:
    document = written()
    assert list(document) == list(SCHEMA["properties"])
    assert list(document["video"]) == list(SCHEMA["properties"]["video"]["properties"])
    assert list(document["config"]) == list(SCHEMA["properties"]["config"]["properties"])
    for table in ("tracks", "people"):
        assert list(document[table][0]) == list(SCHEMA["properties"][table]["items"]["properties"])
    assert list(document["tracks"][0]["samples"]) == list(SCHEMA["$defs"]["samples"]["properties"])


def test_numbers_are_rounded() -> None:
    text = to_json(scene().result()).decode()
    assert re.findall(r"\d\.\d{5,}", text) == []
    assert "-0.0," not in text


def test_equal_results_are_equal_bytes_and_reading_loses_nothing() -> None:
    content = to_json(scene().result())
    assert content == to_json(scene().result())
    assert to_json(from_json(content)) == content
    assert from_json(content).video.name == "scene.mp4"


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'"x"', b'{"format":"faceline.result","version":2}', b"\xff"])
def test_what_is_no_result_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(FormatError, match=r"\.$"):
        from_json(content)


def test_observations_survive_a_checkpoint_and_equal_ones_are_equal_bytes(tmp_path: Path) -> None:
    observations = scene().observe()[0]
    save_observations(observations, tmp_path / "a.npz")
    save_observations(scene().observe()[0], tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    again = load_observations(tmp_path / "a.npz")
    assert (again.chunk, again.shot_starts_s, again.end_s) == (observations.chunk, (3.0,), observations.end_s)
    for tracklet, other in zip(observations.tracklets, again.tracklets, strict=True):
        np.testing.assert_array_equal(tracklet.samples.boxes, other.samples.boxes)
        for name in ("images", "embeddings", "ages", "genders", "ethnicities"):
            np.testing.assert_array_equal(getattr(tracklet.crops, name), getattr(other.crops, name))
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
