"""Joining what was seen in single chunks: shots, tracks, and what is said of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from analysis.aggregate import action_units, attention, emotion, gaze, pooled, stillness
from analysis.aggregate.pooled import course_of
from analysis.attributes import Attribute
from analysis.builtin_attributes import GAZE
from analysis.config import AnalysisConfig
from analysis.kinds import LOOKING_BY
from analysis.track.lifecycle import Lifecycle
from analysis.track.people import TrackGroup, find_people
from analysis.track.stitching import join, stitch
from analysis.types import (
    CropPredictions,
    Crops,
    EmotionEstimate,
    Estimates,
    Floats,
    Images,
    Observations,
    PersonResult,
    Reading,
    SampleColumn,
    SampleTable,
    Shot,
    Tracklet,
    TrackResult,
    TrackSamples,
    VideoFacts,
)
from models.age_interval import COVERAGE

Pictures = Callable[[int, int], Images]  # the crops' pictures [n, s, s, 3] of a chunk's tracklet
KeepPortraits = Callable[[int, Images], None]  # takes a track's number and its best pictures [n, s, s, 3]
PORTRAITS = 1500  # of all tracks together, but one of each at least
TRACK_PORTRAITS = 6
SAMPLE_SLACK_S = 1e-6  # sample times and cuts come from the same clock, but for rounding


def shots_of(observations: Sequence[Observations]) -> tuple[Shot, ...]:
    """The shots of the whole video; a cut at the border of two chunks is told by the later one."""
    starts = [0.0, *(start for chunk in observations for start in chunk.shot_starts_s)]
    end_s = max((chunk.end_s for chunk in observations), default=0.0)
    ends = [*starts[1:], end_s]
    return tuple(Shot(start, end) for start, end in zip(starts, ends, strict=True) if end > start)


@dataclass(frozen=True, slots=True)
class FoundTrack:
    """A whole track, and where the pictures of its crops lie: (chunk, tracklet in it, row)."""

    track: Tracklet
    origins: list[tuple[int, int, int]]

    def with_pictures(self, pictures: Pictures) -> Tracklet:
        images = np.stack([pictures(chunk, tracklet)[row] for chunk, tracklet, row in self.origins])
        return replace(self.track, crops=replace(self.track.crops, images=images))


def tracks_of(observations: Sequence[Observations], shots: Sequence[Shot], rules: Lifecycle) -> list[FoundTrack]:
    """Whole tracks: stitched within their shots; what was seen too briefly to be sure of is left out."""
    pieces = [piece for chunk in observations for piece in chunk.tracklets]
    places = [(i, j) for i, chunk in enumerate(observations) for j in range(len(chunk.tracklets))]
    if not pieces:
        return []
    rate = rules.sample_rate
    starts = np.array([shot.start_s for shot in shots])
    first_s = np.array([piece.samples.sample[0] for piece in pieces]) / rate
    shot_of = np.searchsorted(starts - SAMPLE_SLACK_S, first_s, "right") - 1
    chains = stitch(pieces, [chunk for chunk, _ in places], shot_of.tolist(), rules)
    found = []
    for chain in chains:
        track, origins = join([pieces[i] for i in chain])
        shot = shots[shot_of[chain[0]]]
        if rules.is_confirmed(track.samples.scores, possible_samples(shot, rate)):
            found.append(FoundTrack(track, [(*places[chain[piece]], row) for piece, row in origins]))
    return sorted(found, key=lambda one: (int(one.track.samples.sample[0]), float(one.track.samples.boxes[0, 0])))


def possible_samples(shot: Shot, rate: float) -> int:
    """How many sample times lie in a shot."""
    first = np.ceil((shot.start_s - SAMPLE_SLACK_S) * rate)
    return max(1, int(np.ceil((shot.end_s - SAMPLE_SLACK_S) * rate) - first))


def conclude(
    video: VideoFacts,
    observations: Sequence[Observations],
    config: AnalysisConfig,
    floors: Mapping[str, float],
    interval_masses: Mapping[str, float] = MappingProxyType({}),
    pictures: Pictures | None = None,
    keep_portraits: KeepPortraits | None = None,
) -> tuple[tuple[Shot, ...], tuple[TrackResult, ...], tuple[PersonResult, ...]]:
    """Shots, tracks and people of the whole video, in the order of the result format.

    Args:
        observations: of every chunk, in order.
        floors: confidence under which an answer is "unknown", by attribute.
        interval_masses: of a distribution over years, inside its 90 % interval, by attribute.
        pictures: where the crops' pictures lie, when the observations were loaded without.
        keep_portraits: takes the best pictures of each track, which then holds none.
    """
    pictures = pictures or (lambda chunk, tracklet: observations[chunk].tracklets[tracklet].crops.images)
    shots = shots_of(observations)
    found = tracks_of(observations, shots, Lifecycle(config.sample_rate, config.detector))
    individuals = find_people([one.track for one in found])
    person_of = {i: person_id for person_id, one in enumerate(individuals, 1) for i in one.members}
    n_portraits = max(1, min(TRACK_PORTRAITS, PORTRAITS // max(len(found), 1)))
    teller = Teller(video, shots, config, floors, n_portraits, interval_masses)
    predictions = [pooled.Predictions(one.track.crops.quality, one.track.crops.read) for one in found]
    neutral = {}
    for person_id, individual in enumerate(individuals, 1):
        neutral[person_id] = _neutral_faces([found[i].track.samples for i in individual.members], config)
    tracks = []
    for i, one in enumerate(found):  # in order of time: pictures of one chunk after another
        number = person_of[i]
        track = teller.track(i + 1, number, one.with_pictures(pictures), predictions[i], neutral[number])
        if keep_portraits is not None:
            keep_portraits(track.track_id, track.crops.images)
            track = replace(track, crops=track.crops.best(0))
        tracks.append(track)
    people = [
        teller.person(
            n,
            one,
            [tracks[i] for i in one.members],
            [predictions[i] for i in one.members],
            [found[i].track.samples for i in one.members],
        )
        for n, one in enumerate(individuals, 1)
    ]
    return shots, tuple(tracks), tuple(people)


@dataclass(frozen=True, slots=True)
class Teller:
    """Says what is known of tracks and people, in the units of the result."""

    video: VideoFacts
    shots: tuple[Shot, ...]
    config: AnalysisConfig
    floors: Mapping[str, float]  # by attribute, as the next
    n_portraits: int  # kept of each track
    interval_masses: Mapping[str, float]

    def track(
        self,
        track_id: int,
        person_id: int,
        track: Tracklet,
        predictions: pooled.Predictions,
        neutral: Mapping[str, Floats],
    ) -> TrackResult:
        """`neutral` is the person's own face at rest, by attribute."""
        samples, rate = self._samples(track.samples, neutral), self.config.sample_rate
        start_s, last_s = float(samples.time_s[0]), float(samples.time_s[-1])
        ends = (shot.end_s for shot in self.shots if shot.end_s > last_s + SAMPLE_SLACK_S)
        end_s = min(last_s + 1 / rate, next(ends, last_s + 1 / rate))
        in_view_s = min(len(track.samples) / rate, end_s - start_s)  # the last sample stands for what is left
        return TrackResult(
            track_id=track_id,
            person_id=person_id,
            start_s=start_s,
            end_s=end_s,
            in_view_s=in_view_s,
            is_static=stillness.is_static(track, rate),
            estimates=self._of_track(predictions, samples, track.samples, in_view_s),
            samples=samples,
            crops=track.crops.best(self.n_portraits),
            crop_predictions=self._single_crops(track.crops, rate),
        )

    def person(
        self,
        person_id: int,
        individual: TrackGroup,
        tracks: Sequence[TrackResult],
        predictions: Sequence[pooled.Predictions],
        seen: Sequence[SampleTable],
    ) -> PersonResult:
        """`tracks`, `predictions` and `seen` are of the individual's own tracks."""
        return PersonResult(
            person_id=person_id,
            track_ids=tuple(track.track_id for track in tracks),
            certainty=individual.certainty,
            in_view_s=sum(track.in_view_s for track in tracks),
            estimates=self._of_person(pooled.joined(predictions), tracks, seen),
        )

    def _of_track(
        self, predictions: pooled.Predictions, told: TrackSamples, seen: SampleTable, in_view_s: float
    ) -> Estimates:
        readings: dict[str, Reading] = {}
        for attribute in self.config.attributes_on():
            if attribute.kind == "labels_over_time":
                labels = _labels(told, attribute)
                readings[attribute.key] = self._told_over_time(attribute, labels, [seen])
            elif attribute.kind == "spells":
                is_so = told.said[attribute.column]
                seconds = attention.attention_s(np.asarray(is_so), seen.sample, self.config)
                readings[attribute.key] = min(seconds, in_view_s)
            elif attribute.kind == "strengths":
                readings[attribute.key] = action_units.summarize(attribute.label_keys, _rows(told, attribute))
            else:
                readings[attribute.key] = self._pooled(predictions, attribute)
        return Estimates(readings)

    def _of_person(
        self, together: pooled.Predictions, tracks: Sequence[TrackResult], seen: Sequence[SampleTable]
    ) -> Estimates:
        readings: dict[str, Reading] = {}
        for attribute in self.config.attributes_on():
            if attribute.kind == "labels_over_time":
                labels = tuple(label for track in tracks for label in _labels(track.samples, attribute))
                readings[attribute.key] = self._told_over_time(attribute, labels, seen)
            elif attribute.kind == "spells":
                seconds = (track.estimates.readings[attribute.key] for track in tracks)
                readings[attribute.key] = sum((each for each in seconds if isinstance(each, float)), 0.0)
            elif attribute.kind == "strengths":
                strengths = np.concatenate([_rows(track.samples, attribute) for track in tracks])
                readings[attribute.key] = action_units.summarize(attribute.label_keys, strengths)
            else:
                readings[attribute.key] = self._pooled(together, attribute)
        return Estimates(readings)

    def _told_over_time(
        self, attribute: Attribute, labels: tuple[str, ...], seen: Sequence[SampleTable]
    ) -> EmotionEstimate:
        """Shares of labels, and the main one; where there is a label of rest, that is what stands out."""
        told = emotion.summarize(attribute.label_keys, labels)
        if attribute.rest_key is None:
            return told
        order = np.argsort(np.concatenate([each.sample for each in seen]), kind="stable")
        distribution = np.concatenate([each.read[attribute.key] for each in seen])[order]
        sample, quality = (
            np.concatenate([getattr(each, name) for each in seen])[order] for name in ("sample", "quality")
        )
        main = emotion.outstanding(
            attribute.label_keys, attribute.rest_key, distribution, sample, quality, self.config.sample_rate
        )
        return replace(told, label=main)

    def _pooled(self, predictions: pooled.Predictions, attribute: Attribute) -> Reading:
        """From what was read of single crops."""
        key = attribute.key
        if attribute.kind == "years":
            return pooled.years_of(predictions, key, self.interval_masses.get(key, COVERAGE))
        return pooled.label_of(predictions, key, attribute.label_keys, self.floors.get(key, 0.0))

    def _samples(self, seen: SampleTable, neutral: Mapping[str, Floats]) -> TrackSamples:
        size = np.array([self.video.width, self.video.height], np.float64)
        boxes = seen.boxes.astype(np.float64)
        corner, far = boxes[:, :2] / size, boxes[:, 2:] / size
        return TrackSamples(
            time_s=seen.sample / self.config.sample_rate,
            box=np.concatenate([corner, far - corner], axis=1).astype(np.float32),
            landmarks=(seen.landmarks / size).astype(np.float32),
            score=seen.scores,
            quality=seen.quality,
            yaw=seen.yaw_deg,
            pitch=seen.pitch_deg,
            said=self._over_time(seen, neutral),
        )

    def _over_time(self, seen: SampleTable, neutral: Mapping[str, Floats]) -> dict[str, SampleColumn]:
        """The columns of attributes that are told of every sample."""
        said: dict[str, SampleColumn] = {}
        eyes, by = self._eyes(seen), None
        for attribute in self.config.attributes_on("spells"):
            looking = attention.looking(seen.yaw_deg, seen.pitch_deg, self.config)
            if eyes is not None:
                can_be_read = gaze.is_readable(eyes, self.floors.get(GAZE.key, 0.0))
                looking = np.where(can_be_read, gaze.at_camera(eyes), looking)
                by = tuple(LOOKING_BY[0] if each else LOOKING_BY[1] for each in can_be_read)
            said[attribute.column] = looking
        for attribute in self.config.attributes_on("labels_over_time"):
            key = attribute.key
            distribution = eyes if eyes is not None and key == GAZE.key else seen.read[key]
            floor, rate = self.floors.get(key, 0.0), self.config.sample_rate
            said[key] = emotion.smoothed_labels(
                attribute.label_keys, distribution, seen.sample, seen.quality, rate, floor
            )
            said[f"{key}_distribution"] = distribution
        if by is not None:
            said[GAZE.column] = by
        for attribute in self.config.attributes_on("strengths"):
            said[attribute.key] = action_units.strengths(seen.read[attribute.key], neutral[attribute.key])
        return said

    def _eyes(self, seen: SampleTable) -> Floats | None:
        """Where the eyes look [n, 6], without an opinion where they are too small; None while gaze is off."""
        if GAZE.key not in seen.read:
            return None
        return gaze.where_readable(seen.read[GAZE.key], seen.landmarks)

    def _single_crops(self, crops: Crops, rate: float) -> CropPredictions:
        order = np.argsort(crops.sample, kind="stable")
        said = {
            attribute.column: course_of(attribute, crops.read[attribute.key])[order]
            for attribute in self.config.attributes_on()
            if attribute.column and attribute.key in crops.read
        }
        return CropPredictions(crops.sample[order] / rate, crops.quality[order], said)


def _neutral_faces(seen: Sequence[SampleTable], config: AnalysisConfig) -> dict[str, Floats]:
    """A person's face at rest, from the samples of all their tracks, by attribute."""
    return {
        attribute.key: action_units.neutral_of(np.concatenate([each.read[attribute.key] for each in seen]))
        for attribute in config.attributes_on("strengths")
    }


def _rows(samples: TrackSamples, attribute: Attribute) -> Floats:
    return np.asarray(samples.said[attribute.key], np.float32)


def _labels(samples: TrackSamples, attribute: Attribute) -> tuple[str, ...]:
    labels = samples.said[attribute.key]
    return labels if isinstance(labels, tuple) else ()
