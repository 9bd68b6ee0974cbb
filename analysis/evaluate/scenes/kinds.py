"""Scenes of one difficulty each, beside the mixed scenes of `analysis.evaluate.scenes.script`.

A kind is a function from a seed and a number to a script. `KINDS` names all of them; `evaluate_tracking` measures each
on its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from analysis.evaluate.scenes.script import FRAME_RATE, SIZE, Role, Script, ShotScript, Span

WriteKind = Callable[[int, int], Script]  # (seed, number) -> the scene

NEVER = (99.0, 1.0, 0.0)  # no turn, no blur


def write_replacement(seed: int, number: int) -> Script:
    """At one to three places somebody is gone at once, and somebody else is there: at once, or up to 0.8 s later."""
    rng = np.random.default_rng([seed, number, 2])
    n_places, length_s = number % 3 + 1, 8.0
    roles: list[Role] = []
    for place in range(n_places):
        x = (place + 0.5) * SIZE[0] / n_places + float(rng.uniform(-60, 60))
        y = SIZE[1] / 2 + float(rng.uniform(-80, 80))
        height = float(rng.uniform(70, 170))
        gone_s = _on_frame(float(rng.uniform(2.5, 4.5)))
        gap_s = 0.0 if rng.random() < 0.4 else _on_frame(float(rng.uniform(0.2, 0.8)))
        for present_s in ((0.0, gone_s), (gone_s + gap_s, length_s)):
            size = height * float(rng.uniform(0.92, 1.08))
            roles.append(_calm(rng, len(roles), (x, y), size, length_s, present_s=present_s))
    return Script(seed, number, len(roles), length_s, (_shot(rng, length_s, roles),))


KINDS: dict[str, WriteKind] = {
    "replacement": write_replacement,
}


def _on_frame(time_s: float) -> float:
    return round(time_s * FRAME_RATE) / FRAME_RATE


def _calm(
    rng: np.random.Generator,
    person: int,
    place: tuple[float, float],
    height_px: float,
    length_s: float,
    present_s: Span | None = None,
) -> Role:
    """Somebody who stays and merely sways."""
    sway = (float(rng.uniform(0.02, 0.1)), float(rng.uniform(2, 5)), float(rng.uniform(1.5, 4)))
    heights = (height_px, height_px)
    return Role(person, place, place, (0.0, length_s), heights, sway, NEVER, NEVER, present_s=present_s)


def _shot(rng: np.random.Generator, length_s: float, roles: list[Role], **more: Any) -> ShotScript:
    """The only shot of a scene."""
    return ShotScript(
        0.0,
        length_s,
        transition="cut",
        transition_s=0.0,
        background=int(rng.integers(1 << 16)),
        gains=tuple(rng.uniform(0.9, 1.1, 3).tolist()),
        gamma=float(rng.uniform(0.8, 1.25)),
        drift=(0.0, 0.0),
        roles=tuple(roles),
        **more,
    )
