"""What one analysis is asked to do: frozen, hashable, to and from a dict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from analysis.attributes import Attribute, Kind, switched_on, switches
from analysis.builtin_attributes import ATTRIBUTES as BUILT_IN

# those of format version 1
DEFAULT_SWITCHES = tuple(dict.fromkeys(each.switch.key for each in BUILT_IN if each.switch.version == 1))
DETECTORS = ("mtcnn", "haar")


class ConfigError(ValueError):
    """A configuration that cannot be; the message is a sentence for the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisConfig:
    """Everything that can change a result, beside the video, the weights and the engine's version.

    Raises:
        ConfigError: a value is out of range or unknown.
    """

    sample_rate: float = 5.0  # samples a second
    attributes: tuple[str, ...] = DEFAULT_SWITCHES  # keys of switches
    detector: str = "mtcnn"
    min_face_px: int | None = None  # None: max(15, 1/18 of the upright height)
    attention_yaw_deg: float = 25.0  # half-width of the cone that counts as looking
    attention_pitch_deg: float = 20.0
    attention_min_spell_s: float = 0.5
    max_faces: int = 200  # a frame; more are cut, with a warning

    def __post_init__(self) -> None:
        if not 0.1 <= self.sample_rate <= 60:
            raise ConfigError(f"The sample rate must be from 0.1 to 60 a second, not {self.sample_rate:g}.")
        unknown = [name for name in self.attributes if name not in switches()]
        if unknown:
            raise ConfigError(f"Unknown attribute {unknown[0]!r}; there are {', '.join(switches())}.")
        if self.detector not in DETECTORS:
            raise ConfigError(f"Unknown detector {self.detector!r}; there are {', '.join(DETECTORS)}.")
        if self.min_face_px is not None and not 12 <= self.min_face_px <= 2000:
            raise ConfigError(f"The smallest face must be from 12 to 2000 px, not {self.min_face_px}.")
        # one order, so that equal choices are equal configs
        ordered = tuple(name for name in switches() if name in self.attributes)
        object.__setattr__(self, "attributes", ordered)

    def attributes_on(self, kind: Kind | None = None) -> tuple[Attribute, ...]:
        """The attributes that are on, in the order of the registry; of one kind alone, if it is named."""
        return switched_on(self.attributes, kind)

    def smallest_face_px(self, height_px: int) -> int:
        """The smallest face searched for in a picture of this upright height."""
        return self.min_face_px or max(15, round(height_px / 18))

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "attributes": list(self.attributes)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> AnalysisConfig:
        known = {field.name for field in fields(cls)}
        unknown = set(values) - known
        if unknown:
            raise ConfigError(f"Unknown setting {sorted(unknown)[0]!r}.")
        return cls(**{**values, "attributes": tuple(values.get("attributes", DEFAULT_SWITCHES))})

    @classmethod
    def of_result(cls, values: Mapping[str, Any]) -> AnalysisConfig:
        """As a stored result tells it: attributes of a plugin that is gone are left out, so that it stays readable."""
        known = [name for name in values.get("attributes", DEFAULT_SWITCHES) if name in switches()]
        return cls.from_dict({**values, "attributes": known})


def switches_named(listed: str | None) -> tuple[str, ...]:
    """The switches of a list such as "age_gender,emotion"; the default ones, if there is none."""
    if listed is None:
        return DEFAULT_SWITCHES
    return tuple(name.strip() for name in listed.split(",") if name.strip())


def switches_help() -> str:
    """What a command says of its option of such a list."""
    return f"of {','.join(switches())}; default {','.join(DEFAULT_SWITCHES)}; '' for none"
