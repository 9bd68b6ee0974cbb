"""What each word on pages and in reports means: written once, shown on hover, on "About the figures" and in PDFs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.attributes import Attribute, attributes
from analysis.builtin_attributes import ATTENTION


@dataclass(frozen=True, slots=True)
class Word:
    """A word as pages write it, what it means in one sentence or two, and the term that the trade has for it."""

    key: str
    term: str
    meaning: str
    trade: str = ""

    @property
    def full(self) -> str:
        """The word with the trade's term in brackets: "Looked at the camera (conversion ratio)"."""
        return f"{self.term} ({self.trade})" if self.trade else self.term


def _of_attribute(attribute: Attribute, trade: str = "") -> Word:
    return Word(attribute.word, attribute.term, attribute.meaning, trade)


_WORDS = (
    Word(
        "ots",
        "People seen",
        "People with a visible face. Faces are counted, not bodies: people who never show their face are not counted. "
        "Faces that never move, such as posters, are not counted unless you include them.",
        trade="opportunity to see, OTS",
    ),
    Word(
        "watcher",
        "Watcher",
        "A person who looked at the camera at least once for half a second or longer. Faceline uses the direction of "
        "the head and, while gaze is on, the eyes. The report states the largest angles that count as looking.",
    ),
    Word(
        "conversion_ratio",
        "Looked at the camera",
        "Watchers ÷ people seen: the share of people with a visible face who looked at the camera, with a 95 % Wilson "
        "interval.",
        trade="conversion ratio",
    ),
    _of_attribute(ATTENTION, trade="attention time"),
    Word("dwell_time", "Time in view of watchers", "How long a watcher was in view.", trade="dwell time"),
    Word(
        "attraction_ratio",
        "Share of time looking",
        "Time looking at the camera ÷ time in view, summed over all watchers.",
        trade="attraction ratio",
    ),
    Word("glance", "Glance", "One continuous look at the camera."),
    Word(
        "net_positivity",
        "Expression balance",
        "Time showing Happy minus time showing Angry or Sad, in percent of the time the expression is known. The "
        "average over people; each person counts once. From −100 to +100.",
        trade="net positivity",
    ),
    Word(
        "impressions",
        "Appearances",
        "People seen plus their repeated appearances. A person who returns after five seconds or more out of view "
        "counts again.",
        trade="impressions",
    ),
    Word("screen_time", "Screen time", "How long a person or a group of people is on screen."),
    Word("in_view", "Time in view", "How long the face is visible."),
    Word("presence", "Presence", "The time from the first to the last appearance, including gaps."),
    Word("track", "Track", "One face tracked through one shot."),
    Word("person", "Person", "All tracks of one individual in one video."),
    *(_of_attribute(attribute) for attribute in attributes().values() if attribute != ATTENTION),
    Word(
        "reaction_curve",
        "Reaction curve",
        "For each second, the share of the people in view who show an expression, with a 95 % Wilson band. The curve "
        "is shown only where five or more people are in view.",
    ),
    Word("peak", "Peak", "The highest point of a reaction curve and its time."),
    Word(
        "unknown",
        "Unknown",
        "The network is not confident enough to answer. Unknown is always counted and shown. It is never divided among "
        "the other groups.",
    ),
    Word(
        "interval",
        "Interval",
        "A range that contains the true value for 95 of 100 samples of this size. It covers chance, not errors of the "
        "networks. The accuracy tables show those.",
    ),
    Word("n", "n", "The number of people a figure is based on."),
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
