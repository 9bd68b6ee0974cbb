"""What is written is the published format, and can be read again."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from analysis.config import AnalysisConfig
from analysis.serialize import FormatError, from_json, to_json
from analysis.testing import Actor, Scene, walk

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/result.schema.json").read_text())


def scene(*attributes: str) -> Scene:
    config = AnalysisConfig(attributes=attributes) if attributes else AnalysisConfig()
    second = Actor(2, walk((900, 350), (0, 0), during=(1, 5)), age=61, gender="male")
    actors = [Actor(1, walk((200, 300), (40, 0))), second]
    return Scene(actors, 6, cuts_s=(3.0,), config=config)


def written(*attributes: str) -> Any:
    return json.loads(to_json(scene(*attributes).result("ünïcode <b>.mp4")))


def test_the_result_is_valid_by_the_published_schema() -> None:
    jsonschema.validate(written(), SCHEMA)


@pytest.mark.parametrize("attributes", [("age_gender",), ("ethnicity",), ("emotion",), ("attention",)])
def test_an_attribute_that_is_off_is_absent(attributes: tuple[str]) -> None:
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
