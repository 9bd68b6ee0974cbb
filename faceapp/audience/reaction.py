"""How a group reacts over time: each second, who is in view and what they show. Pure functions."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.types import EMOTIONS, UNKNOWN
from faceapp.audience.figures import LEAST_PEOPLE, Share, share_of

Seconds = Mapping[int, str]  # second of the video → the expression shown in most of its samples

SHOWN = ("Happy", "Surprised", "Neutral", "Other", "Sad", "Angry", UNKNOWN)  # fixed order, positive on top


@dataclass(frozen=True, slots=True)
class Peak:
    """The highest point of an expression's curve."""

    emotion: str
    at_s: int
    share: Share


@dataclass(frozen=True, slots=True)
class Reaction:
    """One value each `step_s` from 0 to the end of the longest video."""

    step_s: int
    n_present: tuple[int, ...]  # people in view
    n_showing: dict[str, tuple[int, ...]]  # of them, showing each expression; "unknown" among them
    curves: dict[str, tuple[Share | None, ...]]  # None where fewer than LEAST_PEOPLE are in view
    peaks: dict[str, Peak]  # of expressions that anyone shows where the curve is drawn; not Neutral, Other, unknown

    @property
    def n_enough(self) -> int:
        """Steps with enough people for a share."""
        return sum(n >= LEAST_PEOPLE for n in self.n_present)

    @property
    def has_curve(self) -> bool:
        """Whether shares say more than counts: there are enough people most of the time, and they show something."""
        return bool(self.peaks) and 2 * self.n_enough >= sum(n > 0 for n in self.n_present)


def seconds_of(time_s: Sequence[float], emotion: Sequence[str]) -> dict[int, str]:
    """What one track shows in each second: the most frequent label; of equals the first in the order of EMOTIONS."""
    counts: dict[int, Counter[str]] = {}
    for moment_s, label in zip(time_s, emotion, strict=True):
        counts.setdefault(int(moment_s), Counter())[label] += 1
    return {second: min(labels, key=lambda label: (-labels[label], _rank(label))) for second, labels in counts.items()}


def joined(tracks: Sequence[Seconds]) -> dict[int, str]:
    """One person's seconds from those of their tracks; where two meet in a second, the first one counts."""
    seconds: dict[int, str] = {}
    for track in tracks:
        for second, label in track.items():
            seconds.setdefault(second, label)
    return seconds


def reaction_of(people: Sequence[Seconds], duration_s: float, step_s: int = 1) -> Reaction:
    """Curves over a video (or over several, laid over each other from their start); coarser steps for long ones."""
    steps = [_in_steps(person, step_s) for person in people]
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
        peaks={
            name: peak for name in ("Happy", "Surprised", "Sad", "Angry") if (peak := _peak(name, curves[name], step_s))
        },
    )


def banded(peaks: Mapping[str, float]) -> tuple[str, ...]:
    """The expressions whose curves carry a band, by the share at their peak: the two highest; nobody's has none."""
    return tuple(sorted(peaks, key=lambda name: -peaks[name])[:2])


def step_for(duration_s: float) -> int:
    """Seconds a step, so that a chart has at most 900."""
    return next((step for step in (1, 2, 5, 10, 15, 30, 60) if duration_s / step <= 900), 300)


def _in_steps(person: Seconds, step_s: int) -> Seconds:
    if step_s == 1:
        return person
    ordered = sorted(person)
    return seconds_of([second / step_s for second in ordered], [person[second] for second in ordered])


def _peak(name: str, curve: Sequence[Share | None], step_s: int) -> Peak | None:
    shares = [(share.value, -step, share) for step, share in enumerate(curve) if share and share.count]
    if not shares:
        return None
    _, step, share = max(shares, key=lambda each: each[:2])
    return Peak(name, -step * step_s, share)


def _rank(label: str) -> int:
    return EMOTIONS.index(label) if label in EMOTIONS else len(EMOTIONS)
