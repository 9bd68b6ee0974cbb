"""The JSON Schema of a result, generated from the registry of attributes.

`python -m analysis.result_schema` prints that of version 1, which docs/result.schema.json holds;
`python -m analysis.result_schema 2` that of version 2 with the attributes of this installation.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from analysis.attributes import Attribute, switched_on, switches
from analysis.config import DEFAULT_SWITCHES, DETECTORS
from analysis.kinds import DEFINITIONS, FORMS, Schema, closed_object, list_of, result_key
from analysis.serialize import FIRST_VERSION, FORMAT, VERSION

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
COUNT: Schema = {"type": "integer", "minimum": 1}
TIME: Schema = {"$ref": "#/$defs/time"}
SHARE: Schema = {"$ref": "#/$defs/share"}
SHA256: Schema = {"$ref": "#/$defs/sha256"}
ANGLE: Schema = {"type": "number", "minimum": -180, "maximum": 180}


def schema_of(version: int) -> Schema:
    """The schema of this version of the format; of version 2 with all attributes of this installation.

    Raises:
        ValueError: there is no such version.
    """
    if version not in (FIRST_VERSION, VERSION):
        raise ValueError(f"There is no version {version} of the format.")
    on = list(DEFAULT_SWITCHES if version == FIRST_VERSION else switches())
    attributes = switched_on(on)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://faceline.example/result.schema.json",
        "title": "Faceline result",
        "description": "All that one analysis says of one video. See result-format.md.",
        **closed_object(
            {
                "format": {"const": FORMAT},
                "version": {"const": version},
                "video": _video(),
                "config": _config(on),
                "engine": _engine(),
                "weights": {
                    "type": "object",
                    "additionalProperties": closed_object({"version": TEXT, "sha256": SHA256}),
                },
                "warnings": list_of(closed_object({"code": TEXT, "text": TEXT, "from_s": TIME}, optional=["from_s"])),
                "shots": list_of(closed_object({"start_s": TIME, "end_s": TIME})),
                "tracks": list_of(_track(attributes)),
                "people": list_of(_person(attributes)),
            }
        ),
        "$defs": {
            "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            **DEFINITIONS,
            "point": list_of(NUMBER, n=2),
            **{attribute.key: FORMS[attribute.kind].schema(attribute) for attribute in attributes},
            "samples": _samples(attributes),
        },
    }


def _video() -> Schema:
    rate = {"type": "number", "minimum": 0}
    sizes = {"duration_s": rate, "width": COUNT, "height": COUNT, "frame_rate": rate}
    return closed_object({"name": TEXT, "sha256": SHA256, **sizes})


def _config(on: Sequence[str]) -> Schema:
    return closed_object(
        {
            "sample_rate": {"type": "number", "exclusiveMinimum": 0},
            "attributes": {"type": "array", "items": {"enum": list(on)}, "uniqueItems": True},
            "detector": {"enum": list(DETECTORS)},
            "min_face_px": {"type": ["integer", "null"]},
            "attention_yaw_deg": NUMBER,
            "attention_pitch_deg": NUMBER,
            "attention_min_spell_s": NUMBER,
            "max_faces": {"type": "integer"},
        }
    )


def _engine() -> Schema:
    return closed_object(
        {
            "version": TEXT,
            "device": {"enum": ["cpu", "cuda"]},
            "runtime": {"enum": ["openvino", "torch"]},
            "precision": {"enum": ["f32", "bf16"]},
        }
    )


def _track(attributes: Sequence[Attribute]) -> Schema:
    seconds, said = _said(attributes)
    always = {"track_id": COUNT, "person_id": COUNT, "start_s": TIME, "end_s": TIME, "in_view_s": TIME}
    rest = {"static": {"type": "boolean"}, **said, "samples": {"$ref": "#/$defs/samples"}}
    return closed_object({**always, **seconds, **rest}, optional=[*seconds, *said])


def _person(attributes: Sequence[Attribute]) -> Schema:
    seconds, said = _said(attributes)
    ids = {"type": "array", "items": COUNT, "minItems": 1, "uniqueItems": True}
    always = {"person_id": COUNT, "track_ids": ids, "certainty": SHARE, "in_view_s": TIME}
    return closed_object({**always, **seconds, **said}, optional=[*seconds, *said])


def _said(attributes: Sequence[Attribute]) -> tuple[dict[str, Schema], dict[str, Schema]]:
    """What stands beside the seconds in view, and what comes after."""
    schemas = {attribute: {"$ref": f"#/$defs/{attribute.key}"} for attribute in attributes}
    seconds = {result_key(each): schema for each, schema in schemas.items() if each.kind == "spells"}
    return seconds, {result_key(each): schema for each, schema in schemas.items() if each.kind != "spells"}


def _samples(attributes: Sequence[Attribute]) -> Schema:
    spells = [attribute for attribute in attributes if attribute.kind == "spells"]
    others = [attribute for attribute in attributes if attribute.kind != "spells"]
    said: dict[str, Any] = {}
    for attribute in (*spells, *others):
        said |= FORMS[attribute.kind].sample_schemas(attribute)
    columns = {
        "time_s": {"type": "array", "items": TIME, "minItems": 1},
        "box": {
            "description": "x, y, width, height as fractions of the upright frame",
            **list_of(list_of(NUMBER, n=4)),
        },
        "landmarks": {
            "description": "left eye, right eye, nose, left and right mouth corner",
            **list_of(list_of({"$ref": "#/$defs/point"}, n=5)),
        },
        "score": list_of(SHARE),
        "quality": list_of(SHARE),
        "yaw": list_of(ANGLE),
        "pitch": list_of(ANGLE),
    }
    return {"description": "Columns of equal length.", **closed_object({**columns, **said}, optional=list(said))}


if __name__ == "__main__":
    version = int(sys.argv[1]) if len(sys.argv) > 1 else FIRST_VERSION
    sys.stdout.write(json.dumps(schema_of(version), indent=2, ensure_ascii=False) + "\n")
