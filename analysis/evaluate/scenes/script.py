"""What happens in a scene, drawn from a seed: shots, and in each who stands where, moves, turns, hides or leaves."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

Transition = Literal["cut", "dissolve", "fade"]
Span = tuple[float, float]

SIZE = (1280, 720)
FRAME_RATE = 15
LEAST_SHOT_S = 3.0
AWAY_S = 3.6  # who leaves stays away longer than tracks wait
WALK_OFF_S = 0.9
LARGEST_CAST = 12


@dataclass(frozen=True, slots=True)
class Pose:
    """One face at one moment: center and height of the face in px, its turn and its blur."""

    x: float
    y: float
    height_px: float
    yaw_deg: float
    roll_deg: float
    blur_px: float


@dataclass(frozen=True, slots=True)
class ScriptedFace:
    """What one person does in one shot; times are seconds from the start of the video."""

    person: int
    start: tuple[float, float]  # center, px
    end: tuple[float, float]
    move_s: Span  # from start to end
    heights_px: tuple[float, float]  # at the beginning and the end of the move
    sway: tuple[float, float, float]  # share of the height, periods in x and y in seconds
    turn: tuple[float, float, float]  # the moment, how long, degrees
    blur: tuple[float, float, float]  # from, to, px
    hidden_s: Span | None = None  # something stands before the face
    away_s: Span | None = None  # out of the picture
    present_s: Span | None = None  # in the picture only then: there at once, and gone at once

    def is_present(self, time_s: float) -> bool:
        """Whether the picture shows the person at all."""
        return self.present_s is None or self.present_s[0] - 1e-9 <= time_s < self.present_s[1] - 1e-9

    def at(self, time_s: float) -> Pose:
        """Where and how the face is."""
        share = _eased((time_s - self.move_s[0]) / (self.move_s[1] - self.move_s[0]))
        height = self.heights_px[0] + share * (self.heights_px[1] - self.heights_px[0])
        amount, period_x, period_y = self.sway
        x = self.start[0] + share * (self.end[0] - self.start[0])
        y = self.start[1] + share * (self.end[1] - self.start[1])
        x += amount * height * np.sin(2 * np.pi * time_s / period_x) + self._walked_off(time_s, x, height)
        y += 0.6 * amount * height * np.sin(2 * np.pi * time_s / period_y)
        moment, length, angle = self.turn
        yaw = angle * float(np.exp(-0.5 * ((time_s - moment) / (length / 2)) ** 2))
        blur = self.blur[2] if self.blur[0] <= time_s < self.blur[1] else 0.0
        roll = 8 * amount * float(np.sin(2 * np.pi * time_s / period_x + 1))
        return Pose(float(x), float(y), height, yaw, roll, blur)

    def _walked_off(self, time_s: float, x: float, height: float) -> float:
        """How far to the nearer side, past the border, the face has gone."""
        if self.away_s is None:
            return 0.0
        gone, back = self.away_s
        share = min(_eased((time_s - gone + WALK_OFF_S) / WALK_OFF_S), 1 - _eased((time_s - back) / WALK_OFF_S))
        return share * (-(x + 1.5 * height) if x < SIZE[0] / 2 else SIZE[0] - x + 1.5 * height)


@dataclass(frozen=True, slots=True)
class Inset:
    """A smaller picture in the picture, as of somebody who speaks beside slides."""

    box: tuple[int, int, int, int]  # left, top, right, bottom, px
    background: int
    present_s: Span


@dataclass(frozen=True, slots=True)
class Pan:
    """How the camera swings to one side and back, at its fastest halfway."""

    reach_px: float
    period_s: float

    def at(self, time_s: float) -> float:
        """How far to the right, px."""
        return self.reach_px * float(np.sin(2 * np.pi * time_s / self.period_s))


@dataclass(frozen=True, slots=True)
class ShotScript:
    """One shot: its time, how it begins, its light, and its roles."""

    start_s: float  # the middle of a transition
    end_s: float
    transition: Transition
    transition_s: float  # 0 for a cut
    background: int
    gains: tuple[float, float, float]  # of red, green and blue
    gamma: float
    drift: tuple[float, float]  # of the camera, px a second
    roles: tuple[ScriptedFace, ...]
    pan: Pan | None = None
    slide_seed: int | None = None  # the background is a page of text, drawn from this seed
    insets: tuple[Inset, ...] = ()


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What happens to one frame alone."""

    frame: int
    flash_levels: int = 0  # so much lighter
    jerk_px: int = 0  # the whole picture is so far to the right


@dataclass(frozen=True, slots=True)
class Script:
    """A scene; the same seed and number give the same scene."""

    seed: int
    number: int
    n_people: int
    duration_s: float
    shots: tuple[ShotScript, ...]
    disturbances: tuple[Disturbance, ...] = ()
    doubled_frames: tuple[int, ...] = ()  # that show again what the frame before showed


def write_script(seed: int, number: int) -> Script:
    """Scene `number` of a seed: 1 to 12 people in turn, 8 to 12 s, one to four shots."""
    rng = np.random.default_rng([seed, number])
    n_people = number % LARGEST_CAST + 1
    duration_s = float(rng.integers(8, 13))
    n_shots = int(rng.integers(1, min(4, int(duration_s / LEAST_SHOT_S)) + 1))
    spans = _spans(rng, duration_s, n_shots)
    casts = _casts(rng, n_people, n_shots)
    shots = tuple(_shot(rng, i, span, people) for i, (span, people) in enumerate(zip(spans, casts, strict=True)))
    return Script(seed, number, n_people, duration_s, shots)


def write_crowd(seed: int, n_people: int, duration_s: float) -> Script:
    """One shot in which everyone stays in view and merely sways: for measuring cost by the number of faces."""
    rng = np.random.default_rng([seed, n_people])
    shot = _shot(rng, 0, (0.0, duration_s), list(range(n_people)), is_calm=True)
    return Script(seed, 0, n_people, duration_s, (shot,))


def _spans(rng: np.random.Generator, duration_s: float, n: int) -> list[Span]:
    """`n` shots, none shorter than `LEAST_SHOT_S`; borders lie on frames."""
    free = duration_s - n * LEAST_SHOT_S
    lengths = LEAST_SHOT_S + free * rng.dirichlet(np.full(n, 3.0))
    borders = np.round(np.concatenate([[0], np.cumsum(lengths)]) * FRAME_RATE) / FRAME_RATE
    return [(float(a), float(b)) for a, b in itertools.pairwise(borders)]


def _casts(rng: np.random.Generator, n_people: int, n_shots: int) -> list[list[int]]:
    """Who is in each shot: everyone in one at least."""
    if n_shots == 1:
        return [list(range(n_people))]
    in_shot = rng.random((n_shots, n_people)) < 0.65
    for person in range(n_people):
        in_shot[rng.integers(n_shots), person] = True
    for shot in range(n_shots):
        in_shot[shot, rng.integers(n_people)] = True
    return [np.flatnonzero(row).tolist() for row in in_shot]


def _shot(rng: np.random.Generator, index: int, span: Span, people: list[int], *, is_calm: bool = False) -> ShotScript:
    kind: Transition = "cut"
    length = 0.0
    if index:
        kind = str(rng.choice(["cut", "cut", "cut", "dissolve", "fade"]))  # type: ignore[assignment]
        length = 0.0 if kind == "cut" else float(rng.integers(5, 11)) / 10
    roles = _placed(rng, span, people)
    if not is_calm:
        roles = _with_events(rng, span, roles)
    return ShotScript(
        *span,
        transition=kind,
        transition_s=length,
        background=int(rng.integers(1 << 16)),
        gains=tuple(rng.uniform(0.9, 1.1, 3).tolist()),
        gamma=float(rng.uniform(0.8, 1.25)),
        drift=tuple(rng.uniform(-12, 12, 2).tolist()),
        roles=tuple(roles),
    )


def _placed(rng: np.random.Generator, span: Span, people: list[int]) -> list[ScriptedFace]:
    """Everyone on a place of a grid, swaying."""
    n = len(people)
    n_rows = 1 if n <= 4 else 2
    n_columns = -(-n // n_rows)
    width, height = SIZE[0] / n_columns, SIZE[1] / n_rows
    largest = min(150.0, 0.5 * width, 0.38 * height)
    places = rng.permutation(n_rows * n_columns)[:n]
    roles = []
    for person, place in zip(people, places.tolist(), strict=True):
        size = float(rng.uniform(max(48.0, 0.6 * largest), largest))
        x = (place % n_columns + 0.5) * width + float(rng.uniform(-0.12, 0.12)) * width
        y = (place // n_columns + 0.5) * height + float(rng.uniform(-0.12, 0.12)) * height
        sway = (float(rng.uniform(0.03, 0.25)), float(rng.uniform(2, 5)), float(rng.uniform(1.5, 4)))
        never = (span[1] + 9, 1.0, 0.0)
        roles.append(ScriptedFace(person, (x, y), (x, y), span, (size, size), sway, never, never))
    return roles


def _with_events(rng: np.random.Generator, span: Span, roles: list[ScriptedFace]) -> list[ScriptedFace]:
    """Most do something: walk, swap places with another, come nearer, turn, hide, blur, leave and return."""
    length_s = span[1] - span[0]
    order = rng.permutation(len(roles)).tolist()
    done = dict(enumerate(roles))
    while order:
        i = order.pop()
        event = str(rng.choice(["swap", "walk", "near", "turn", "turn", "hide", "hide", "blur", "leave", "none"]))
        role = done[i]
        from_s = float(rng.uniform(span[0] + 0.5, span[0] + 0.5 + 0.3 * length_s))
        moved = (from_s, min(from_s + float(rng.uniform(1.6, 3.2)), span[1] - 0.2))
        if event == "swap" and order:
            j = order.pop()
            done[i] = replace(role, end=done[j].start, move_s=moved)
            done[j] = replace(done[j], end=role.start, move_s=moved)
        elif event == "walk":
            away = SIZE[0] * float(rng.uniform(0.15, 0.45)) * (1 if role.start[0] < SIZE[0] / 2 else -1)
            done[i] = replace(role, end=(role.start[0] + away, role.start[1]), move_s=moved)
        elif event == "near":
            grown = (role.heights_px[0], role.heights_px[0] * float(rng.uniform(1.3, 1.7)))
            done[i] = replace(role, heights_px=grown, move_s=moved)
        elif event == "turn":
            angle = float(rng.uniform(35, 65)) * float(rng.choice([-1, 1]))
            moment = float(rng.uniform(span[0] + 1, span[1] - 1))
            done[i] = replace(role, turn=(moment, float(rng.uniform(0.8, 2.0)), angle))
        elif event == "hide":
            hidden_s = float(rng.uniform(0.4, min(2.6, length_s - 2.4)))
            start_s = float(rng.uniform(span[0] + 1.2, span[1] - 1.2 - hidden_s))
            done[i] = replace(role, hidden_s=(start_s, start_s + hidden_s))
        elif event == "blur":
            done[i] = replace(role, blur=(from_s, from_s + float(rng.uniform(0.5, 2)), float(rng.uniform(1, 3))))
        elif event == "leave" and length_s >= AWAY_S + 2 * WALK_OFF_S + 2.4:
            last = length_s - AWAY_S - WALK_OFF_S - 1.2
            gone = span[0] + float(rng.uniform(1.2 + WALK_OFF_S, last))
            done[i] = replace(role, away_s=(gone, gone + AWAY_S))
    return [done[i] for i in range(len(roles))]


def _eased(share: float) -> float:
    share = min(max(share, 0.0), 1.0)
    return share * share * (3 - 2 * share)
