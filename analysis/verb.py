"""What an engine process can be asked for. A verb is one class, declared once:

* its fields are the request; they travel to the process as JSON;
* `perform` is what the process does;
* what `perform` returns is the reply, and travels back as JSON.

`analysis.verbs` has the built-in ones. A plugin declares its own in the same way: the process imports it at start.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, Protocol, TypeVar, get_type_hints

import msgspec

if TYPE_CHECKING:
    from analysis.config import AnalysisConfig
    from analysis.networks import Networks

Reply = TypeVar("Reply")
_VERBS: dict[str, type[Verb[Any]]] = {}


class Session(Protocol):
    """The process as a verb sees it."""

    def networks(self, config: AnalysisConfig) -> Networks:
        """The networks of this config, opened once and kept."""

    def progress(self, share: float) -> None:
        """Tell the caller which share (0-1) of the request is done, and that the process is alive."""


class Verb(ABC, Generic[Reply]):
    """A frozen dataclass whose fields are the request.

    The caller imports the class too, and has neither torch nor OpenCV: `perform` imports what it needs itself.
    """

    budget: ClassVar[Literal["chunk", "copy"]] = "chunk"  # of computing time: a part of a video, or a whole one

    def __init_subclass__(cls) -> None:
        _VERBS[f"{cls.__module__}.{cls.__qualname__}"] = cls

    @abstractmethod
    def perform(self, session: Session) -> Reply:
        """Do it, inside the process.

        Raises:
            VideoError: the video is at fault, and trying again is useless; its sentence is for the user.
        """


def encode(value: Any) -> Any:
    """A verb or a reply as what `json.dumps` takes."""
    return msgspec.to_builtins(value, enc_hook=_path_to_text)


def name_of(verb: Verb[Any]) -> str:
    return f"{type(verb).__module__}.{type(verb).__qualname__}"


def decode_verb(name: str, fields: dict[str, Any]) -> Verb[Any]:
    """The verb that `encode` took apart.

    Raises:
        KeyError: no verb has this name.
        msgspec.ValidationError: the fields are not this verb's.
    """
    verb: Verb[Any] = _decode(fields, _VERBS[name])
    return verb


def decode_reply(verb: Verb[Reply], reply: Any) -> Reply:
    """What the verb's `perform` returned.

    Raises:
        msgspec.ValidationError: the reply has another form than `perform` is declared with.
    """
    returned: Reply = _decode(reply, get_type_hints(type(verb).perform)["return"])
    return returned


def _decode(value: Any, kind: Any) -> Any:
    return msgspec.convert(value, kind, dec_hook=_text_to_path)


def _path_to_text(value: Any) -> str:
    if isinstance(value, Path):
        return str(value.absolute())
    raise NotImplementedError(f"{type(value).__name__} does not travel to the engine's process")


def _text_to_path(kind: type, value: Any) -> Any:
    if issubclass(kind, Path):
        return kind(value)
    raise NotImplementedError(f"{kind.__name__} does not travel to the engine's process")
