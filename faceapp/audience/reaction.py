"""How a group reacts over time: each second, who is in view and what they show. Pure functions."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.builtin_attributes import EMOTION
from analysis.types import EMOTIONS
from faceapp.audience.figures import LEAST_PEOPLE, Share, share_of
from faceapp.core.percent import leaders

Samples = Mapping[int, Mapping[str, int]]  # second of the video → how many of its samples show each expression
Seconds = Mapping[int, str]  # second of the video → the expression shown in most of its samples

MOVING = EMOTION.loud_keys  # what a peak may be of
LEAST_OF_A_PEAK = 2  # people: one alone is no peak of a group
LEAST_PRESENT = 0.5  # of a second, to count in it: else both sides of a cut would be in view at once
SHOWN = EMOTION.shown_answers  # fixed order, positive on top


@dataclass(frozen=True, slots=True)
class Peak:
    """The highest point of an expression's curve."""

    emotion: str
    at_s: float
    share: Share


@dataclass(frozen=True, slots=True)
class Reaction:
    """One value each `step_s` from `start_s` to the end of the longest video, or window."""

    step_s: int
    n_present: tuple[int, ...]  # people in view
    n_showing: dict[str, tuple[int, ...]]  # of them, showing each expression; "unknown" among them
    curves: dict[str, tuple[Share | None, ...]]  # None where fewer than LEAST_PEOPLE are in view
    peaks: dict[str, Peak]  # of MOVING expressions that rise to one moment and fall again
    start_s: float = 0.0  # of the first step

    @property
    def times_s(self) -> tuple[float, ...]:
        """When each step begins, on the clock of the video."""
        return tuple(round(self.start_s + k * self.step_s, 3) for k in range(len(self.n_present)))

    @property
    def n_enough(self) -> int:
        """Steps with enough people for a share."""
        return sum(n >= LEAST_PEOPLE for n in self.n_present)

    @property
    def shows_something(self) -> bool:
        """Whether anyone shows one of MOVING where the curve is drawn."""
        return bool(self.strongest)

    @property
    def strongest(self) -> list[str]:
        """MOVING expressions that are shown where the curve is drawn, the one that goes highest first."""
        return _by_height(self.tops)

    @property
    def tops(self) -> dict[str, float]:
        """The highest share of each of MOVING, where the curve is drawn."""
        return {name: max((share.value for share in self.curves[name] if share), default=0.0) for name in MOVING}

    @property
    def highest(self) -> list[Peak]:
        """The highest peak; several where they are equally high."""
        names = leaders({name: peak.share.value for name, peak in self.peaks.items()})
        return [self.peaks[name] for name in names]

    @property
    def has_curve(self) -> bool:
        """Whether shares say more than counts: there are enough people most of the time, and they show something."""
        return self.shows_something and 2 * self.n_enough >= sum(n > 0 for n in self.n_present)


def samples_of(time_s: Sequence[float], emotion: Sequence[str]) -> dict[int, dict[str, int]]:
    """How many samples of one track show each expression, second by second."""
    counts: dict[int, dict[str, int]] = {}
    for moment_s, label in zip(time_s, emotion, strict=True):
        labels = counts.setdefault(int(moment_s), {})
        labels[label] = labels.get(label, 0) + 1
    return counts


def seconds_of(tracks: Sequence[Samples], sample_rate: float, duration_s: float) -> dict[int, str]:
    """What a person shows in each second in which they are in view for half of it or longer.

    The most frequent label counts; of equals the first in the order of EMOTIONS.

    Args:
        tracks: the person's, from `samples_of`.
        sample_rate: samples per second of the run.
        duration_s: of the video; its last second may be shorter.
    """
    counts: dict[int, Counter[str]] = {}
    for track in tracks:
        for second, labels in track.items():
            counts.setdefault(second, Counter()).update(labels)
    least = {second: LEAST_PRESENT * sample_rate * min(1.0, duration_s - second) for second in counts}
    return {second: _most(labels) for second, labels in counts.items() if labels.total() >= least[second] - 1e-6}


def reaction_of(people: Sequence[Seconds], duration_s: float, step_s: int = 1, *, start_s: float = 0.0) -> Reaction:
    """Curves over a video (or over several, laid over each other from their start); coarser steps for long ones.

    Args:
        people: seconds from `start_s`.
        start_s: of what is drawn, on the clock of the video.
    """
    steps = [_in_steps(person, step_s, duration_s) for person in people]
    length = max([math.ceil(duration_s / step_s - 1e-6), *(max(person, default=-1) + 1 for person in steps)])
    counts = [Counter[str]() for _ in range(length)]
    for person in steps:
        for step, label in person.items():
            counts[step][label] += 1
    present = tuple(sum(labels.values()) for labels in counts)
    curves = {
        name: tuple(
            share_of(name, labels[name], n) if n >= LEAST_PEOPLE else None
            for labels, n in zip(counts, present, strict=True)
        )
        for name in SHOWN
    }
    return Reaction(
        step_s=step_s,
        n_present=present,
        n_showing={name: tuple(labels[name] for labels in counts) for name in SHOWN},
        curves=curves,
        peaks={name: peak for name in MOVING if (peak := _peak(name, curves[name], step_s, start_s))},
        start_s=start_s,
    )


def banded(tops: Mapping[str, float]) -> list[str]:
    """The expressions whose curves carry a band: the two whose highest share is highest; what nobody shows has none."""
    return _by_height(tops)[:2]


def _by_height(tops: Mapping[str, float]) -> list[str]:
    return sorted((name for name, top in tops.items() if top > 0), key=lambda name: -tops[name])


def step_for(duration_s: float) -> int:
    """Seconds a step, so that a chart has at most 900."""
    return next((step for step in (1, 2, 5, 10, 15, 30, 60) if duration_s / step <= 900), 300)


def _in_steps(person: Seconds, step_s: int, duration_s: float) -> Seconds:
    """The same in steps of several seconds."""
    if step_s == 1:
        return person
    ordered = sorted(person)
    samples = samples_of([second / step_s for second in ordered], [person[second] for second in ordered])
    return seconds_of([samples], step_s, duration_s / step_s)


def _most(labels: Mapping[str, int]) -> str:
    return min(labels, key=lambda label: (-labels[label], _rank(label)))


def _peak(name: str, curve: Sequence[Share | None], step_s: int, start_s: float) -> Peak | None:
    """Where a curve is highest. None where that is at an end of what is drawn, at several moments, or of one person."""
    values = [share.value if share else None for share in curve]
    top = max((share.value for share in curve if share), default=0.0)
    at_top = [step for step, value in enumerate(values) if value == top]
    if not at_top or at_top[-1] - at_top[0] != len(at_top) - 1:
        return None
    first, last = at_top[0], at_top[-1]
    is_inside = first > 0 and last + 1 < len(curve) and values[first - 1] is not None and values[last + 1] is not None
    share = curve[first]
    if not is_inside or share is None or share.count < LEAST_OF_A_PEAK:
        return None
    return Peak(name, round(start_s + first * step_s, 3), share)


def _rank(label: str) -> int:
    return EMOTIONS.index(label) if label in EMOTIONS else len(EMOTIONS)
