"""The nouns of the engine: frozen, mostly structs of parallel arrays.

Conventions, everywhere in `analysis`:

* pictures are RGB, uint8, ``[height, width, 3]``;
* boxes are ``xyxy`` pixels of the upright frame, float32; they may reach over its border;
* landmarks are left eye, right eye, nose, left and right mouth corner (left as seen in the picture);
* sample ``k`` stands for the frame on display at ``k / sample_rate`` seconds;
* ranges are half-open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from analysis.attributes import UNKNOWN as UNKNOWN
from analysis.builtin_attributes import EMOTIONS as EMOTIONS
from analysis.builtin_attributes import GENDERS as GENDERS
from analysis.config import AnalysisConfig

Image = NDArray[np.uint8]  # [height, width, 3] RGB
Images = NDArray[np.uint8]  # [n, height, width, 3] RGB
Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

Distributions = Mapping[str, Floats]  # [n, k] by attribute, what its network says; one that is off is absent

EMBEDDING_LENGTH = 128
N_AGES = 101  # whole years 0-100


@dataclass(frozen=True, slots=True)
class VideoProbe:
    """What a file says of itself, measured from its packets where the header cannot be trusted."""

    container: str  # FFmpeg's demuxer name, such as "mov,mp4,m4a,3gp,3g2,mj2"
    codec: str  # such as "h264"
    width_px: int  # upright and in square pixels, as a player shows it
    height_px: int
    rotation_deg: int  # 0, 90, 180, 270, counter-clockwise
    frame_rate: float  # mean frames a second, measured
    duration_s: float  # of the picture, from the start of presentation
    n_frames: int
    has_sound: bool
    plays_in_browser: bool  # Chromium, Firefox and Safari play container and codec alike


@dataclass(frozen=True, slots=True)
class VideoWarning:
    """Something the user must know about a result that is there all the same."""

    code: str  # "truncated", "damaged", "too_many_faces"
    text: str  # one sentence
    from_s: float | None = None
    n_bad: int = 0  # frames concerned, of n_frames; not part of the JSON: chunks are added up by it
    n_frames: int = 0


@dataclass(frozen=True, slots=True)
class ChunkSpec:
    """A part of a video that one worker observes: samples ``[first_sample, end_sample)``."""

    index: int
    first_sample: int
    end_sample: int
    seek_pts: int  # of the keyframe to seek to, in the stream's time base


@dataclass(frozen=True, slots=True)
class SampledFrame:
    """One decoded frame that was on display at one or more sample times."""

    first_sample: int
    end_sample: int  # on display at samples [first_sample, end_sample); computed once, repeated in the result
    image: Image
    starts_shot: bool  # a cut lies between the sampled frame before this one and this one
    camera_px: tuple[float, float] = (0.0, 0.0)  # how far the camera swung since the shot began, right and down


@dataclass(frozen=True, slots=True)
class Detections:
    """The faces of one frame, without identity, best score first."""

    boxes: Floats  # [n, 4] xyxy, px
    landmarks: Floats  # [n, 5, 2] xy, px
    scores: Floats  # [n] 0-1
    is_cut: bool = False  # there were more faces than the cap on one frame

    def __len__(self) -> int:
        return len(self.scores)

    @staticmethod
    def none() -> Detections:
        return Detections(np.zeros((0, 4), np.float32), np.zeros((0, 5, 2), np.float32), np.zeros(0, np.float32))

    def select(self, which: NDArray[np.bool_] | Integers) -> Detections:
        """The rows that a mask or an index array names, in its order."""
        return Detections(self.boxes[which], self.landmarks[which], self.scores[which], self.is_cut)


@dataclass(frozen=True, slots=True)
class SampleTable:
    """A tracklet's or track's analyzed moments in time order, as columns of equal length n."""

    sample: Integers  # [n] index k, time is k / sample_rate
    boxes: Floats  # [n, 4] xyxy, px
    landmarks: Floats  # [n, 5, 2] xy, px
    scores: Floats  # [n] detector's confidence 0-1
    quality: Floats  # [n] 0-1
    yaw_deg: Floats  # [n] positive: looks to the right of the picture
    pitch_deg: Floats  # [n] positive: looks upwards
    read: Distributions  # of attributes that are read from every sample

    def __len__(self) -> int:
        return len(self.sample)

    def select(self, which: Integers) -> SampleTable:
        """The rows that an index array names, in its order."""
        return table_of(SampleTable, {name: column[which] for name, column in columns_of(self).items()})


@dataclass(frozen=True, slots=True)
class Crops:
    """Aligned pictures of one face, best quality first."""

    images: Images  # [n, size, size, 3]
    sample: Integers  # [n]
    quality: Floats  # [n] 0-1
    embeddings: Floats  # [n, 128] unit vectors
    read: Distributions  # of attributes that are read from crops

    def __len__(self) -> int:
        return len(self.sample)

    def best(self, n: int) -> Crops:
        """The first n."""
        return table_of(Crops, {name: column[:n].copy() for name, column in columns_of(self).items()})


Table = TypeVar("Table", SampleTable, Crops)
READ = "read."  # before an attribute's key, where all columns of a table lie beside one another


def columns_of(table: SampleTable | Crops) -> dict[str, NDArray[Any]]:
    """All columns of a table by name, what was read of an attribute as "read.<key>"."""
    columns = {name: getattr(table, name) for name in type(table).__dataclass_fields__ if name != "read"}
    return columns | {f"{READ}{key}": values for key, values in table.read.items()}


def table_of(kind: type[Table], columns: Mapping[str, NDArray[Any]]) -> Table:
    """The table of these `columns_of`."""
    read = {name.removeprefix(READ): values for name, values in columns.items() if name.startswith(READ)}
    return kind(**{name: values for name, values in columns.items() if not name.startswith(READ)}, read=read)


def joined_columns(tables: Iterable[SampleTable | Crops]) -> dict[str, NDArray[Any]]:
    """`columns_of` several tables with the same columns, one behind another; there is one at least."""
    several = [columns_of(table) for table in tables]
    return {name: np.concatenate([columns[name] for columns in several]) for name in several[0]}


@dataclass(frozen=True, slots=True)
class Tracklet:
    """A piece of a track inside one chunk."""

    samples: SampleTable
    crops: Crops


@dataclass(frozen=True, slots=True)
class Observations:
    """All that is seen in one chunk; what a checkpoint holds."""

    chunk: ChunkSpec
    tracklets: tuple[Tracklet, ...]
    shot_starts_s: tuple[float, ...]  # cuts found inside the chunk, PTS of the first frame of a shot
    end_s: float  # time at which the last decoded frame of the chunk leaves the display
    warnings: tuple[VideoWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class VideoFacts:
    name: str
    sha256: str
    duration_s: float
    width: int
    height: int
    frame_rate: float


@dataclass(frozen=True, slots=True)
class EngineFacts:
    version: str
    device: str  # "cpu" or "cuda"
    runtime: str  # "openvino" or "torch"
    precision: str  # "f32" or "bf16"


@dataclass(frozen=True, slots=True)
class WeightsFacts:
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Shot:
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class AgeEstimate:
    """Apparent age in whole years with a 90 % interval."""

    years: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class LabelEstimate:
    """A pooled answer; the label is "unknown" where the confidence stays under the network's floor."""

    label: str
    confidence: float
    distribution: dict[str, float]


@dataclass(frozen=True, slots=True)
class EmotionEstimate:
    """The main expression shown, and the share of samples of each, "unknown" among them."""

    label: str
    shares: dict[str, float]


@dataclass(frozen=True, slots=True)
class StrengthsEstimate:
    """How strongly each of several movements is shown, 0-5: in the mean over the samples, and at most.

    The most is the 95th percentile, so that one odd sample is none.
    """

    mean: dict[str, float]
    peak: dict[str, float]


# a float: seconds in spells
Reading = AgeEstimate | LabelEstimate | EmotionEstimate | StrengthsEstimate | float


@dataclass(frozen=True, slots=True)
class Estimates:
    """What is said of a track or a person. The four properties are those of which more is said than of others."""

    readings: Mapping[str, Reading] = field(default_factory=dict)  # by attribute; one that was switched off is absent

    @property
    def age(self) -> AgeEstimate | None:
        return _of_type(self.readings, "age", AgeEstimate)

    @property
    def gender(self) -> LabelEstimate | None:
        return _of_type(self.readings, "gender", LabelEstimate)

    @property
    def emotion(self) -> EmotionEstimate | None:
        return _of_type(self.readings, "emotion", EmotionEstimate)

    @property
    def attention_s(self) -> float | None:
        return _of_type(self.readings, "attention", float)


R = TypeVar("R", AgeEstimate, LabelEstimate, EmotionEstimate, float)


def _of_type(readings: Mapping[str, Reading], key: str, kind: type[R]) -> R | None:
    reading = readings.get(key)
    return reading if isinstance(reading, kind) else None


SampleColumn = NDArray[np.bool_] | Floats | tuple[str, ...]  # [n], [n, k] or [n] labels, "unknown" among them


@dataclass(frozen=True, slots=True)
class TrackSamples:
    """A finished track's samples in the units of the result format, columns of equal length n."""

    time_s: NDArray[np.float64]  # [n]
    box: Floats  # [n, 4] x, y, width, height as fractions of the upright frame
    landmarks: Floats  # [n, 5, 2] fractions of the upright frame
    score: Floats  # [n]
    quality: Floats  # [n]
    yaw: Floats  # [n] degrees
    pitch: Floats  # [n] degrees
    said: Mapping[str, SampleColumn]  # of attributes that are told over time: "looking", "emotion" …


@dataclass(frozen=True, slots=True)
class CropPredictions:
    """What the networks said of single crops, for the course over time; not part of the JSON."""

    time_s: NDArray[np.float64]  # [n]
    quality: Floats  # [n]
    said: Mapping[str, Floats] = field(default_factory=dict)  # [n] each: "age_years", "female" …


@dataclass(frozen=True, slots=True)
class TrackResult:
    track_id: int
    person_id: int
    start_s: float
    end_s: float
    in_view_s: float
    is_static: bool
    estimates: Estimates
    samples: TrackSamples
    crops: Crops = field(repr=False)  # best pictures; not part of the JSON
    crop_predictions: CropPredictions = field(repr=False)


@dataclass(frozen=True, slots=True)
class PersonResult:
    person_id: int
    track_ids: tuple[int, ...]
    certainty: float  # 0-1, that these tracks are one individual
    in_view_s: float
    estimates: Estimates


Stage = Literal["decode", "detect", "track", "crop", "classify", "assemble"]


@dataclass(frozen=True, slots=True)
class VideoResult:
    """All that is known of one video; `analysis.serialize` turns it into the published JSON."""

    video: VideoFacts
    config: AnalysisConfig
    engine: EngineFacts
    weights: dict[str, WeightsFacts]
    warnings: tuple[VideoWarning, ...]
    shots: tuple[Shot, ...]
    tracks: tuple[TrackResult, ...]
    people: tuple[PersonResult, ...]
