"""What is gathered of each face while a chunk goes by: its samples, and its best pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from analysis.types import Crops, Floats, Image, Images, Integers, SampleTable, Tracklet

MAX_CROPS = 8  # a tracklet; half as many at each border of the chunk over which it goes on: its other pieces have more
BUCKET_S = 0.6  # one crop in so long a time at most: eight of one moment say no more than one


class Sighting(NamedTuple):
    """One face in one frame, measured."""

    first_sample: int
    end_sample: int  # on display at samples [first_sample, end_sample)
    box: Floats  # [4]
    landmarks: Floats  # [5, 2]
    score: float
    quality: float
    yaw_deg: float
    pitch_deg: float
    read: Mapping[str, Floats]  # [k] by attribute: a distribution over its labels


@dataclass(frozen=True, slots=True)
class _Picture:
    sample: int
    quality: float
    crop: Image
    face: Image  # for the embedding


@dataclass(slots=True)
class TrackletBuilder:
    """Collects one tracklet; pictures are cut out of a frame only where they are better than those at hand."""

    sample_rate: float
    sightings: list[Sighting] = field(default_factory=list)
    _pictures: dict[int, _Picture] = field(default_factory=dict)  # by second

    @property
    def samples(self) -> Integers:
        """At which it was seen [n]."""
        return np.array([sample for seen in self.sightings for sample in range(seen.first_sample, seen.end_sample)])

    @property
    def scores(self) -> Floats:
        """Of every sample [n], 0-1."""
        return np.array(
            [seen.score for seen in self.sightings for _ in range(seen.first_sample, seen.end_sample)], "f4"
        )

    def add(self, seen: Sighting, cut_out: Callable[[], tuple[Image, Image]]) -> None:
        """Note a sighting; `cut_out` gives the crop for the attributes and the one for the embedding."""
        self.sightings.append(seen)
        bucket = int(seen.first_sample / self.sample_rate / BUCKET_S)
        held = self._pictures.get(bucket)
        if held is not None:
            if held.quality >= seen.quality:
                return
        elif len(self._pictures) >= MAX_CROPS:
            worst = min(self._pictures, key=lambda key: (self._pictures[key].quality, -key))
            if self._pictures[worst].quality >= seen.quality:
                return
            del self._pictures[worst]
        self._pictures[bucket] = _Picture(seen.first_sample, seen.quality, *cut_out())

    def build(self, embed: Callable[[Images], Floats], n_crops: int = MAX_CROPS) -> Tracklet:
        """The tracklet with its best pictures, not yet read; a frame that was on display at several samples is
        repeated."""
        pictures = sorted(self._pictures.values(), key=lambda one: (-one.quality, one.sample))[:n_crops]
        crops = Crops(
            images=np.stack([one.crop for one in pictures]),
            sample=np.array([one.sample for one in pictures], np.int64),
            quality=np.array([one.quality for one in pictures], np.float32),
            embeddings=embed(np.stack([one.face for one in pictures])),
            read={},
        )
        return Tracklet(_table(self.sightings), crops)


def _table(sightings: list[Sighting]) -> SampleTable:
    rows = [(sample, seen) for seen in sightings for sample in range(seen.first_sample, seen.end_sample)]
    seen_of = [seen for _, seen in rows]
    return SampleTable(
        sample=np.array([sample for sample, _ in rows], np.int64),
        boxes=np.stack([seen.box for seen in seen_of]).astype(np.float32),
        landmarks=np.stack([seen.landmarks for seen in seen_of]).astype(np.float32),
        scores=np.array([seen.score for seen in seen_of], np.float32),
        quality=np.array([seen.quality for seen in seen_of], np.float32),
        yaw_deg=np.array([seen.yaw_deg for seen in seen_of], np.float32),
        pitch_deg=np.array([seen.pitch_deg for seen in seen_of], np.float32),
        read={key: np.stack([seen.read[key] for seen in seen_of]).astype(np.float32) for key in sightings[0].read},
    )
