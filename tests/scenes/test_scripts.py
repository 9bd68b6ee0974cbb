"""Scenes come from a seed alone, and everybody in them is to be seen."""

from __future__ import annotations

import pytest

from analysis.evaluate.scenes.kinds import (
    KINDS,
    write_disturbed_cut,
    write_doubled,
    write_inset,
    write_pan,
    write_replacement,
)
from analysis.evaluate.scenes.script import FRAME_RATE, LEAST_SHOT_S, SIZE, write_crowd, write_script

SCENES = [write_script(2, number) for number in range(24)]


def test_the_same_seed_and_number_are_the_same_scene() -> None:
    assert write_script(2, 5) == write_script(2, 5)
    assert write_script(2, 5) != write_script(3, 5)


def test_scenes_show_one_to_twelve_people() -> None:
    assert {script.n_people for script in SCENES} == set(range(1, 13))


@pytest.mark.parametrize("script", SCENES, ids=lambda script: str(script.number))
def test_everyone_is_in_a_shot_and_shots_follow_one_another(script) -> None:
    assert {role.person for shot in script.shots for role in shot.roles} == set(range(script.n_people))
    ends = [0.0, *(shot.end_s for shot in script.shots)]
    assert [shot.start_s for shot in script.shots] == ends[:-1]
    assert ends[-1] == script.duration_s
    assert all(shot.end_s - shot.start_s >= LEAST_SHOT_S - 0.1 for shot in script.shots)


def test_all_that_can_happen_happens() -> None:
    roles = [role for script in SCENES for shot in script.shots for role in shot.roles]
    assert any(role.hidden_s for role in roles)
    assert any(role.away_s for role in roles)
    assert any(role.turn[2] for role in roles)
    assert any(role.blur[2] for role in roles)
    assert any(role.start != role.end for role in roles)
    assert any(role.heights_px[0] != role.heights_px[1] for role in roles)
    kinds = {shot.transition for script in SCENES for shot in script.shots[1:]}
    assert kinds == {"cut", "dissolve", "fade"}


def test_who_is_away_is_out_of_the_picture_and_comes_back() -> None:
    role = next(role for script in SCENES for shot in script.shots for role in shot.roles if role.away_s)
    assert role.away_s is not None
    gone, back = role.away_s
    away, before, after = role.at((gone + back) / 2), role.at(gone - 1), role.at(back + 1)
    assert away.x < -away.height_px or away.x > SIZE[0] + away.height_px
    assert 0 < before.x < SIZE[0]
    assert 0 < after.x < SIZE[0]


def test_a_crowd_stays_in_view() -> None:
    script = write_crowd(2, 12, 60.0)
    [shot] = script.shots
    for role in shot.roles:
        for time_s in range(60):
            pose = role.at(time_s)
            assert 0 < pose.x < SIZE[0]
            assert 0 < pose.y < SIZE[1]


@pytest.mark.parametrize("kind", KINDS)
def test_a_scene_of_a_kind_comes_from_its_seed_and_shows_everyone(kind: str) -> None:
    for number in range(6):
        script = KINDS[kind](2, number)
        assert script == KINDS[kind](2, number) != KINDS[kind](3, number)
        assert {role.person for shot in script.shots for role in shot.roles} == set(range(script.n_people))
        assert script.shots[-1].end_s == script.duration_s


def test_in_a_replacement_nobody_is_in_view_with_the_one_before_at_the_same_place() -> None:
    gaps_s = []
    for number in range(12):
        [shot] = write_replacement(2, number).shots
        for before, after in zip(shot.roles[::2], shot.roles[1::2], strict=True):
            assert before.start == after.start
            assert before.present_s is not None
            assert after.present_s is not None
            gaps_s.append(after.present_s[0] - before.present_s[1])
    assert min(gaps_s) == 0
    assert 0.6 < max(gaps_s) < 0.85


def test_before_each_disturbed_cut_one_frame_jerks_or_flashes() -> None:
    kinds = set()
    for number in range(12):
        script = write_disturbed_cut(2, number)
        for shot in script.shots[1:]:
            cut = round(shot.start_s * FRAME_RATE)
            [before] = [each for each in script.disturbances if cut - 3 <= each.frame < cut]
            assert bool(before.flash_levels) != bool(before.jerk_px)
            kinds.add(bool(before.jerk_px))
    assert kinds == {True, False}


def test_doubled_frames_are_never_the_first_of_a_shot() -> None:
    for number in range(12):
        script = write_doubled(2, number)
        assert len(script.doubled_frames) >= script.duration_s * FRAME_RATE / 5 - 4
        assert not {round(shot.start_s * FRAME_RATE) for shot in script.shots} & set(script.doubled_frames)


def test_somebody_else_speaks_in_an_inset_from_one_frame_to_the_next() -> None:
    [shot] = write_inset(2, 0).shots
    assert [role.present_s for role in shot.roles] == [inset.present_s for inset in shot.insets]
    ends_s = [role.present_s[1] for role in shot.roles if role.present_s]
    assert ends_s == sorted(set(ends_s))
    for role, inset in zip(shot.roles, shot.insets, strict=True):
        left, top, right, bottom = inset.box
        assert left < role.start[0] < right
        assert top < role.start[1] < bottom


def test_a_pan_moves_faces_by_up_to_their_distance_in_a_sample() -> None:
    for number in range(6):
        [shot] = write_pan(2, number).shots
        assert shot.pan is not None
        a_sample = max(abs(shot.pan.at(t / 5 + 0.2) - shot.pan.at(t / 5)) for t in range(40))
        assert SIZE[0] / 6 * 0.4 < a_sample < SIZE[0] / 6
        assert all(role.heights_px[0] < 60 for role in shot.roles)
