"""People in a part of a video: who is in view there, for how long, and what they show and look at there.

Spells are cut at the border. One counts if its whole length reaches the minimum, so that a border makes no watcher and
unmakes none who looks on over it. Age and the other labels stay those of the whole person: more pictures say more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from analysis.attributes import Attribute, attributes
from analysis.config import AnalysisConfig
from analysis.types import UNKNOWN, EmotionEstimate, Reading
from faceapp.results.person_view import PersonView, TrackView, best_portrait, no_longer_than
from faceapp.results.pooling import expression_of, pool_estimates
from faceapp.results.shown import columns_of_tracks
from faceapp.results.spells import Spell, long_enough, spells_of
from faceapp.runs.models import Run
from faceapp.segments.window import Window

OVER_TIME = ("labels_over_time", "spells")  # kinds of attributes that are read of moments


def people_within(run: Run, people: Sequence[PersonView], window: Window) -> list[PersonView]:
    """Those of these people who are in view inside of the window, with what they do there; one query."""
    (inside,) = people_within_each(run, people, [window])
    return inside


def people_within_each(run: Run, people: Sequence[PersonView], windows: Sequence[Window]) -> list[list[PersonView]]:
    """`people_within` for each of these windows; one query for all.

    Only tracks that a border cuts are read. Whoever is in view inside of a window alone stays the same.
    """
    tracks = [track for person in people for track in person.tracks]
    at_border = {track.track_id for window in windows for track in tracks if _is_cut(track, window)}
    names = [column_of(attribute) for attribute in attributes().values() if attribute.kind in OVER_TIME]
    columns = columns_of_tracks(run, at_border, names)
    config = AnalysisConfig.of_result(run.config)
    return [
        [inside for person in people if (inside := _person(person, columns, window, config)) is not None]
        for window in windows
    ]


def _is_cut(track: TrackView, window: Window) -> bool:
    return not window.holds(track.start_s, track.end_s) and bool(window.clip(track.start_s, track.end_s))


def column_of(attribute: Attribute) -> str:
    """Of a track's samples, for an attribute that is read of moments."""
    return attribute.column if attribute.kind == "spells" else attribute.key


def _person(
    person: PersonView, columns: Mapping[int, Mapping[str, Any]], window: Window, config: AnalysisConfig
) -> PersonView | None:
    """None where the person is not in view inside of the window."""
    if all(window.holds(track.start_s, track.end_s) for track in person.tracks):
        return person
    cut = (_track(track, columns.get(track.track_id, {}), window, config) for track in person.tracks)
    tracks = [track for track in cut if track is not None]
    if not tracks:
        return None
    pooled = pool_estimates(
        tracks, in_view_s=[track.in_view_s for track in tracks], quality=[track.quality for track in tracks]
    ).readings
    in_view_s = round(sum(track.in_view_s for track in tracks), 3)
    return replace(
        person,
        readings=no_longer_than(_moments_from(pooled, person.readings), in_view_s),
        in_view_s=in_view_s,
        start_s=tracks[0].start_s,
        end_s=max(track.end_s for track in tracks),
        tracks=tuple(tracks),
        portrait=best_portrait(tracks) or person.portrait,
    )


def _moments_from(pooled: Mapping[str, Reading], readings: Mapping[str, Reading]) -> dict[str, Reading]:
    """The readings, those of moments from `pooled`."""
    kinds = {key: attribute.kind for key, attribute in attributes().items()}
    return {key: pooled.get(key, each) if kinds[key] in OVER_TIME else each for key, each in readings.items()}


def _track(track: TrackView, columns: Mapping[str, Any], window: Window, config: AnalysisConfig) -> TrackView | None:
    """None where it is not in view inside of the window."""
    if window.holds(track.start_s, track.end_s):
        return track
    if not columns:
        return None
    seen = [(start, end) for _, start, end in _spells(columns, [True] * len(columns["time_s"]), track, config)]
    parts = [part for spell in seen for part in window.clip(*spell)]
    if not parts:
        return None
    in_view_s = min(round(sum(end - start for start, end in parts), 3), track.in_view_s)
    said = {
        key: _reading(attributes()[key], reading, columns, track, window, config)
        for key, reading in track.readings.items()
    }
    return replace(
        track,
        readings=no_longer_than(said, in_view_s),
        in_view_s=in_view_s,
        start_s=parts[0][0],
        end_s=parts[-1][1],
    )


def _reading(
    attribute: Attribute,
    reading: Reading,
    columns: Mapping[str, Any],
    track: TrackView,
    window: Window,
    config: AnalysisConfig,
) -> Reading:
    """What is said of a track inside of the window; what is not of moments stays as it is."""
    if attribute.kind not in OVER_TIME or column_of(attribute) not in columns:
        return reading
    spells = _spells(columns, columns[column_of(attribute)], track, config)
    if attribute.kind == "spells":
        long = long_enough(spells, config.attention_min_spell_s)
        return round(window.seconds_of(long), 3)
    return _shares(attribute, spells, window)


def _shares(attribute: Attribute, spells: Sequence[Spell], window: Window) -> EmotionEstimate:
    seconds = dict.fromkeys((*attribute.label_keys, UNKNOWN), 0.0)
    for label, start_s, end_s in spells:
        seconds[label] += window.seconds_of([(start_s, end_s)])
    whole = sum(seconds.values()) or 1.0
    return expression_of(attribute, {label: round(each / whole, 4) for label, each in seconds.items()})


def _spells(columns: Mapping[str, Any], values: Sequence[Any], track: TrackView, config: AnalysisConfig) -> list[Spell]:
    return list(spells_of(columns["time_s"], values, track.end_s, config.sample_rate))
