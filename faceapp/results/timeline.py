"""The lanes of a run: when each person is in view, shows what, looks, and where their face is in the picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from analysis.builtin_attributes import EMOTION
from analysis.config import AnalysisConfig
from faceapp.results.people import PersonView, people_of
from faceapp.results.shown import lanes_of
from faceapp.results.spells import Spell, emotion_spells, looking_spells
from faceapp.runs.models import Run


def timeline_of(run: Run) -> dict[str, Any]:
    """Compact JSON for the lanes, corrections applied; six queries, and no sample is read, however many there are.

    ``{"video": {"duration_s", "width", "height"}, "sample_rate", "shots": [[start_s, end_s], …],
    "expressions": {"shown": [label, …], "stored": [label, …]},
    "people": [{"person_id", "name", "is_static", "in_view_s", "portrait": [track_id, n] | null, "tracks":
    [{"track_id", "start_s", "end_s", "emotions": [[label, start_s, end_s], …], "shares": [[…], …],
    "looking": [[start_s, end_s], …]}, …]}, …]}``

    `emotions` and `looking` are missing where the attribute is switched off. `looking` holds only spells that are long
    enough to count, so that they add up to the attention time.
    """
    lanes = lanes_of(run)
    video = run.video
    return {
        "video": {"duration_s": video.duration_s, "width": video.width_px, "height": video.height_px},
        "sample_rate": float(run.config["sample_rate"]),
        "shots": run.shots,
        "expressions": {"shown": EMOTION.shown_answers, "stored": EMOTION.label_keys},  # orders: of charts, of `shares`
        "people": [_person(person, lanes) for person in people_of(run)],
    }


def boxes_of(run: Run, from_s: float, to_s: float) -> dict[str, Any]:
    """Where faces are in the picture from one time to another, as JSON for the overlay; one query.

    ``{"from_s", "to_s", "tracks": {track_id: {"sample": [k, …], "box": [x, y, width, height, x, …]}, …}}``

    Boxes are fractions of the upright frame, four numbers a sample; sample k is at k ÷ sample_rate seconds and stands
    for 1 ÷ sample_rate. The sample before and the one after the range are there as well, to move between them.
    """
    rate = float(run.config["sample_rate"])
    shown = run.tracks.filter(start_s__lt=to_s, end_s__gt=from_s).values_list(
        "track_id", "timeline__samples__time_s", "timeline__samples__box"
    )
    tracks = {}
    for track_id, sampled_s, sampled_box in shown.iterator(chunk_size=50):
        times_s = np.asarray(sampled_s, float)
        first, end = np.searchsorted(times_s, [from_s, to_s])
        part = slice(max(0, first - 1), end + 1)
        tracks[track_id] = {
            "sample": (times_s[part] * rate).round().astype(int).tolist(),
            "box": [number for box in sampled_box[part] for number in box],
        }
    return {"from_s": from_s, "to_s": to_s, "tracks": tracks}


def lane_of(samples: Mapping[str, Any], end_s: float, config: AnalysisConfig) -> dict[str, Any]:
    """What the lane of a track is drawn from: spells of its expressions, with their mean distributions, and of looking.

    Args:
        samples: the track's columns of docs/result-format.md.
        end_s: when the track ends.
        config: the run's.
    """
    lane: dict[str, Any] = {}
    if "emotion" in samples:
        lane["emotions"] = emotion_spells(samples, end_s, config.sample_rate)
        lane["shares"] = _shares(samples, lane["emotions"])
    if "looking" in samples:
        lane["looking"] = looking_spells(samples, end_s, config.sample_rate, config.attention_min_spell_s)
    return lane


def _person(person: PersonView, lanes: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
    return {
        "person_id": person.person_id,
        "name": person.name,
        "is_static": person.is_static,
        "in_view_s": person.in_view_s,
        "portrait": person.portrait,
        "tracks": [
            {"track_id": track.track_id, "start_s": track.start_s, "end_s": track.end_s, **lanes[track.track_id]}
            for track in person.tracks
        ],
    }


def _shares(samples: Mapping[str, Any], spells: Sequence[Spell]) -> list[list[float]]:
    """The mean distribution over each spell, in the order of EMOTIONS; 2 decimals are enough for a hover card."""
    rows = np.asarray(samples["emotion_distribution"], float)  # [n, 6]
    firsts = np.searchsorted(samples["time_s"], [start_s for _, start_s, _ in spells])
    counts = np.diff([*firsts, len(rows)])
    return [row.round(2).tolist() for row in np.add.reduceat(rows, firsts) / counts[:, None]] if len(rows) else []
