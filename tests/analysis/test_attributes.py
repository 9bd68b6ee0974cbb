"""The registry of attributes, with and without a plugin."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from analysis.attributes import attributes, of_kind, switches
from analysis.config import DEFAULT_SWITCHES, AnalysisConfig, ConfigError
from analysis.result_schema import schema_of

ROOT = Path(__file__).parents[2]
GLASSES = "tests.plugins.glasses"


def in_process(code: str, plugins: str = GLASSES) -> subprocess.CompletedProcess[str]:
    """Runs code in a process of its own, as an installation with these plugins would."""
    environment = {**os.environ, "FACELINE_PLUGINS": plugins}
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)


def told(code: str) -> Any:
    """What the code prints as JSON, in an installation with glasses."""
    done = in_process(code)
    assert not done.returncode, done.stderr
    return json.loads(done.stdout)


def test_the_built_in_attributes_come_in_the_order_of_results() -> None:
    assert list(attributes()) == ["age", "gender", "ethnicity", "emotion", "attention", "gaze", "action_units"]
    assert DEFAULT_SWITCHES == ("age_gender", "ethnicity", "emotion", "attention")
    assert tuple(switches()) == (*DEFAULT_SWITCHES, "gaze", "action_units")  # off unless asked for
    assert [attribute.key for attribute in of_kind("label")] == ["gender", "ethnicity"]


def test_every_label_has_a_floor_and_what_is_told_over_time_shows_each_label_once() -> None:
    for attribute in attributes().values():
        assert not attribute.labels or attribute.floor > 0
        assert sorted(attribute.shown_answers) == sorted(attribute.answers)


def test_no_built_in_attribute_is_told_of_few_people() -> None:
    assert not any(attribute.is_public_for_few for attribute in attributes().values())


def test_a_config_of_an_unknown_attribute_is_refused_and_a_stored_one_stays_readable() -> None:
    with pytest.raises(ConfigError, match="Unknown attribute 'glasses'"):
        AnalysisConfig(attributes=("emotion", "glasses"))
    stored = {**AnalysisConfig().to_dict(), "attributes": ["emotion", "glasses"]}
    assert AnalysisConfig.of_result(stored).attributes == ("emotion",)


def test_a_plugin_adds_its_attribute_behind_the_built_in_ones_and_turns_nothing_on() -> None:
    code = """
import json, sys
from analysis.attributes import attributes, switches
from analysis.config import AnalysisConfig
json.dump([list(attributes()), list(switches()), AnalysisConfig().attributes], sys.stdout)
"""
    assert told(code) == [[*attributes(), "glasses"], [*switches(), "glasses"], list(DEFAULT_SWITCHES)]


@pytest.mark.parametrize(
    ("plugins", "sentence"),
    [
        ("no.such.module", "FACELINE_PLUGINS names no.such.module, which cannot be imported"),
        (f"{GLASSES},analysis.builtin_attributes", "Two attributes have the key 'age'."),
    ],
)
def test_a_plugin_that_cannot_be_used_stops_the_start(plugins: str, sentence: str) -> None:
    done = in_process("import django; django.setup()", plugins)
    assert done.returncode
    assert sentence in done.stderr.splitlines()[-1]


def test_the_published_schema_is_that_of_the_registry() -> None:
    assert json.loads((ROOT / "docs/result.schema.json").read_text()) == schema_of(1)


def test_version_2_is_version_1_with_further_keys() -> None:
    code = """
import json, sys
from analysis.result_schema import schema_of
json.dump([schema_of(1), schema_of(2)], sys.stdout)
"""
    first, second = told(code)
    assert first == schema_of(1)
    for table in ("tracks", "people"):
        before, after = (each["properties"][table]["items"]["properties"] for each in (first, second))
        assert {key: after[key] for key in before} == before
        assert set(after) - set(before) == {"gaze", "action_units", "glasses"}
    assert second["$defs"]["glasses"]["properties"]["label"] == {"enum": ["yes", "no", "unknown"]}


def test_a_result_with_a_further_attribute_is_of_version_2_and_readable_without_its_plugin() -> None:
    code = """
import sys, json
from dataclasses import replace
import numpy as np
from analysis.config import AnalysisConfig
from analysis.result_schema import schema_of
from analysis.serialize import from_json, to_json
from analysis.testing import Actor, Scene, walk
from analysis.types import LabelEstimate, Estimates

one = Scene([Actor(1, walk((200, 300), (0, 0)))], 3).result()
worn = LabelEstimate("yes", 0.9, {"yes": 0.9, "no": 0.1})
people = tuple(replace(each, estimates=Estimates({**each.estimates.readings, "glasses": worn})) for each in one.people)
config = AnalysisConfig(attributes=("age_gender", "ethnicity", "emotion", "attention", "glasses"))
written = to_json(replace(one, config=config, people=people))
assert to_json(from_json(written)) == written
json.dump([json.loads(to_json(one)), json.loads(written), schema_of(2)], sys.stdout)
"""
    plain, further, schema = told(code)
    assert (plain["version"], further["version"]) == (1, 2)
    jsonschema.validate(further, schema)
    assert further["people"][0]["glasses"]["label"] == "yes"
    from analysis.serialize import from_json

    read = from_json(json.dumps(further))
    assert list(read.people[0].estimates.readings) == ["age", "gender", "ethnicity", "emotion", "attention"]
