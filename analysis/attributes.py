"""The registry of attributes: what is read of a face, each described once. Everything else iterates over it.

The built-in ones are in `analysis.builtin_attributes`. A plugin is a module named in FACELINE_PLUGINS that has
`ATTRIBUTES`, a sequence of `Attribute`; web, workers, engine processes and command line read the same list.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from analysis.plugins import PluginError, plugin_modules
from models.registry import specs

UNKNOWN = "unknown"
SHORT_ANSWERS = ("yes", "no", UNKNOWN)  # that say nothing without their question

Kind = Literal["years", "label", "labels_over_time", "spells", "strengths"]  # what is done with each: `analysis.kinds`
Source = Literal["description", "crops", "samples", "pose"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One answer of an attribute, with how it is drawn. The colors are drawn on white and on near black."""

    key: str  # in results and addresses: "Happy", "female"
    light: str  # "#dc9f1c"
    dark: str
    edge: str = ""  # light; around a fill that is too light for white, and for its lines
    on_light: str = "#fff"  # text on the fill
    on_dark: str = "#15191a"
    dash: str = "solid"  # of its line: solid, dot, dash, longdash, dashdot
    is_rest: bool = False  # what there is while nothing is shown, such as Neutral: never said to be shown most
    is_quiet: bool = False  # says little: its curve is hidden at first, and has no peak

    @property
    def token(self) -> str:
        """The name of its color in CSS, and its CSS class."""
        return self.key.lower()

    @property
    def line_token(self) -> str:
        """The name of the color of its lines."""
        return f"{self.token}-edge" if self.edge else self.token


@dataclass(frozen=True, slots=True)
class Switch:
    """What a project switches on and off; one may govern several attributes."""

    key: str
    name: str  # inside of a sentence: "age and gender"
    title: str
    note: str  # what is read, and what to think of before switching it on
    version: int = 2  # of the result format, from which on its attributes are in results; what is of the first is on


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One thing that is read of a face."""

    key: str  # in results, tables and addresses: "gender"
    switch: Switch
    kind: Kind
    source: Source  # what it is read from; "pose" needs no network
    reader: str = ""  # "module:Class" of the classifier; see `analysis.classify.Reader`
    networks: tuple[str, ...] = ()  # that are opened for it, by their names in the manifest of weights
    labels: tuple[Label, ...] = ()  # in the order of the network's output
    display_order: tuple[str, ...] = ()  # of the labels' keys, from top to bottom; empty: as they are
    least_confidence: float | None = None  # under it the answer is "unknown"; None: as the manifest of weights says
    column: str = ""  # of samples, or of single crops: "looking", "age_years"; empty: none but its own is kept
    is_sensitive: bool = False  # off in a new project
    is_public_for_few: bool = False  # its shares may be told of fewer than five people
    word: str  # its key in the glossary
    term: str  # "Perceived gender"
    short: str  # a heading: "Gender"
    meaning: str  # for the glossary
    plural: str = ""  # a key of report.json; empty: the key with an s

    @property
    def shares_key(self) -> str:
        """The key under which reports give the shares of its labels."""
        return self.plural or f"{self.key}s"

    @property
    def term_in_text(self) -> str:
        """Its term inside of a sentence: "perceived gender"."""
        return self.term[0].lower() + self.term[1:]

    @property
    def label_keys(self) -> tuple[str, ...]:
        """The answers, without "unknown", in the order of results."""
        return tuple(label.key for label in self.labels)

    @property
    def answers(self) -> tuple[str, ...]:
        """The answers, "unknown" last."""
        return (*self.label_keys, UNKNOWN)

    @property
    def shown_answers(self) -> tuple[str, ...]:
        """The answers in the order of charts and legends, "unknown" last."""
        return (*(self.display_order or self.label_keys), UNKNOWN)

    @property
    def rest_key(self) -> str | None:
        """The answer of a face that shows nothing, where there is one."""
        return next((label.key for label in self.labels if label.is_rest), None)

    @property
    def telling_keys(self) -> tuple[str, ...]:
        """The answers that can be what is shown most, in the order of charts."""
        return tuple(key for key in self.shown_answers[:-1] if not self.label(key).is_rest)

    @property
    def loud_keys(self) -> tuple[str, ...]:
        """The answers whose curves may have a peak, in the order of charts."""
        return tuple(key for key in self.shown_answers[:-1] if not self.label(key).is_quiet)

    @property
    def floor(self) -> float:
        """The confidence under which an answer is "unknown"."""
        if self.least_confidence is not None:
            return self.least_confidence
        return next((spec.floor[self.key] for spec in specs().values() if self.key in spec.floor), 0.0)

    def spoken(self, answer: str) -> str:
        """An answer among those to other questions: "female", "beard: yes", "gender: unknown"."""
        return f"{self.short.lower()}: {answer}" if answer in SHORT_ANSWERS else answer

    def label(self, key: str) -> Label:
        """
        Raises:
            KeyError: there is no such label.
        """
        for label in self.labels:
            if label.key == key:
                return label
        raise KeyError(key)


@cache
def attributes() -> Mapping[str, Attribute]:
    """All attributes of this installation by key: the built-in ones, then those of plugins.

    Raises:
        PluginError: a plugin cannot be imported, or what it registers clashes with another attribute.
    """
    from analysis.builtin_attributes import ATTRIBUTES

    found: dict[str, Attribute] = {}
    for attribute in (*ATTRIBUTES, *(one for module in plugin_modules() for one in getattr(module, "ATTRIBUTES", ()))):
        if attribute.key in found:
            raise PluginError(f"Two attributes have the key {attribute.key!r}.")
        found[attribute.key] = attribute
    _refuse_two_colors(found.values())
    return found


@cache
def switches() -> Mapping[str, Switch]:
    """All switches of this installation by key, in the order of their attributes."""
    return {attribute.switch.key: attribute.switch for attribute in attributes().values()}


def switched_on(on: Collection[str], kind: Kind | None = None) -> tuple[Attribute, ...]:
    """The attributes of these switches, in the order of the registry; of one kind alone, if it is named."""
    return tuple(
        attribute
        for attribute in attributes().values()
        if attribute.switch.key in on and kind in (None, attribute.kind)
    )


def of_kind(kind: Kind) -> tuple[Attribute, ...]:
    """All attributes of a kind."""
    return switched_on(switches(), kind)


@cache
def all_labels() -> Mapping[str, Label]:
    """The labels of all attributes by key."""
    return {label.key: label for attribute in attributes().values() for label in attribute.labels}


def _refuse_two_colors(found: Collection[Attribute]) -> None:
    """A label's key names its color on pages: attributes that share a label share its color and word."""
    seen: dict[str, Label] = {}
    for label in (label for attribute in found for label in attribute.labels):
        if seen.setdefault(label.token, label) != label:
            raise PluginError(f"Two attributes have a label {label.key!r} that looks different.")
