"""The lanes of a run: when each person is in view, shows what, looks, and where their face is in the picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from faceapp.results.models import Track
from faceapp.results.people import PersonView, people_of
from faceapp.runs.models import Run

Spell = tuple[Any, float, float]  # value, start_s, end_s


def timeline_of(run: Run) -> dict[str, Any]:
    """Compact JSON for the lanes and the overlay, corrections applied; five queries, however much there is.

    ``{"video": {"duration_s", "width", "height"}, "sample_rate", "shots": [[start_s, end_s], …],
    "people": [{"person_id", "name", "is_static", "in_view_s", "portrait": [track_id, n] | null, "tracks":
    [{"track_id", "start_s", "end_s", "emotions": [[label, start_s, end_s], …], "looking": [[start_s, end_s], …],
    "sample": [k, …], "box": [x, y, width, height, x, …]}, …]}, …]}``

    Boxes are fractions of the upright frame, four numbers a sample; sample k is at k ÷ sample_rate seconds and stands
    for 1 ÷ sample_rate. `emotions` and `looking` are missing where the attribute is switched off. `looking` holds only
    spells that are long enough to count, so that they add up to the attention time.
    """
    rate = float(run.config["sample_rate"])
    least_s = float(run.config["attention_min_spell_s"])
    rows = {track.track_id: track for track in run.tracks.select_related("timeline")}
    video = run.video
    return {
        "video": {"duration_s": video.duration_s, "width": video.width_px, "height": video.height_px},
        "sample_rate": rate,
        "shots": run.shots,
        "people": [_person(person, rows, rate, least_s) for person in people_of(run)],
    }


def emotion_spells(samples: Mapping[str, Any], end_s: float, sample_rate: float) -> list[Spell]:
    """Spells of one label, from a track's sample columns; "unknown" among them. Empty when emotion is off."""
    return list(_spells(samples["time_s"], samples.get("emotion", ()), end_s, sample_rate))


def looking_spells(
    samples: Mapping[str, Any], end_s: float, sample_rate: float, least_s: float
) -> list[tuple[float, float]]:
    """Spells of looking that last at least `least_s`, from a track's sample columns."""
    spells = _spells(samples["time_s"], samples.get("looking", ()), end_s, sample_rate)
    return [(start, end) for looking, start, end in spells if looking and end - start >= least_s - 1e-6]


def _person(person: PersonView, rows: Mapping[int, Track], rate: float, least_s: float) -> dict[str, Any]:
    return {
        "person_id": person.person_id,
        "name": person.name,
        "is_static": person.is_static,
        "in_view_s": person.in_view_s,
        "portrait": person.portrait,
        "tracks": [_track(rows[track.track_id], rate, least_s) for track in person.tracks],
    }


def _track(track: Track, rate: float, least_s: float) -> dict[str, Any]:
    samples = track.timeline.samples
    lane: dict[str, Any] = {"track_id": track.track_id, "start_s": track.start_s, "end_s": track.end_s}
    if "emotion" in samples:
        lane["emotions"] = emotion_spells(samples, track.end_s, rate)
        lane["shares"] = _shares(samples, lane["emotions"])
    if "looking" in samples:
        lane["looking"] = looking_spells(samples, track.end_s, rate, least_s)
    lane["sample"] = [round(time_s * rate) for time_s in samples["time_s"]]
    lane["box"] = [number for box in samples["box"] for number in box]
    return lane


def _shares(samples: Mapping[str, Any], spells: Sequence[Spell]) -> list[list[float]]:
    """The mean distribution over each spell, in the order of EMOTIONS; 2 decimals are enough for a hover card."""
    rows = np.asarray(samples["emotion_distribution"], float)  # [n, 6]
    firsts = np.searchsorted(samples["time_s"], [start_s for _, start_s, _ in spells])
    counts = np.diff([*firsts, len(rows)])
    return [row.round(2).tolist() for row in np.add.reduceat(rows, firsts) / counts[:, None]] if len(rows) else []


def _spells(times_s: Sequence[float], values: Sequence[Any], end_s: float, rate: float) -> Iterator[Spell]:
    """Runs of one value; a spell ends where the value changes, where samples are missing, or with the track."""
    if not values:
        return
    start = 0
    for i, (before_s, after_s) in enumerate(pairwise(times_s), start=1):
        has_gap = after_s - before_s > 1.5 / rate
        if has_gap or values[i] != values[start]:
            yield values[start], times_s[start], round(before_s + 1 / rate, 3) if has_gap else after_s
            start = i
    yield values[start], times_s[start], round(min(times_s[-1] + 1 / rate, max(end_s, times_s[-1])), 3)
