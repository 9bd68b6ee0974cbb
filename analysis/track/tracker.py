"""Following the faces of one chunk from sample to sample.

As in ByteTrack (Zhang et al. 2022) strong detections choose first and weak ones may only prolong what is there. The
cost of a pair is how much the detection surprises the track's motion. Where motion leaves a doubt (faces that cross,
pass or jump), and only there, it is also the distance of their embeddings, which are expensive to compute. Of the
others, crops are kept until somebody asks.

Motion never says who somebody is. After a gap, and where the picture of a face changes at once, the embedding is asked
whether this is still the one who was followed. Where it doubts that, a new tracklet begins that continues the old one;
whether both are one face is decided when both are known (`analysis.track.identity`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.track import motion
from analysis.track.embedding_distance import seen_from_mean
from analysis.track.lifecycle import Lifecycle
from analysis.track.matching import match
from analysis.types import Detections, Floats, Image, Images, Integers

GATE = 16.3  # chi-square of 3 degrees of freedom, 99.9 %
VAGUE_WEIGHT = 0.5  # of two tracks that fit, the one seen lately
MAX_JUMP = 1.6  # face sizes between samples, plus
JUMP_A_GAP = 0.35  # this for each missed one
JUMP_BY_EMBEDDING = 3.0  # face sizes, when the embeddings agree
SAME_FACE = 1.08  # distance of embeddings that speaks neither for nor against; more than for strangers, faces turn
EMBEDDING_WEIGHT = 43.0  # of a difference in distance of embeddings, in units of surprise;
EMBEDDING_LIMIT = 14.0  # at most this for or against
JUMP_SURPRISE = 16.0  # at most this surprise at the place of a face with the same embedding: some run
EMBEDDING_MIN_PX = 30  # of a smaller face, an embedding proves no jump
CLEAR = 0.6  # face sizes: so near to where it was expected, with nobody else near, a face needs no embedding
CROWD = 1.5  # face sizes within which others make a doubt
REFRESH_S = 2.0  # the embedding of a track is computed again this often
REFRESH_SHARE = 0.4
# Sketches of one face from one sample to the next are 0.14 apart (median of 1,811 on videos), 0.54 in one of twenty;
# of two people 1.0, less than 0.48 in one of a hundred.
CHANGED = 0.45
OTHER_FACE = (
    0.85  # single embeddings of two people are nearer in one pair of two hundred, of one face at once rarely farther
)
NOBODY = -1

CutFaces = Callable[[Integers], Images]  # indices of detections [n] -> crops [n, side, side, 3]
Embed = Callable[[Images], Floats]  # such crops -> unit embeddings [n, 128]


class _Appearance:
    """The embedding of a face of late, computed from its crops when it is asked for."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed
        self._unread: list[Image] = []
        self._embedding: Floats | None = None

    def keep(self, crop: Image) -> None:
        self._unread.append(crop)

    def mix(self, embedding: Floats) -> None:
        """Mix in an embedding, seen from the mean face."""
        self._read()
        if self._embedding is not None:
            mixed = (1 - REFRESH_SHARE) * self._embedding + REFRESH_SHARE * embedding
            embedding = (mixed / max(float(np.linalg.norm(mixed)), 1e-9)).astype(np.float32)
        self._embedding = embedding

    @property
    def embedding(self) -> Floats:
        """[128], a unit vector seen from the mean face; something was kept or mixed before."""
        self._read()
        assert self._embedding is not None
        return self._embedding

    def distance(self, embedding: Floats) -> float:
        """0-2, to an embedding seen from the mean face."""
        return float(np.linalg.norm(self.embedding - embedding))

    def _read(self) -> None:
        if self._unread:
            embeddings = seen_from_mean(self._embed(np.stack(self._unread)))
            self._unread = []
            for embedding in embeddings:
                self.mix(embedding)


@dataclass(slots=True)
class _Follower:
    tracklet: int
    motion: motion.Motion
    last_sample: int
    appearance: _Appearance
    embedding_sample: int
    sketch: Floats


class Tracker:
    """Gives each detection the number of its tracklet; an instance a chunk, numbers count from 0."""

    def __init__(self, rules: Lifecycle, embed: Embed) -> None:
        self._rate = rules.sample_rate
        self._rules = rules
        self._embed = embed
        self._followers: list[_Follower] = []
        self.n_tracklets = 0
        self._continued: dict[int, int] = {}  # by tracklet, the one in whose place it began with a doubt

    def step(
        self,
        sample: int,
        detections: Detections,
        sketches: Floats,
        cut_faces: CutFaces,
        starts_shot: bool,
        last_sample: int | None = None,
    ) -> Integers:
        """Follow to the next analyzed frame.

        Args:
            sample: index of the first sample at which the frame is on display.
            detections: its faces.
            sketches: of these, [n, k]; see `analysis.classify.quality.sketch`.
            cut_faces: gives the crops of those detections where motion alone is not, or may not be, enough.
            starts_shot: a cut lies before it; every track ends.
            last_sample: the last sample at which it is on display, when that is another one.

        Returns:
            [n]: the tracklet of each detection, -1 for one that is too weak to begin a track.
        """
        if starts_shot:
            self._followers = []
        self._followers = [one for one in self._followers if sample - one.last_sample <= self._rules.max_gap]
        moment = _Moment(sample, detections, sketches, cut_faces, self._embed, self._followers, self._rate)
        assigned = np.full(len(detections), NOBODY, np.int64)
        strong = detections.scores >= self._rules.trust.birth
        free = np.ones(len(self._followers), np.bool_)
        for group in (np.flatnonzero(strong), np.flatnonzero(~strong)):
            rows = np.flatnonzero(free)
            for row, column in match(moment.costs[np.ix_(rows, group)], GATE):
                self._prolong(int(rows[row]), int(group[column]), moment, last_sample)
                assigned[group[column]] = self._followers[rows[row]].tracklet
                free[rows[row]] = False
        for face in np.flatnonzero(strong & (assigned == NOBODY)).tolist():
            assigned[face] = self._begin(face, moment, last_sample)
        return assigned

    def chains(self) -> list[list[int]]:
        """All tracklets, in lists of those that continue one another at one place."""
        chains: dict[int, list[int]] = {}
        first: dict[int, int] = {}
        for number in range(self.n_tracklets):
            first[number] = first.get(self._continued.get(number, number), number)
            chains.setdefault(first[number], []).append(number)
        return list(chains.values())

    def _prolong(self, which: int, face: int, moment: _Moment, last_sample: int | None) -> None:
        follower = self._followers[which]
        self._doubt(follower, face, moment)
        follower.motion = motion.update(moment.expected[which], moment.detections.boxes[face])
        follower.last_sample = moment.sample if last_sample is None else last_sample
        follower.sketch = moment.sketches[face]
        is_old = moment.sample - follower.embedding_sample >= REFRESH_S * self._rate
        if face in moment.embeddings or is_old:
            moment.show(face, follower.appearance)
            follower.embedding_sample = moment.sample

    def _doubt(self, follower: _Follower, face: int, moment: _Moment) -> None:
        """Begin a new tracklet where the one who was followed may be somebody else now."""
        if moment.sample - follower.last_sample <= 1 and _change(follower.sketch, moment.sketches[face]) <= CHANGED:
            return
        if (
            follower.motion.size_px < EMBEDDING_MIN_PX
            or follower.appearance.distance(moment.embedding(face)) <= OTHER_FACE
        ):
            return
        self._continued[self.n_tracklets] = follower.tracklet
        follower.tracklet = self.n_tracklets
        follower.appearance = _Appearance(self._embed)
        self.n_tracklets += 1

    def _begin(self, face: int, moment: _Moment, last_sample: int | None) -> int:
        number = self.n_tracklets
        start = motion.start(moment.detections.boxes[face])
        last = moment.sample if last_sample is None else last_sample
        appearance = _Appearance(self._embed)
        moment.show(face, appearance)
        self._followers.append(_Follower(number, start, last, appearance, moment.sample, moment.sketches[face]))
        self.n_tracklets += 1
        return number


class _Moment:
    """One sample: who was expected where, and what each pair would cost."""

    def __init__(
        self,
        sample: int,
        detections: Detections,
        sketches: Floats,
        cut_faces: CutFaces,
        embed: Embed,
        followers: list[_Follower],
        rate: float,
    ) -> None:
        self.sample = sample
        self.detections = detections
        self.sketches = sketches
        self.embeddings: dict[int, Floats] = {}  # by detection, where there was a doubt
        self._cut_faces = cut_faces
        self._embed = embed
        self.expected = [motion.predict(one.motion, (sample - one.last_sample) / rate) for one in followers]
        self.costs = self._costs(followers)  # [followers, detections]; infinite where a pair is impossible

    def embedding(self, face: int) -> Floats:
        """The embedding of a detection [128], seen from the mean face."""
        if face not in self.embeddings:
            self._ask(np.array([face]))
        return self.embeddings[face]

    def _ask(self, faces: Integers) -> None:
        embeddings = seen_from_mean(self._embed(self._cut_faces(faces)))
        self.embeddings |= dict(zip(faces.tolist(), embeddings, strict=True))

    def show(self, face: int, appearance: _Appearance) -> None:
        """Give a detection to an appearance: its embedding where that is known, else its crop."""
        if face in self.embeddings:
            appearance.mix(self.embeddings[face])
        else:
            appearance.keep(self._cut_faces(np.array([face]))[0])

    def _costs(self, followers: list[_Follower]) -> NDArray[np.float64]:
        n, boxes = len(followers), self.detections.boxes
        if not n or not len(boxes):
            return np.full((n, len(boxes)), np.inf)
        centers = (boxes[:, :2] + boxes[:, 2:]) / 2
        sizes = np.array([state.size_px for state in self.expected])
        places = np.stack([state.mean[:2, 0] for state in self.expected])
        gone = np.linalg.norm(places[:, None] - centers[None], axis=2) / sizes[:, None]  # in face sizes
        found = motion.measured(boxes)
        surprise = np.stack([motion.surprise(state, found) for state in self.expected])
        gaps = np.array([self.sample - one.last_sample for one in followers])[:, None]
        by_motion = gone <= MAX_JUMP + JUMP_A_GAP * (gaps - 1)
        by_embedding = (gone <= JUMP_BY_EMBEDDING + JUMP_A_GAP * (gaps - 1)) & (sizes >= EMBEDDING_MIN_PX)[:, None]
        distance = self._distances(followers, (by_motion | by_embedding) & self._doubtful(gone))
        is_same = by_embedding & (distance < SAME_FACE)  # NaN: False
        surprise = np.where(is_same, np.minimum(surprise, JUMP_SURPRISE), surprise)
        by_distance = np.clip((distance - SAME_FACE) * EMBEDDING_WEIGHT, -EMBEDDING_LIMIT, EMBEDDING_LIMIT)
        vague = np.array([motion.vagueness(state) for state in self.expected])[:, None]
        costs: NDArray[np.float64] = surprise + VAGUE_WEIGHT * vague + np.where(np.isnan(distance), 0.0, by_distance)
        return np.where(by_motion | is_same, costs, np.inf)

    def _doubtful(self, gone: NDArray[np.float64]) -> NDArray[np.bool_]:
        """[followers, detections]: pairs that motion alone does not decide."""
        near = gone <= CROWD
        is_clear = (gone <= CLEAR) & (near.sum(axis=0) == 1)[None] & (near.sum(axis=1) == 1)[:, None]
        doubtful: NDArray[np.bool_] = ~(is_clear.any(axis=0)[None] | is_clear.any(axis=1)[:, None])
        return doubtful

    def _distances(self, followers: list[_Follower], pairs: NDArray[np.bool_]) -> NDArray[np.float64]:
        """[followers, detections]: between embeddings; NaN for pairs that were not asked for."""
        asked = np.flatnonzero(pairs.any(axis=0))
        if len(asked):
            self._ask(asked)
        distances = np.full(pairs.shape, np.nan)
        for row, column in np.argwhere(pairs):
            distances[row, column] = followers[row].appearance.distance(self.embeddings[int(column)])
        return distances


def _change(before: Floats, after: Floats) -> float:
    """How unlike two sketches [k] are: 0 the same, about 1 nothing in common."""
    difference = before - after
    return float(np.sqrt(difference @ difference / len(difference)))
