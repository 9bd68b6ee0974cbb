"""What each word on pages and in reports means: written once, shown on hover, on "About the figures" and in PDFs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.attributes import Attribute, attributes
from analysis.builtin_attributes import ATTENTION


@dataclass(frozen=True, slots=True)
class Word:
    """A word as pages write it, and what it means in one sentence or two."""

    key: str
    term: str
    meaning: str


def _of_attribute(attribute: Attribute) -> Word:
    return Word(attribute.word, attribute.term, attribute.meaning)


_WORDS = (
    Word(
        "ots",
        "Opportunity to see",
        "People with a visible face. Faces are counted, not bodies: whoever never shows a face is not counted. "
        "Pictures of faces that never move, such as posters, are left out unless asked for.",
    ),
    Word(
        "watcher",
        "Watcher",
        "Someone who looked towards the camera at least once, for half a second or longer. Looking is judged from the "
        "direction of the head, inside a cone of yaw and pitch that the report states.",
    ),
    Word(
        "conversion_ratio",
        "Conversion ratio",
        "Watchers ÷ opportunity to see: the share of the people with a visible face who looked. 95 % Wilson interval.",
    ),
    _of_attribute(ATTENTION),
    Word("dwell_time", "Dwell time", "How long a watcher was in view."),
    Word(
        "attraction_ratio",
        "Attraction ratio",
        "Attention time ÷ dwell time, summed over all watchers: how much of their time in view they looked.",
    ),
    Word("glance", "Glance", "One spell of looking."),
    Word(
        "net_positivity",
        "Net positivity",
        "Time showing Happy minus time showing Angry or Sad, in per cent of the time the expression could be read; "
        "averaged over people, each counted once. From −100 to +100.",
    ),
    Word(
        "impressions",
        "Impressions",
        "Opportunity to see plus repeated appearances: whoever comes back after five seconds or more out of view "
        "counts again.",
    ),
    Word("screen_time", "Screen time", "How long a person, or the people of a group together, are on screen."),
    Word("in_view", "In view", "Seconds with the face visible."),
    Word("presence", "Presence", "From first to last sight, gaps included."),
    Word("track", "Track", "One face followed through one shot."),
    Word("person", "Person", "All tracks of one individual in one video."),
    *(_of_attribute(attribute) for attribute in attributes().values() if attribute != ATTENTION),
    Word(
        "reaction_curve",
        "Reaction curve",
        "For each second, the share of the people in view who show an expression, with a 95 % Wilson band; drawn only "
        "where five or more people are in view.",
    ),
    Word("peak", "Peak", "The highest point of a reaction curve and its time."),
    Word(
        "unknown",
        "Unknown",
        "The pictures do not allow an answer above the network's floor of confidence. Always counted and shown, never "
        "spread over the other groups.",
    ),
    Word(
        "interval",
        "Interval",
        "A range that holds the true value in 95 of 100 samples of this size. It covers chance, not errors of the "
        "networks: those are in the tables of accuracy.",
    ),
    Word("n", "n", "How many people a figure rests on."),
)

WORDS = {word.key: word for word in _WORDS}

SWITCH_OF = {
    "conversion_ratio": "attention",
    "watcher": "attention",
    "dwell_time": "attention",
    "attraction_ratio": "attention",
    "net_positivity": "emotion",
    **{attribute.word: attribute.switch.key for attribute in attributes().values()},
}  # what a word's figure is counted from


def is_on(key: str, switches: Sequence[str]) -> bool:
    """Whether the switch that a word needs is among these; some need none."""
    switch = SWITCH_OF.get(key)
    return switch is None or switch in switches
