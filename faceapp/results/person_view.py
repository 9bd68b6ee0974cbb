"""What pages, figures and the API are given of a person and of a track."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.types import Estimates, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimated(Estimates):
    """What is said of a track or a person, and when it is in view."""

    in_view_s: float
    start_s: float
    end_s: float
    is_static: bool  # a poster or a screen


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackView(Estimated):
    """One face through one shot, as the engine saw it; `person_id` is the corrected one."""

    track_id: int
    person_id: int
    quality: float  # of the best picture, 0-1
    n_portraits: int  # saved pictures, numbered from 0, best first


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView(Estimated):
    """One individual of a run after corrections."""

    person_id: int
    name: str  # "Person 1", or as given
    tracks: tuple[TrackView, ...]  # in time order
    certainty: float  # 0-1, that these tracks are one individual; the engine's, says nothing where joined by hand
    is_joined_by_hand: bool = False  # of people whom the engine took for different ones
    corrected_fields: tuple[str, ...]  # "name", "tracks", and keys of attributes
    portrait: tuple[int, int] | None  # track_id and number of the best saved picture

    @property
    def is_corrected(self) -> bool:
        return bool(self.corrected_fields)


def no_longer_than(readings: Mapping[str, Reading], in_view_s: float) -> dict[str, Reading]:
    """No spells, such as of looking, last longer than the time in view."""
    return {key: min(each, in_view_s) if isinstance(each, float) else each for key, each in readings.items()}


def best_portrait(tracks: Sequence[TrackView]) -> tuple[int, int] | None:
    shown = [track for track in tracks if track.n_portraits]
    return (max(shown, key=lambda track: track.quality).track_id, 0) if shown else None
