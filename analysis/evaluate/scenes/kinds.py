"""Scenes of one difficulty each, beside the mixed scenes of `analysis.evaluate.scenes.script`.

A kind is a function from a seed and a number to a script. `KINDS` names all of them; `evaluate_tracking` measures each
on its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from analysis.evaluate.scenes.script import (
    FRAME_RATE,
    SIZE,
    Disturbance,
    Inset,
    Pan,
    Script,
    ScriptedFace,
    ShotScript,
    Span,
)

WriteKind = Callable[[int, int], Script]  # (seed, number) -> the scene

NEVER = (99.0, 1.0, 0.0)  # no turn, no blur


def write_replacement(seed: int, number: int) -> Script:
    """At one to three places somebody is gone at once, and somebody else is there: at once, or up to 0.8 s later."""
    rng = np.random.default_rng([seed, number, 2])
    n_places, length_s = number % 3 + 1, 8.0
    roles: list[ScriptedFace] = []
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


def write_disturbed_cut(seed: int, number: int) -> Script:
    """Three shots of two people each, at the same places; the camera jerks or flashes one to three frames before each
    cut, and flashes in the middle of each shot."""
    rng = np.random.default_rng([seed, number, 3])
    script = _three_shots(rng, seed, number)
    disturbances: list[Disturbance] = []
    for shot in script.shots:
        middle = round((shot.start_s + shot.end_s) / 2 * FRAME_RATE)
        disturbances.append(Disturbance(middle, flash_levels=int(rng.integers(80, 200))))
        if shot.start_s:
            frame = round(shot.start_s * FRAME_RATE) - int(rng.integers(1, 4))
            flash = Disturbance(frame, flash_levels=int(rng.integers(80, 150)))
            jerk = Disturbance(frame, jerk_px=int(rng.integers(20, 120)) * int(rng.choice([-1, 1])))
            disturbances.append(flash if rng.random() < 0.5 else jerk)
    return replace(script, disturbances=tuple(disturbances))


def write_doubled(seed: int, number: int) -> Script:
    """The same shots from a camera that drifts; a fifth to a half of the frames are copies of the ones before."""
    rng = np.random.default_rng([seed, number, 4])
    script = _three_shots(rng, seed, number, drift_px_s=(40.0, 90.0))
    starts = {round(shot.start_s * FRAME_RATE) for shot in script.shots}
    every = int(rng.integers(2, 6))
    doubled = range(every, round(script.duration_s * FRAME_RATE), every)
    return replace(script, doubled_frames=tuple(frame for frame in doubled if frame not in starts))


def write_inset(seed: int, number: int) -> Script:
    """A slide with a speaker in one corner, or two of them in two; somebody else speaks from one moment to the next."""
    rng = np.random.default_rng([seed, number, 3])
    length_s = 9.0
    corners = rng.permutation(4)[: number % 2 + 1].tolist()
    roles: list[ScriptedFace] = []
    insets: list[Inset] = []
    for corner in corners:
        width = int(rng.integers(300, 560))
        height = width * 9 // 16
        left, top = (corner % 2) * (SIZE[0] - width), (corner // 2) * (SIZE[1] - height)
        face_px, background = height * float(rng.uniform(0.36, 0.5)), int(rng.integers(1 << 16))
        is_same_room = rng.random() < 0.5
        moments_s = [
            0.0,
            *(_on_frame(third * length_s / 3 + float(rng.uniform(-0.8, 0.8))) for third in (1, 2)),
            length_s,
        ]
        for present_s in pairwise(moments_s):
            place = (left + width * float(rng.uniform(0.46, 0.54)), top + height * float(rng.uniform(0.5, 0.56)))
            roles.append(_calm(rng, len(roles), place, face_px, length_s, present_s))
            ground = background if is_same_room else background + len(roles)
            insets.append(Inset((left, top, left + width, top + height), ground, present_s))
    shot = _shot(rng, length_s, roles, slide_seed=int(rng.integers(1 << 16)), insets=tuple(insets))
    return Script(seed, number, len(roles), length_s, (shot,))


def write_pan(seed: int, number: int) -> Script:
    """Six to eleven small faces side by side, before a camera that swings by as much as their distance in a sample."""
    rng = np.random.default_rng([seed, number, 4])
    length_s, n_people = 8.0, 6 + number % 6
    spacing = SIZE[0] / 6
    first = SIZE[0] / 2 - spacing * (n_people - 1) / 2
    roles = []
    for person in range(n_people):
        place = (first + spacing * person, SIZE[1] / 2 + float(rng.uniform(-120, 120)))
        roles.append(_calm(rng, person, place, float(rng.uniform(44, 58)), length_s))
    # the fastest moves at 2 pi reach / period px a second
    period_s = float(rng.uniform(3.5, 5.5))
    pan = Pan(float(rng.uniform(0.5, 1.0)) * spacing * 5 * period_s / (2 * np.pi), period_s)
    return Script(seed, number, n_people, length_s, (_shot(rng, length_s, roles, pan=pan),))


KINDS: dict[str, WriteKind] = {
    "replacement": write_replacement,
    "disturbed_cut": write_disturbed_cut,
    "doubled": write_doubled,
    "inset": write_inset,
    "pan": write_pan,
}


def _three_shots(
    rng: np.random.Generator, seed: int, number: int, drift_px_s: tuple[float, float] = (0.0, 0.0)
) -> Script:
    """Two of four people in each shot, where the two of the shot before were; the first two come back."""
    borders = [0.0, _on_frame(float(rng.uniform(2.8, 3.4))), _on_frame(float(rng.uniform(5.8, 6.4))), 9.0]
    shots = []
    for (start_s, end_s), people in zip(pairwise(borders), ((0, 1), (2, 3), (1, 0)), strict=True):
        roles = [
            _calm(rng, person, ((place + 0.5) * SIZE[0] / 2, SIZE[1] / 2), float(rng.uniform(90, 170)), end_s)
            for place, person in enumerate(people)
        ]
        drift = (float(rng.uniform(*drift_px_s)) * float(rng.choice([-1, 1])), 0.0)
        shots.append(replace(_shot(rng, end_s, roles), start_s=start_s, drift=drift))
    return Script(seed, number, 4, borders[-1], tuple(shots))


def _on_frame(time_s: float) -> float:
    return round(time_s * FRAME_RATE) / FRAME_RATE


def _calm(
    rng: np.random.Generator,
    person: int,
    place: tuple[float, float],
    height_px: float,
    length_s: float,
    present_s: Span | None = None,
) -> ScriptedFace:
    """Somebody who stays and merely sways."""
    sway = (float(rng.uniform(0.02, 0.1)), float(rng.uniform(2, 5)), float(rng.uniform(1.5, 4)))
    heights = (height_px, height_px)
    return ScriptedFace(person, place, place, (0.0, length_s), heights, sway, NEVER, NEVER, present_s=present_s)


def _shot(rng: np.random.Generator, length_s: float, roles: list[ScriptedFace], **more: Any) -> ShotScript:
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
