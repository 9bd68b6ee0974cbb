"""How each kind of reading is written as JSON, read again, and described by JSON Schema.

The published result, the database and the API write a reading in the same way. A kind that comes (numbers over time,
points) is one more class here, and its rules of pooling in `analysis.assembly` and `faceapp.results.pooling`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Protocol

from analysis.attributes import Attribute, Kind
from analysis.types import N_AGES, AgeEstimate, EmotionEstimate, LabelEstimate, Reading, StrengthsEstimate

Schema = dict[str, Any]

SHARE: Schema = {"$ref": "#/$defs/share"}
YEARS: Schema = {"$ref": "#/$defs/years"}
STRENGTH: Schema = {"type": "number", "minimum": 0, "maximum": 5}
LOOKING_BY = ("eyes", "head")  # what told of a sample whether somebody looks at the camera
SECONDS: Schema = {"$ref": "#/$defs/time"}


class Form(Protocol):
    """How the readings of a kind are written."""

    def to_json(self, reading: Any) -> Any:
        """As the published JSON has it, rounded."""

    def from_json(self, written: Any, attribute: Attribute) -> Reading:
        """What `to_json` wrote; keys may come in any order.

        Raises:
            KeyError, TypeError: it was written by something else.
        """

    def schema(self, attribute: Attribute) -> Schema:
        """Of what `to_json` writes."""

    def sample_schemas(self, attribute: Attribute) -> Mapping[str, Schema]:
        """Of the columns that a track's samples have of it."""


class YearsForm:
    def to_json(self, reading: AgeEstimate) -> dict[str, int]:
        return {"years": reading.years, "low": reading.low, "high": reading.high}

    def from_json(self, written: Mapping[str, int], attribute: Attribute) -> AgeEstimate:
        return AgeEstimate(**written)

    def schema(self, attribute: Attribute) -> Schema:
        return closed_object({"years": YEARS, "low": YEARS, "high": YEARS})

    def sample_schemas(self, attribute: Attribute) -> Mapping[str, Schema]:
        return {}


class LabelForm:
    def to_json(self, reading: LabelEstimate) -> dict[str, Any]:
        return {
            "label": reading.label,
            "confidence": _fraction(reading.confidence),
            "distribution": {name: _fraction(share) for name, share in reading.distribution.items()},
        }

    def from_json(self, written: Mapping[str, Any], attribute: Attribute) -> LabelEstimate:
        distribution = {name: written["distribution"][name] for name in attribute.label_keys}
        return LabelEstimate(written["label"], written["confidence"], distribution)

    def schema(self, attribute: Attribute) -> Schema:
        distribution = closed_object(dict.fromkeys(attribute.label_keys, SHARE))
        return closed_object({"label": _one_of(attribute), "confidence": SHARE, "distribution": distribution})

    def sample_schemas(self, attribute: Attribute) -> Mapping[str, Schema]:
        return {}


class LabelsOverTimeForm:
    def to_json(self, reading: EmotionEstimate) -> dict[str, Any]:
        return {"label": reading.label, "shares": {name: _fraction(share) for name, share in reading.shares.items()}}

    def from_json(self, written: Mapping[str, Any], attribute: Attribute) -> EmotionEstimate:
        return EmotionEstimate(written["label"], {name: written["shares"][name] for name in attribute.answers})

    def schema(self, attribute: Attribute) -> Schema:
        return closed_object(
            {"label": _one_of(attribute), "shares": closed_object(dict.fromkeys(attribute.answers, SHARE))}
        )

    def sample_schemas(self, attribute: Attribute) -> Mapping[str, Schema]:
        rows = list_of(list_of(SHARE, n=len(attribute.labels)))
        columns: dict[str, Schema] = {
            attribute.key: list_of(_one_of(attribute)),
            f"{attribute.key}_distribution": {"description": ", ".join(attribute.label_keys), **rows},
        }
        return columns | ({attribute.column: list_of({"enum": list(LOOKING_BY)})} if attribute.column else {})


class SpellsForm:
    def to_json(self, reading: float) -> float:
        return round(float(reading), 3) + 0.0  # + 0.0: no -0.0

    def from_json(self, written: float, attribute: Attribute) -> float:
        return float(written)

    def schema(self, attribute: Attribute) -> Schema:
        return SECONDS

    def sample_schemas(self, attribute: Attribute) -> Mapping[str, Schema]:
        return {attribute.column: list_of({"type": "boolean"})}


class StrengthsForm:
    def to_json(self, reading: StrengthsEstimate) -> dict[str, dict[str, float]]:
        return {
            name: {label: round(float(strength), 2) + 0.0 for label, strength in strengths.items()}
            for name, strengths in (("mean", reading.mean), ("peak", reading.peak))
        }

    def from_json(self, written: Mapping[str, Any], attribute: Attribute) -> StrengthsEstimate:
        mean, peak = ({key: written[name][key] for key in attribute.label_keys} for name in ("mean", "peak"))
        return StrengthsEstimate(mean, peak)

    def schema(self, attribute: Attribute) -> Schema:
        strengths = closed_object(dict.fromkeys(attribute.label_keys, STRENGTH))
        return closed_object({"mean": strengths, "peak": strengths})

    def sample_schemas(self, attribute: Attribute) -> Mapping[str, Schema]:
        rows = list_of(list_of(STRENGTH, n=len(attribute.labels)))
        return {attribute.key: {"description": ", ".join(attribute.label_keys), **rows}}


FORMS: Mapping[Kind, Form] = {
    "years": YearsForm(),
    "label": LabelForm(),
    "labels_over_time": LabelsOverTimeForm(),
    "spells": SpellsForm(),
    "strengths": StrengthsForm(),
}
LANE_NAMES = ("emotions", "shares")  # of the spells that a lane is drawn from: labels, and mean distributions
DEFINITIONS: Schema = {
    "time": {"type": "number", "minimum": 0},
    "share": {"type": "number", "minimum": 0, "maximum": 1},
    "years": {"type": "integer", "minimum": 0, "maximum": N_AGES - 1},
}  # which the schemas above refer to


def result_key(attribute: Attribute) -> str:
    """The key of its reading in the published JSON."""
    return f"{attribute.key}_s" if attribute.kind == "spells" else attribute.key


def stored_names(attribute: Attribute) -> frozenset[str]:
    """Every name under which something of it is stored: its key, that of the result, its columns, its lane."""
    columns = FORMS[attribute.kind].sample_schemas(attribute)
    lane = LANE_NAMES if attribute.rest_key is not None else ()  # lanes are of expressions alone
    return frozenset(filter(None, (attribute.key, result_key(attribute), attribute.column, *columns, *lane)))


def to_json(attribute: Attribute, reading: Reading) -> Any:
    """A reading as JSON."""
    return FORMS[attribute.kind].to_json(reading)


def from_json(attribute: Attribute, written: Any) -> Reading:
    """The reading that `to_json` wrote.

    Raises:
        KeyError, TypeError: it was written by something else.
    """
    return FORMS[attribute.kind].from_json(written, attribute)


def _fraction(value: float) -> float:
    return round(float(value), 4) + 0.0


def _one_of(attribute: Attribute) -> Schema:
    return {"enum": list(attribute.answers)}


def closed_object(properties: Mapping[str, Schema], optional: Collection[str] = ()) -> Schema:
    """The schema of an object with these keys and no others."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [key for key in properties if key not in optional],
        "properties": dict(properties),
    }


def list_of(items: Schema, n: int | None = None) -> Schema:
    """The schema of a list; of one with n items, if it is said."""
    return {"type": "array", "items": items, **({} if n is None else {"minItems": n, "maxItems": n})}
