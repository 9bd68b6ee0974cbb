"""Facial action units (Ekman, Friesen & Hager 2002), as far as a face's motion tells them: strengths against the same
person's own neutral face.

The coefficients of expression vary between people who do nothing, so that only their change counts. Cheek raiser (6)
and nose wrinkler (9) have no coefficient that answers; they are read from a smile with narrowed eyes, and from
distances between points. A unit's strength is its change in steps: one step is half the spread of that change over
3,500 training faces, so that the same number is about as rare in each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.types import Floats, StrengthsEstimate
from models.face_measures import MEASURES, USUAL

MOST = 5.0
PEAK_PERCENTILE = 95.0
PRESENT = 1.0  # strength from which on a unit counts as seen
NEUTRAL_PERCENTILE = 20.0  # of a person's samples: most of what a face does raises its measures
USUAL_SAMPLES = 5.0  # the face of everybody counts as much as so many samples of one's own


_COLUMN = {name: k for k, name in enumerate(MEASURES)}
Change = Callable[[str], Floats]  # of a measure against neutral [n]


def _smile_with_eyes(change: Change) -> Floats:
    both: Floats = np.sqrt(np.maximum(change("smile"), 0) * np.maximum(change("squint"), 0))
    return both


def _chin_up(change: Change) -> Floats:
    """The lower lip is pushed up by the chin, which counts only while the jaw is shut."""
    pushed: Floats = change("shrug") + 5 * np.where(change("jaw") < 0.1, np.maximum(change("chin"), 0), 0)
    return pushed


@dataclass(frozen=True, slots=True)
class Unit:
    """One action unit."""

    number: int
    name: str
    change: Callable[[Change], Floats]
    step: float  # of one strength
    is_weak: bool = False  # told badly: to be shown with a mark


def _of(measure: str) -> Callable[[Change], Floats]:
    return lambda change: change(measure)


UNITS = (
    Unit(1, "Inner brow raiser", _of("inner_brow"), 0.118),
    Unit(2, "Outer brow raiser", _of("outer_brow"), 0.089),
    Unit(4, "Brow lowerer", _of("brow_down"), 0.100),
    Unit(5, "Upper lid raiser", _of("eye_wide"), 0.022),
    Unit(6, "Cheek raiser", _smile_with_eyes, 0.077),
    Unit(7, "Lid tightener", _of("squint"), 0.093, is_weak=True),
    Unit(9, "Nose wrinkler", _of("nose_short"), 0.073),
    Unit(12, "Lip corner puller", _of("smile"), 0.169),
    Unit(15, "Lip corner depressor", _of("corners_low"), 0.024, is_weak=True),
    Unit(17, "Chin raiser", _chin_up, 0.182, is_weak=True),
    Unit(20, "Lip stretcher", _of("stretch"), 0.045, is_weak=True),
    Unit(25, "Lips part", _of("lips"), 0.048),
    Unit(26, "Jaw drop", _of("jaw"), 0.062),
    Unit(45, "Blink", _of("blink"), 0.091),
)
NUMBERS = tuple(str(unit.number) for unit in UNITS)


def neutral_of(measured: Floats) -> Floats:
    """A person's neutral face [m] from the measures of all their samples [n, m], n may be 0."""
    if not len(measured):
        return USUAL
    own = np.percentile(measured, NEUTRAL_PERCENTILE, axis=0)
    share = len(measured) / (len(measured) + USUAL_SAMPLES)
    return (share * own + (1 - share) * USUAL).astype(np.float32)


def strengths(measured: Floats, neutral: Floats) -> Floats:
    """Strengths [n, 14] of `UNITS`, 0-5, of measures [n, m] against a neutral face [m] or [n, m]."""
    changes = measured - neutral

    def change(measure: str) -> Floats:
        column: Floats = changes[:, _COLUMN[measure]]
        return column

    told = np.stack([unit.change(change) / unit.step for unit in UNITS], axis=1)
    return np.clip(told, 0, MOST).astype(np.float32)


def summarize(names: Sequence[str], told: Floats) -> StrengthsEstimate:
    """Mean and peak of strengths [n, k], n may be 0."""
    if not len(told):
        return StrengthsEstimate(dict.fromkeys(names, 0.0), dict.fromkeys(names, 0.0))
    mean, peak = told.mean(axis=0), np.percentile(told, PEAK_PERCENTILE, axis=0)
    return StrengthsEstimate(
        {name: float(value) for name, value in zip(names, mean, strict=True)},
        {name: float(value) for name, value in zip(names, peak, strict=True)},
    )
