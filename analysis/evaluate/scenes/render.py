"""Draws a script: an H.264 file, and the truth about every face in every frame."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.evaluate.scenes.cast import CastMember, Photo
from analysis.evaluate.scenes.script import FRAME_RATE, SIZE, Disturbance, Inset, Pose, Script, ScriptedFace, ShotScript
from analysis.types import Floats, Image, Integers
from analysis.video.encoder import Mp4Writer

CLEAR_SHARE = 0.7  # of a face that must be seen before the detector must find it
CLEAR_YAW_DEG = 50.0
CLEAR_BLUR = 0.03  # of the face's height
FOCAL = 4.0  # distance of the camera in heights of the face
MAP_STEP = 4  # px of the picture for one of the map that says who is seen where
NOBODY, SOMETHING = -1, -2
QUALITY = 24  # x264's constant rate factor


@dataclass(frozen=True, slots=True)
class Truth:
    """All faces of all frames, as columns of length n."""

    frame: Integers
    person: Integers
    shot: Integers
    boxes: Floats  # [n, 4] xyxy, px
    visible: Floats  # share of the face, 0-1
    is_clear: NDArray[np.bool_]  # must be found; the others may be
    shot_starts_s: tuple[float, ...]  # the middle of each transition
    transitions_s: tuple[float, ...]  # how long each takes; 0: a cut

    def at(self, time_s: float) -> NDArray[np.bool_]:
        """[n]: the rows of the frame that is on display."""
        rows: NDArray[np.bool_] = self.frame == int(time_s * FRAME_RATE + 1e-6)
        return rows


class _RenderedFace(NamedTuple):
    """One face of one frame."""

    person: int
    box: Floats
    visible: float
    is_clear: bool


def render(script: Script, cast: Sequence[CastMember], backgrounds: Sequence[Image], out: Path) -> Truth:
    """Write the scene to a file.

    Args:
        cast: of `script.n_people` individuals.
        backgrounds: pictures larger than the frame.
    """
    stages = [_Stage(shot, i, cast, backgrounds) for i, shot in enumerate(script.shots)]
    rows: list[tuple[int, int, _RenderedFace]] = []
    with Mp4Writer(out, *SIZE, FRAME_RATE, quality=QUALITY, preset="superfast") as writer:
        for frame in range(round(script.duration_s * FRAME_RATE)):
            shown = frame - 1 if frame in script.doubled_frames else frame
            picture, seen = _draw(stages, shown / FRAME_RATE)
            for disturbance in script.disturbances:
                if disturbance.frame == frame:
                    picture, seen = _disturbed(picture, seen, disturbance)
            writer.write(picture, frame / FRAME_RATE)
            rows += [(frame, shot, face) for shot, face in seen]
    faces = [face for _, _, face in rows]
    return Truth(
        frame=np.array([frame for frame, _, _ in rows], np.int64),
        person=np.array([face.person for face in faces], np.int64),
        shot=np.array([shot for _, shot, _ in rows], np.int64),
        boxes=np.stack([face.box for face in faces]).astype(np.float32),
        visible=np.array([face.visible for face in faces], np.float32),
        is_clear=np.array([face.is_clear for face in faces], np.bool_),
        shot_starts_s=tuple(shot.start_s for shot in script.shots[1:]),
        transitions_s=tuple(shot.transition_s for shot in script.shots[1:]),
    )


def _draw(stages: list[_Stage], time_s: float) -> tuple[Image, list[tuple[int, _RenderedFace]]]:
    """The picture, and (shot, face) of everyone in it; in a transition nobody is clear."""
    for before, after in itertools.pairwise(stages):
        half = after.shot.transition_s / 2
        if half and abs(time_s - after.shot.start_s) < half:
            share = (time_s - after.shot.start_s + half) / (2 * half)
            (first, gone), (second, come) = before.draw(time_s), after.draw(time_s)
            seen = [(before.index, face._replace(is_clear=False)) for face in gone]
            seen += [(after.index, face._replace(is_clear=False)) for face in come]
            if after.shot.transition == "fade":
                picture, light = (first, 1 - 2 * share) if share < 0.5 else (second, 2 * share - 1)
                return cv2.convertScaleAbs(picture, alpha=light).astype(np.uint8, copy=False), seen
            return cv2.addWeighted(first, 1 - share, second, share, 0).astype(np.uint8, copy=False), seen
    stage = next(stage for stage in reversed(stages) if stage.shot.start_s <= time_s + 1e-9)
    picture, faces = stage.draw(time_s)
    return picture, [(stage.index, face) for face in faces]


def _disturbed(
    picture: Image, seen: list[tuple[int, _RenderedFace]], disturbance: Disturbance
) -> tuple[Image, list[tuple[int, _RenderedFace]]]:
    """The frame lighter, or moved as a whole; nobody need be found in it."""
    moved = np.roll(picture, disturbance.jerk_px, axis=1)
    lit = np.clip(moved.astype(np.int16) + disturbance.flash_levels, 0, 255).astype(np.uint8)
    shift = np.array([disturbance.jerk_px, 0, disturbance.jerk_px, 0], np.float32)
    return lit, [(shot, face._replace(box=face.box + shift, is_clear=False)) for shot, face in seen]


class _Stage:
    """One shot, ready to be drawn at any time."""

    def __init__(self, shot: ShotScript, index: int, cast: Sequence[CastMember], backgrounds: Sequence[Image]) -> None:
        self.shot = shot
        self.index = index
        # another photo of the same person in every shot: a cut is another day
        self._photos = {
            role.person: _lit(cast[role.person].photos[index % len(cast[role.person].photos)], shot)
            for role in shot.roles
        }
        ground = backgrounds[shot.background % len(backgrounds)] if shot.slide_seed is None else _slide(shot.slide_seed)
        if shot.pan is not None:
            room = int(shot.pan.reach_px) + 1
            ground = np.pad(ground, ((0, 0), (room, room), (0, 0)), mode="reflect")
        self._background = _under(shot, ground)
        self._insets = [(one, _filled(one, backgrounds)) for one in shot.insets]

    def draw(self, time_s: float) -> tuple[Image, list[_RenderedFace]]:
        """The picture and the faces in it, the farthest first."""
        picture = self._behind(time_s)
        panned_px = 0.0 if self.shot.pan is None else self.shot.pan.at(time_s)
        for inset, inside in self._insets:
            if inset.present_s[0] - 1e-9 <= time_s < inset.present_s[1] - 1e-9:
                left, top, right, bottom = inset.box
                picture[top:bottom, left:right] = inside
        owner = np.full((SIZE[1] // MAP_STEP, SIZE[0] // MAP_STEP), NOBODY, np.int8)
        placed = []
        poses = [(role, _panned(role.at(time_s), panned_px)) for role in self.shot.roles if role.is_present(time_s)]
        for role, pose in sorted(poses, key=lambda one: (one[1].height_px, one[0].person)):
            photo = self._photos[role.person]
            transform = _onto_frame(photo, pose)
            _paste(picture, owner, photo.image, photo.alpha, transform, pose.blur_px, role.person)
            placed.append((role, pose, cv2.perspectiveTransform(_corners(photo.box)[None], transform)[0]))
            if role.hidden_s is not None and role.hidden_s[0] <= time_s < role.hidden_s[1]:
                self._hide(picture, owner, role, pose, time_s)
        faces = (_seen(role, pose, corners, owner) for role, pose, corners in placed)
        return picture, [face for face in faces if face is not None]

    def _behind(self, time_s: float) -> Image:
        room_x, room_y = self._background.shape[1] - SIZE[0], self._background.shape[0] - SIZE[1]
        x, y = (int(gone * (time_s - self.shot.start_s)) for gone in self.shot.drift)
        x += 0 if self.shot.pan is None else round(self.shot.pan.at(time_s))
        left, top = int(np.clip(room_x // 2 + x, 0, room_x)), int(np.clip(room_y // 2 + y, 0, room_y))
        return self._background[top : top + SIZE[1], left : left + SIZE[0]].copy()

    def _hide(self, picture: Image, owner: NDArray[np.int8], role: ScriptedFace, pose: Pose, time_s: float) -> None:
        """Something plain before the face, that has come from a side and goes there again."""
        assert role.hidden_s is not None
        ramp = min(time_s - role.hidden_s[0], role.hidden_s[1] - time_s) / 0.2
        width, height = 1.5 * pose.height_px, 1.7 * pose.height_px
        left = int(pose.x - width / 2 + max(0.0, 1 - ramp) * width)
        top = int(pose.y - height / 2)
        rows = slice(max(top, 0), max(top + int(height), 0))
        columns = slice(max(left, 0), max(left + int(width), 0))
        texture = self._background[rows, columns][::-1]
        part = picture[rows, columns]
        part[:] = texture[: part.shape[0], : part.shape[1]] // 2 + 40
        owner[rows.start // MAP_STEP : rows.stop // MAP_STEP, columns.start // MAP_STEP : columns.stop // MAP_STEP] = (
            SOMETHING
        )


def _panned(pose: Pose, panned_px: float) -> Pose:
    return replace(pose, x=pose.x - panned_px)


def _slide(seed: int) -> Image:
    """A light page with lines of text."""
    rng = np.random.default_rng(seed)
    page = np.full((SIZE[1], SIZE[0], 3), 245, np.uint8)
    for line in range(9):
        text = " ".join("".join(chr(97 + i) for i in rng.integers(0, 26, rng.integers(3, 9))) for _ in range(6))
        cv2.putText(page, text, (50, 90 + 70 * line), cv2.FONT_HERSHEY_SIMPLEX, 1.1, (40, 40, 40), 2, cv2.LINE_AA)
    return page


def _filled(inset: Inset, backgrounds: Sequence[Image]) -> Image:
    """The background of an inset, in its size."""
    left, top, right, bottom = inset.box
    ground = backgrounds[inset.background % len(backgrounds)]
    return np.asarray(cv2.resize(ground, (right - left, bottom - top), interpolation=cv2.INTER_AREA), np.uint8)


def _lit(photo: Photo, shot: ShotScript) -> Photo:
    return replace(photo, image=_under(shot, photo.image))


def _under(shot: ShotScript, image: Image) -> Image:
    """The picture in the shot's light."""
    levels = (np.arange(256) / 255) ** shot.gamma * 255
    light = np.clip(levels[:, None] * np.array(shot.gains), 0, 255).astype(np.uint8)[None]
    return np.asarray(cv2.LUT(image, light), np.uint8)


def _seen(role: ScriptedFace, pose: Pose, corners: Floats, owner: NDArray[np.int8]) -> _RenderedFace | None:
    """The face as far as it can be seen; None when it is out of the picture."""
    box = np.concatenate([corners.min(axis=0), corners.max(axis=0)]).astype(np.float32)
    left, top, right, bottom = (round(float(value) / MAP_STEP) for value in box)
    area = max(1, (right - left) * (bottom - top))
    part = owner[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
    visible = min(1.0, float((part == role.person).sum()) / area)
    if not part.size:
        return None
    is_sharp = pose.blur_px <= CLEAR_BLUR * pose.height_px
    is_clear = visible >= CLEAR_SHARE and abs(pose.yaw_deg) <= CLEAR_YAW_DEG and is_sharp
    return _RenderedFace(role.person, box, visible, is_clear)


def _onto_frame(photo: Photo, pose: Pose) -> Floats:
    """[3, 3]: from the photo to the frame, the photo turned in space about the face's middle."""
    source = _corners(np.array([0, 0, photo.image.shape[1], photo.image.shape[0]], np.float32))
    height = float(photo.box[3] - photo.box[1])
    center = (photo.box[:2] + photo.box[2:]) / 2
    flat = (source - center) / height
    yaw, roll = np.radians(pose.yaw_deg), np.radians(pose.roll_deg)
    nearness = FOCAL / (FOCAL + flat[:, 0] * np.sin(yaw))
    turned = np.stack([flat[:, 0] * np.cos(yaw), flat[:, 1]], axis=1) * nearness[:, None]
    rolled = turned @ np.array([[np.cos(roll), np.sin(roll)], [-np.sin(roll), np.cos(roll)]])
    target = rolled * pose.height_px + np.array([pose.x, pose.y])
    return np.asarray(cv2.getPerspectiveTransform(source, target.astype(np.float32)), np.float32)


def _corners(box: Floats) -> Floats:
    left, top, right, bottom = (float(value) for value in box)
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


def _paste(
    picture: Image,
    owner: NDArray[np.int8],
    image: Image,
    alpha: NDArray[np.uint8],
    transform: Floats,
    blur_px: float,
    person: int,
) -> None:
    """Lay the photo over the picture, and note whose pixels these are now."""
    corners = cv2.perspectiveTransform(_corners(np.array([0, 0, image.shape[1], image.shape[0]]))[None], transform)[0]
    left, top = (max(0, int(value) // MAP_STEP * MAP_STEP) for value in corners.min(axis=0))
    right, bottom = (min(limit, int(value) + 1) for value, limit in zip(corners.max(axis=0), SIZE, strict=True))
    if right - left < 2 * MAP_STEP or bottom - top < 2 * MAP_STEP:
        return
    shift = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1]], np.float32)
    size = (right - left, bottom - top)
    shown = cv2.warpPerspective(image, shift @ transform, size, flags=cv2.INTER_LINEAR)
    opaque = cv2.warpPerspective(alpha, shift @ transform, size, flags=cv2.INTER_LINEAR)
    if blur_px:
        shown, opaque = cv2.GaussianBlur(shown, (0, 0), blur_px), cv2.GaussianBlur(opaque, (0, 0), blur_px)
    part = picture[top:bottom, left:right]
    share = opaque[:, :, None].astype(np.float32) / 255
    part[:] = (part + (shown.astype(np.float32) - part) * share).astype(np.uint8)
    mine = opaque[::MAP_STEP, ::MAP_STEP] > 127
    where = owner[top // MAP_STEP :, left // MAP_STEP :][: mine.shape[0], : mine.shape[1]]
    where[mine[: where.shape[0], : where.shape[1]]] = person
