"""Putting together: what is said of tracks comes from what was read in their chunks, and memory stays small."""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import numpy as np
import pytest

from analysis.assembly import PORTRAITS, TRACK_PORTRAITS, conclude
from analysis.config import AnalysisConfig
from analysis.result_schema import schema_of
from analysis.serialize import from_json, to_json
from analysis.testing import Actor, Scene, walk
from analysis.types import EmotionEstimate, Images, StrengthsEstimate, TrackResult, VideoFacts

VIDEO = VideoFacts("scene.mp4", "0" * 64, 12.0, 1280, 720, 25.0)


def scene(**options: object) -> Scene:
    actors = [Actor(1, walk((300, 300), (10, 0)), age=20), Actor(2, walk((800, 300), (-10, 0)), age=60)]
    return replace(Scene(actors, 12), **options)  # type: ignore[arg-type]


def tracks_of(one: Scene, **options: object) -> tuple[TrackResult, ...]:
    _, tracks, _ = conclude(VIDEO, one.observe(), one.config, {}, **options)  # type: ignore[arg-type]
    return tracks


def test_portraits_that_are_handed_on_are_not_kept() -> None:
    kept: dict[int, Images] = {}
    held = tracks_of(scene())
    handed_on = tracks_of(scene(), keep_portraits=kept.__setitem__)
    assert [len(track.crops.images) for track in handed_on] == [0, 0]
    for track in held:
        np.testing.assert_array_equal(kept[track.track_id], track.crops.images)
        assert len(kept[track.track_id]) == TRACK_PORTRAITS
    assert [track.estimates for track in handed_on] == [track.estimates for track in held]


@pytest.mark.slow
def test_of_many_tracks_fewer_portraits_are_kept_but_one_of_each() -> None:
    cuts_s = tuple(0.6 * i for i in range(1, 400))
    short = scene(
        duration_s=240.0, cuts_s=cuts_s, actors=[Actor(n, walk((200 + 200 * n, 300), (0, 0))) for n in range(5)]
    )
    n_portraits = [len(track.crops.images) for track in tracks_of(short)]
    assert len(n_portraits) > PORTRAITS
    assert set(n_portraits) == {1}


def test_what_was_read_in_several_chunks_is_pooled() -> None:
    for chunk_s in (1e9, 4.0):
        assert [track.estimates.age.years for track in tracks_of(scene(chunk_s=chunk_s)) if track.estimates.age] == [
            20,
            60,
        ]


def test_an_attribute_that_was_switched_off_is_not_said() -> None:
    for track in tracks_of(scene(config=AnalysisConfig(attributes=("ethnicity",)))):
        assert track.estimates.age is None
        assert track.estimates.gender is None
        assert "ethnicity" in track.estimates.readings


def test_fault_79_nobody_is_in_view_for_longer_than_the_video() -> None:
    """The last sample stands for what is left of the video, not for a whole sample."""
    walker = Actor(1, walk((300, 300), (5, 0)), yaw_deg=lambda _: 0.0)
    result = Scene([walker], duration_s=4.05, cuts_s=(1.93,)).result()
    assert [track.in_view_s for track in result.tracks] == pytest.approx([1.93, 2.05])  # samples at 0 and at 2.0
    for track in result.tracks:
        assert track.in_view_s <= track.end_s - track.start_s + 1e-9
        assert track.estimates.attention_s is not None
        assert track.estimates.attention_s <= track.in_view_s
    (person,) = result.people
    assert person.in_view_s == pytest.approx(3.98)


def test_eyes_decide_whether_somebody_looks_while_gaze_is_on_and_the_samples_say_by_what() -> None:
    actor = Actor(1, walk((300, 300), (0, 0)), yaw_deg=lambda time_s: 0.0 if time_s < 2 else 18.0)
    by_head = Scene([actor], 4).result().tracks[0]
    config = AnalysisConfig(attributes=("attention", "gaze", "action_units"))
    by_eyes = Scene([actor], 4, config=config).result().tracks[0]
    assert by_head.estimates.attention_s == pytest.approx(4)
    assert by_eyes.estimates.attention_s == pytest.approx(2)
    assert set(by_eyes.samples.said["looking_by"]) == {"eyes"}
    assert "looking_by" not in by_head.samples.said
    shown = by_eyes.estimates.readings["gaze"]
    assert isinstance(shown, EmotionEstimate)
    assert (shown.shares["camera"], shown.shares["right"]) == (0.5, 0.5)
    strengths = by_eyes.estimates.readings["action_units"]
    assert isinstance(strengths, StrengthsEstimate)
    assert set(strengths.peak.values()) == {0.0}  # a face like its own neutral


def test_a_result_with_gaze_and_action_units_is_read_back_as_it_was_written() -> None:
    config = AnalysisConfig(attributes=("attention", "gaze", "action_units"))
    result = Scene([Actor(1, walk((300, 300), (0, 0)))], 2, config=config).result()
    written = to_json(result)
    jsonschema.validate(json.loads(written), schema_of(2))
    assert to_json(from_json(written)) == written
    assert json.loads(written)["version"] == 2
