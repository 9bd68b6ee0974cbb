"""One event each, through the whole engine: the id holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analysis.config import AnalysisConfig
from analysis.evaluate.scenes.cast import Casting
from analysis.evaluate.scenes.render import render
from analysis.evaluate.scenes.script import Script, ScriptedFace, ShotScript
from analysis.pipeline import analyze
from analysis.runtime import choose_device
from analysis.types import VideoResult

pytestmark = pytest.mark.slow

NEVER = (99.0, 1.0, 0.0)
LENGTH_S = 7.0
LEFT, RIGHT = (380.0, 340.0), (860.0, 370.0)


@pytest.fixture(scope="module")
def casting(data_dir: Path) -> Casting:
    return Casting(data_dir, choose_device("cpu"))


def role(person: int, place: tuple[float, float], **changes: Any) -> ScriptedFace:
    calm = ScriptedFace(person, place, place, (0.0, LENGTH_S), (110.0, 110.0), (0.05, 3.0, 2.0), NEVER, NEVER)
    return replace(calm, **changes)


def shot(*roles: ScriptedFace) -> ShotScript:
    return ShotScript(0.0, LENGTH_S, "cut", 0.0, 0, (1.0, 1.0, 1.0), 1.0, (0.0, 0.0), roles)


def analyzed(casting: Casting, folder: Path, *roles: ScriptedFace) -> VideoResult:
    script = Script(1, 3, len(roles), LENGTH_S, (shot(*roles),))
    render(script, casting.choose(1, 3, len(roles)), casting.backgrounds, folder / "scene.mp4")
    return analyze(folder / "scene.mp4", AnalysisConfig(attributes=()), "cpu")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"turn": (3.0, 1.5, 65.0)}, id="turns away"),
        pytest.param({"hidden_s": (2.0, 3.0)}, id="hidden for a second"),
        pytest.param({"hidden_s": (2.0, 4.5)}, id="hidden for two and a half"),
        pytest.param({"hidden_s": (2.0, 3.0), "end": (700.0, 340.0)}, id="hidden while walking"),
        pytest.param({"blur": (2.0, 3.0, 3.0)}, id="out of focus"),
        pytest.param({"heights_px": (70.0, 140.0)}, id="comes near"),
    ],
)
def test_one_face_is_one_track(casting: Casting, tmp_path: Path, changes: dict[str, Any]) -> None:
    result = analyzed(casting, tmp_path, role(0, LEFT, **changes))
    [track] = result.tracks
    assert track.start_s == 0.0
    assert track.end_s == pytest.approx(LENGTH_S, abs=0.21)


def test_two_who_cross_keep_their_tracks(casting: Casting, tmp_path: Path) -> None:
    left = role(0, LEFT, end=RIGHT, move_s=(2.0, 4.5), heights_px=(120.0, 120.0))
    right = role(1, RIGHT, end=LEFT, move_s=(2.0, 4.5), heights_px=(100.0, 100.0))
    result = analyzed(casting, tmp_path, left, right)
    assert len(result.tracks) == 2
    starts = [track.samples.box[0, 0] < 0.5 for track in result.tracks]
    ends = [track.samples.box[-1, 0] < 0.5 for track in result.tracks]
    assert sorted(starts) == [False, True]
    assert ends == [not is_left for is_left in starts]
