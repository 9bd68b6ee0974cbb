"""`VideoResult` ↔ the published JSON, and what was read of single crops ↔ npz; the only file that knows the keys.

Keys come in the order of docs/result-format.md and numbers are rounded (times 3 decimals, fractions 4, angles 1), so
that equal results are equal bytes.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.attributes import Kind, attributes, of_kind
from analysis.config import DEFAULT_SWITCHES, AnalysisConfig
from analysis.kinds import FORMS, result_key
from analysis.kinds import from_json as kind_from_json
from analysis.kinds import to_json as kind_to_json
from analysis.types import (
    EMBEDDING_LENGTH,
    CropPredictions,
    Crops,
    EngineFacts,
    Estimates,
    PersonResult,
    SampleColumn,
    Shot,
    TrackResult,
    TrackSamples,
    VideoFacts,
    VideoResult,
    VideoWarning,
    WeightsFacts,
)

FORMAT = "faceline.result"
FIRST_VERSION, VERSION = 1, 2  # the second is the first with keys of further attributes


class FormatError(ValueError):
    """Bytes that are no result of this format and version; the message is a sentence for the user."""


def to_json(result: VideoResult) -> bytes:
    """The result as UTF-8 JSON of the published format; equal results give equal bytes."""
    document = {
        "format": FORMAT,
        "version": version_of(result.config.attributes),
        "video": _video(result.video),
        "config": _config(result.config),
        "engine": {
            "version": result.engine.version,
            "device": result.engine.device,
            "runtime": result.engine.runtime,
            "precision": result.engine.precision,
        },
        "weights": {
            name: {"version": facts.version, "sha256": facts.sha256} for name, facts in sorted(result.weights.items())
        },
        "warnings": [_warning(warning) for warning in result.warnings],
        "shots": [{"start_s": _time(shot.start_s), "end_s": _time(shot.end_s)} for shot in result.shots],
        "tracks": [_track(track) for track in result.tracks],
        "people": [_person(person) for person in result.people],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def version_of(switches: Collection[str]) -> int:
    """The format's version with these on: the first, as long as it knows them all."""
    return FIRST_VERSION if set(switches) <= set(DEFAULT_SWITCHES) else VERSION


def from_json(content: bytes | str) -> VideoResult:
    """The result that `to_json` wrote; its tracks come without crops, which are not part of the JSON.

    Raises:
        FormatError: not a result of this format and version.
    """
    try:
        document = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FormatError("This is not a Faceline result.") from error
    return from_document(document)


def from_document(document: Any) -> VideoResult:
    """The same of a result that is parsed already.

    Raises:
        FormatError: not a result of this format and version.
    """
    try:
        if document["format"] != FORMAT:
            raise FormatError("This is not a Faceline result.")
        if document["version"] not in (FIRST_VERSION, VERSION):
            readable = f"{FIRST_VERSION} and {VERSION}"
            raise FormatError(f"This result has format version {document['version']}; this program reads {readable}.")
        return _read_document(document)
    except (KeyError, TypeError, AttributeError) as error:
        raise FormatError("This is not a Faceline result.") from error


# ---------------------------------------------------------------- writing


def _time(seconds: float) -> float:
    return round(float(seconds), 3) + 0.0  # + 0.0: no -0.0


def _fraction(value: float) -> float:
    return round(float(value), 4) + 0.0


def _column(values: ArrayLike, decimals: int) -> Any:
    """An array as (nested) lists of rounded numbers."""
    return (np.round(np.asarray(values, np.float64), decimals) + 0.0).tolist()


def _video(facts: VideoFacts) -> dict[str, Any]:
    return {
        "name": facts.name,
        "sha256": facts.sha256,
        "duration_s": _time(facts.duration_s),
        "width": facts.width,
        "height": facts.height,
        "frame_rate": _time(facts.frame_rate),
    }


def _config(config: AnalysisConfig) -> dict[str, Any]:
    values = config.to_dict()
    first = {"sample_rate": float(values.pop("sample_rate")), "attributes": values.pop("attributes")}
    return first | values


def _warning(warning: VideoWarning) -> dict[str, Any]:
    written: dict[str, Any] = {"code": warning.code, "text": warning.text}
    if warning.from_s is not None:
        written["from_s"] = _time(warning.from_s)
    return written


def _track(track: TrackResult) -> dict[str, Any]:
    written: dict[str, Any] = {
        "track_id": track.track_id,
        "person_id": track.person_id,
        "start_s": _time(track.start_s),
        "end_s": _time(track.end_s),
        "in_view_s": _time(track.in_view_s),
    }
    written |= _seconds(track.estimates)
    written["static"] = bool(track.is_static)
    return written | _estimates(track.estimates) | {"samples": _samples(track.samples)}


def _person(person: PersonResult) -> dict[str, Any]:
    written: dict[str, Any] = {
        "person_id": person.person_id,
        "track_ids": list(person.track_ids),
        "certainty": _fraction(person.certainty),
        "in_view_s": _time(person.in_view_s),
    }
    return written | _seconds(person.estimates) | _estimates(person.estimates)


def _seconds(estimates: Estimates) -> dict[str, Any]:
    """Spells summed up, which stand beside the seconds in view."""
    return {f"{key}_s": value for key, value in _written(estimates, {"spells"}).items()}


def _estimates(estimates: Estimates) -> dict[str, Any]:
    return _written(estimates, set(FORMS) - {"spells"})


def _written(estimates: Estimates, kinds: Collection[Kind]) -> dict[str, Any]:
    return {
        key: kind_to_json(attribute, estimates.readings[key])
        for key, attribute in attributes().items()
        if attribute.kind in kinds and key in estimates.readings
    }


def _samples(samples: TrackSamples) -> dict[str, Any]:
    written: dict[str, Any] = {
        "time_s": _column(samples.time_s, 3),
        "box": _column(samples.box, 4),
        "landmarks": _column(samples.landmarks, 4),
        "score": _column(samples.score, 4),
        "quality": _column(samples.quality, 4),
        "yaw": _column(samples.yaw, 1),
        "pitch": _column(samples.pitch, 1),
    }
    for name, values in samples.said.items():
        is_exact = isinstance(values, tuple) or values.dtype == np.bool_
        written[name] = np.asarray(values).tolist() if is_exact else _column(values, 4)
    return written


# ---------------------------------------------------------------- reading


def _read_document(document: dict[str, Any]) -> VideoResult:
    return VideoResult(
        video=VideoFacts(**document["video"]),
        config=AnalysisConfig.of_result(document["config"]),
        engine=EngineFacts(**document["engine"]),
        weights={name: WeightsFacts(**facts) for name, facts in document["weights"].items()},
        warnings=tuple(VideoWarning(**warning) for warning in document["warnings"]),
        shots=tuple(Shot(**shot) for shot in document["shots"]),
        tracks=tuple(_read_track(track) for track in document["tracks"]),
        people=tuple(_read_person(person) for person in document["people"]),
    )


def _read_track(written: dict[str, Any]) -> TrackResult:
    return TrackResult(
        track_id=written["track_id"],
        person_id=written["person_id"],
        start_s=written["start_s"],
        end_s=written["end_s"],
        in_view_s=written["in_view_s"],
        is_static=written["static"],
        estimates=_read_estimates(written),
        samples=_read_samples(written["samples"]),
        crops=NO_CROPS,
        crop_predictions=CropPredictions(np.zeros(0), np.zeros(0, np.float32)),
    )


def _read_person(written: dict[str, Any]) -> PersonResult:
    return PersonResult(
        person_id=written["person_id"],
        track_ids=tuple(written["track_ids"]),
        certainty=written["certainty"],
        in_view_s=written["in_view_s"],
        estimates=_read_estimates(written),
    )


def _read_estimates(written: dict[str, Any]) -> Estimates:
    """Keys of a plugin that is gone are passed over."""
    on = (attribute for attribute in attributes().values() if result_key(attribute) in written)
    return Estimates({each.key: kind_from_json(each, written[result_key(each)]) for each in on})


def _read_samples(columns: dict[str, Any]) -> TrackSamples:
    n = len(columns["time_s"])

    def floats(name: str, *shape: int) -> Any:
        return np.asarray(columns[name], np.float32).reshape(n, *shape)

    return TrackSamples(
        time_s=np.asarray(columns["time_s"], np.float64),
        box=floats("box", 4),
        landmarks=floats("landmarks", 5, 2),
        score=floats("score"),
        quality=floats("quality"),
        yaw=floats("yaw"),
        pitch=floats("pitch"),
        said=_read_over_time(columns),
    )


def _read_over_time(columns: dict[str, Any]) -> dict[str, SampleColumn]:
    said: dict[str, SampleColumn] = {}
    for attribute in of_kind("spells"):
        if attribute.column in columns:
            said[attribute.column] = np.asarray(columns[attribute.column], np.bool_)
    for attribute in of_kind("labels_over_time"):
        if attribute.key in columns:
            rows = np.asarray(columns[f"{attribute.key}_distribution"], np.float32)
            said[attribute.key] = tuple(columns[attribute.key])
            said[f"{attribute.key}_distribution"] = rows.reshape(-1, len(attribute.labels))
            if attribute.column in columns:
                said[attribute.column] = tuple(columns[attribute.column])
    for attribute in of_kind("strengths"):
        if attribute.key in columns:
            said[attribute.key] = np.asarray(columns[attribute.key], np.float32).reshape(-1, len(attribute.labels))
    return said


# ---------------------------------------------------------------- what single crops said; not part of the JSON


def save_crop_predictions(tracks: Sequence[TrackResult], path: Path) -> None:
    """Write what the networks said of single crops; equal predictions give equal bytes."""
    arrays: dict[str, NDArray[Any]] = {"track_ids": np.array([track.track_id for track in tracks], np.int64)}
    for track in tracks:
        read = track.crop_predictions
        columns: dict[str, NDArray[Any]] = {"time_s": read.time_s, "quality": read.quality, **read.said}
        arrays |= {f"{track.track_id}.{name}": column for name, column in columns.items()}
    np.savez(path, allow_pickle=False, **arrays)


def load_crop_predictions(path: Path) -> dict[int, CropPredictions]:
    """What `save_crop_predictions` wrote, by track id."""
    with np.load(path, allow_pickle=False) as stored:
        columns: dict[int, dict[str, NDArray[Any]]] = {track_id: {} for track_id in stored["track_ids"].tolist()}
        for member in stored.files:
            track_id, _, name = member.partition(".")
            if name:
                columns[int(track_id)][name] = stored[member]
    return {
        track_id: CropPredictions(said.pop("time_s"), said.pop("quality"), said) for track_id, said in columns.items()
    }


NO_CROPS = Crops(
    images=np.zeros((0, 1, 1, 3), np.uint8),
    sample=np.zeros(0, np.int64),
    quality=np.zeros(0, np.float32),
    embeddings=np.zeros((0, EMBEDDING_LENGTH), np.float32),
    read={},
)
