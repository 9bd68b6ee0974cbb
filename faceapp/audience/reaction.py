"""How a group reacts over time: each second, who is in view and what they show. Pure functions."""

from __future__ import annotations

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
    """One value a second from 0 to the end of the longest video."""

    n_present: tuple[int, ...]  # people in view
    n_showing: dict[str, tuple[int, ...]]  # of them, showing each expression; "unknown" among them
    curves: dict[str, tuple[Share | None, ...]]  # None where fewer than LEAST_PEOPLE are in view
    peaks: dict[str, Peak]  # of expressions that anyone shows where the curve is drawn; not Neutral, Other, unknown

    @property
    def has_curve(self) -> bool:
        return any(n >= LEAST_PEOPLE for n in self.n_present)


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


def reaction_of(people: Sequence[Seconds], duration_s: float) -> Reaction:
    """Curves over the seconds of a video (or of several, laid over each other from their start)."""
    length = max([int(duration_s - 1e-6) + 1 if duration_s > 0 else 0, *(max(p, default=-1) + 1 for p in people)])
    counts = [Counter[str]() for _ in range(length)]
    for person in people:
        for second, label in person.items():
            counts[second][label] += 1
    present = tuple(sum(labels.values()) for labels in counts)
    curves = {
        name: tuple(
            share_of(name, labels[name], n) if n >= LEAST_PEOPLE else None
            for labels, n in zip(counts, present, strict=True)
        )
        for name in SHOWN
    }
    return Reaction(
        n_present=present,
        n_showing={name: tuple(labels[name] for labels in counts) for name in SHOWN},
        curves=curves,
        peaks={name: peak for name in ("Happy", "Surprised", "Sad", "Angry") if (peak := _peak(name, curves[name]))},
    )


def _peak(name: str, curve: Sequence[Share | None]) -> Peak | None:
    shares = [(share.value, -second, share) for second, share in enumerate(curve) if share and share.count]
    if not shares:
        return None
    _, second, share = max(shares, key=lambda each: each[:2])
    return Peak(name, -second, share)


def _rank(label: str) -> int:
    return EMOTIONS.index(label) if label in EMOTIONS else len(EMOTIONS)
