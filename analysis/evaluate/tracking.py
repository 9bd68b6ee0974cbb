"""Measures following on scenes with known truth: HOTA, MOTA, IDF1, switches, and how many people were counted.

By TrackEval (Luiten et al. 2021; Bernardin & Stiefelhagen 2008 for MOTA; Ristani et al. 2016 for IDF1). A face that is
turned far, hidden, blurred or in a transition may be found or not: it counts neither way.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from functools import cache
from io import StringIO
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from analysis.config import AnalysisConfig
from analysis.evaluate.scenes.cast import Casting
from analysis.evaluate.scenes.kinds import KINDS
from analysis.evaluate.scenes.render import Truth, render
from analysis.evaluate.scenes.script import FRAME_RATE, write_script
from analysis.geometry import iou
from analysis.networks import Networks, open_networks
from analysis.pipeline import assemble, describe, observe, plan
from analysis.runtime import choose_device
from analysis.track.matching import match
from analysis.types import Floats, Integers, VideoResult
from models import registry

LEAST_OVERLAP = 0.5  # intersection over union
BACK_AFTER_S = 3.0  # seen again later than this, a face is another track of the same person
LEAST_PRESENCE_S = 1.0  # clear for less, a person need not be counted

NETWORKS = ("pnet", "rnet", "onet", "embedding")  # whose weights decide
SEEN_SHARE = 0.4  # of a face, enough to say that it is still there


class Faces(NamedTuple):
    """Faces of one sample."""

    ids: Integers  # [n]
    boxes: Floats  # [n, 4] xyxy, px


@dataclass(frozen=True, slots=True)
class SceneFigures:
    """TrackEval's sums for one scene, for tracks and for people, and the count."""

    number: int
    n_people: int  # who must be counted
    n_at_most: int  # with those who are hardly to be seen
    n_found: int
    n_tracks: int
    n_shots: int
    tracks: list[Any]  # of each metric
    people: list[Any]


@dataclass(frozen=True, slots=True)
class _Job:
    """One scene that is to be rendered, analyzed and compared."""

    data_dir: Path
    device: str
    seed: int
    number: int
    kind: str | None = None  # one of `KINDS`; None for a mixed scene


def evaluate_tracking(
    data_dir: Path, seed: int, n_scenes: int, n_workers: int, device: str, n_of_each_kind: int = 0
) -> dict[str, Any]:
    """Render scenes, analyze each as a user's video, and compare.

    Args:
        data_dir: the folder with `faces/` and `photos/`.
        seed: odd and even seeds show different people.
        n_scenes: mixed scenes; the figures at the top are of these alone.
        n_of_each_kind: further scenes of each of `KINDS`; their figures are under `kinds`.

    Raises:
        FileNotFoundError: a file of the data folder is missing.
        WeightsError, DeviceError: the engine cannot run.
    """
    job = _Job(data_dir, device, seed, 0)
    mixed = [replace(job, number=number) for number in range(n_scenes)]
    kinds = [replace(job, number=number, kind=kind) for kind in KINDS for number in range(n_of_each_kind)]
    done = _evaluate_all(mixed + kinds, n_workers)
    scenes = done[:n_scenes]
    of_kind = {
        kind: [scene for job, scene in zip(kinds, done[n_scenes:], strict=True) if job.kind == kind] for kind in KINDS
    }
    return {
        "seed": seed,
        "n_scenes": n_scenes,
        **summarize(scenes),
        "kinds": {kind: {"n_scenes": len(some), **summarize(some)} for kind, some in of_kind.items() if some},
        "weights": {name: registry.spec(name).sha256 for name in NETWORKS},
        "scenes": [_entry(scene) for scene in scenes],
    }


def _evaluate_all(jobs: Sequence[_Job], n_workers: int) -> list[SceneFigures]:
    if n_workers == 1:
        return [_evaluate_scene(job) for job in jobs]
    with ProcessPoolExecutor(n_workers, mp_context=get_context("spawn")) as pool:
        return list(pool.map(_evaluate_scene, jobs))


def summarize(scenes: Sequence[SceneFigures]) -> dict[str, Any]:
    """The figures of several scenes: sums first, ratios then."""
    n_tracks = sum(scene.n_tracks for scene in scenes)
    n_people = sum(scene.n_people for scene in scenes)
    figures = _figures([scene.tracks for scene in scenes], [scene.people for scene in scenes], n_tracks)
    missed = sum(max(scene.n_people - scene.n_found, scene.n_found - scene.n_at_most, 0) for scene in scenes)
    return {**figures, "count_error": round(missed / n_people, 4), "n_tracks": n_tracks, "n_people": n_people}


def _entry(scene: SceneFigures) -> dict[str, Any]:
    return {
        "scene": scene.number,
        "people": scene.n_people,
        "people_at_most": scene.n_at_most,
        "people_found": scene.n_found,
        "tracks": scene.n_tracks,
        "shots": scene.n_shots,
        **_figures([scene.tracks], [scene.people], scene.n_tracks),
    }


def _figures(tracks: list[list[Any]], people: list[list[Any]], n_tracks: int) -> dict[str, float]:
    of_tracks, of_people = _combined(tracks), _combined(people)
    figures = {
        "track_idf1": of_tracks["IDF1"],
        "person_idf1": of_people["IDF1"],
        "hota": float(np.mean(of_tracks["HOTA"])),
        "mota": of_tracks["MOTA"],
        "recall": of_tracks["CLR_Re"],
        "precision": of_tracks["CLR_Pr"],
        "switches_per_100_tracks": 100 * of_tracks["IDSW"] / n_tracks,
    }
    return {name: round(float(value), 4) for name, value in figures.items()}


# --- one scene ---


def _evaluate_scene(job: _Job) -> SceneFigures:
    casting, networks = _opened(job.data_dir, job.device)
    script = (write_script if job.kind is None else KINDS[job.kind])(job.seed, job.number)
    with tempfile.TemporaryDirectory(prefix="faceline-") as folder:
        path = Path(folder) / "scene.mp4"
        cast = casting.choose(job.seed, job.number, script.n_people)
        truth = render(script, cast, casting.backgrounds, path)
        result = _analyzed(path, networks)
    return compare(job.number, truth, result)


@cache
def _opened(data_dir: Path, device: str) -> tuple[Casting, Networks]:
    import cv2

    cv2.setNumThreads(1)
    chosen = choose_device(device)
    return Casting(data_dir, chosen), open_networks(AnalysisConfig(), chosen)


def _analyzed(path: Path, networks: Networks) -> VideoResult:
    config = networks.config
    observations = [observe(path, chunk, config, networks) for chunk in plan(path, config)]
    return assemble(describe(path), observations, config, networks)


def compare(number: int, truth: Truth, result: VideoResult) -> SceneFigures:
    """The figures of one scene whose result is at hand."""
    visits, rate = _visits(truth), result.config.sample_rate
    tracks = [_judged(truth, visits, found, k / rate) for k, found in enumerate(_found(result, "track_id"))]
    people = [_judged(truth, truth.person, found, k / rate) for k, found in enumerate(_found(result, "person_id"))]
    return SceneFigures(
        number=number,
        n_people=_n_present(truth),
        n_at_most=len(np.unique(truth.person[truth.visible >= SEEN_SHARE])),
        n_found=len(result.people),
        n_tracks=len(np.unique(visits[truth.is_clear])),
        n_shots=len(truth.shot_starts_s) + 1,
        tracks=_measured(tracks),
        people=_measured(people),
    )


def _visits(truth: Truth) -> Integers:
    """[n]: the number of the track that each row is part of: one person, one shot, no long absence."""
    visits = np.zeros(len(truth.frame), np.int64)
    n_visits = 0
    for person, shot in sorted(set(zip(truth.person.tolist(), truth.shot.tolist(), strict=True))):
        rows = np.flatnonzero((truth.person == person) & (truth.shot == shot))
        is_seen = truth.visible[rows] >= SEEN_SHARE
        last_seen = np.maximum.accumulate(np.where(is_seen, truth.frame[rows], truth.frame[rows[0]]))
        away = truth.frame[rows[1:]] - last_seen[:-1]
        is_back = np.concatenate([[False], is_seen[1:] & (away > BACK_AFTER_S * FRAME_RATE)])
        visits[rows] = n_visits + np.cumsum(is_back)
        n_visits = int(visits[rows[-1]]) + 1
    return visits


def _n_present(truth: Truth) -> int:
    _, n_clear = np.unique(truth.person[truth.is_clear], return_counts=True)
    return int((n_clear >= LEAST_PRESENCE_S * FRAME_RATE).sum())


def _found(result: VideoResult, name: str) -> list[Faces]:
    """What the result says of each sample, by this id."""
    samples = range(int(np.ceil(result.video.duration_s * result.config.sample_rate - 1e-6)))
    size = np.array([result.video.width, result.video.height], np.float32)
    rows: list[list[tuple[int, Floats]]] = [[] for _ in samples]
    for track in result.tracks:
        told = track.samples
        boxes = np.concatenate([told.box[:, :2], told.box[:, :2] + told.box[:, 2:]], axis=1) * np.tile(size, 2)
        for time_s, box in zip(told.time_s.tolist(), boxes, strict=True):
            rows[round(time_s * result.config.sample_rate)].append((getattr(track, name), box))
    return [_faces([i for i, _ in row], [box for _, box in row]) for row in rows]


def _judged(truth: Truth, ids: Integers, found: Faces, time_s: float) -> tuple[Faces, Faces]:
    """(true, found) faces of a sample, without those that may be found or not, and without what was found there."""
    rows = truth.at(time_s)
    boxes, is_clear = truth.boxes[rows], truth.is_clear[rows]
    costs = 1 - iou(boxes, found.boxes).astype(np.float64)
    pairs = match(costs, 1 - LEAST_OVERLAP)
    optional = {column for row, column in pairs if not is_clear[row]}
    kept = np.array([column not in optional for column in range(len(found.ids))], np.bool_)
    return Faces(ids[rows][is_clear], boxes[is_clear]), Faces(found.ids[kept], found.boxes[kept])


# --- TrackEval ---


@cache
def _metrics() -> tuple[Any, ...]:
    with redirect_stdout(StringIO()):  # it tells of data sets that it cannot read
        from trackeval.metrics import CLEAR, HOTA, Identity
    quiet = {"PRINT_CONFIG": False}
    return HOTA(), CLEAR(quiet | {"THRESHOLD": LEAST_OVERLAP}), Identity(quiet | {"THRESHOLD": LEAST_OVERLAP})


def _measured(samples: Sequence[tuple[Faces, Faces]]) -> list[Any]:
    """The sums of each metric."""
    true_ids, n_true = _counted_from_0([true.ids for true, _ in samples])
    found_ids, n_found = _counted_from_0([found.ids for _, found in samples])
    data = {
        "num_timesteps": len(samples),
        "num_gt_ids": n_true,
        "num_tracker_ids": n_found,
        "num_gt_dets": sum(len(ids) for ids in true_ids),
        "num_tracker_dets": sum(len(ids) for ids in found_ids),
        "gt_ids": true_ids,
        "tracker_ids": found_ids,
        "similarity_scores": [iou(true.boxes, found.boxes).astype(np.float64) for true, found in samples],
    }
    with redirect_stdout(StringIO()):
        return [metric.eval_sequence(data) for metric in _metrics()]


def _counted_from_0(ids: list[Integers]) -> tuple[list[Integers], int]:
    known = np.unique(np.concatenate(ids))
    return [np.searchsorted(known, each) for each in ids], len(known)


def _combined(scenes: Sequence[list[Any]]) -> dict[str, Any]:
    """The metrics over several scenes, from their sums."""
    figures: dict[str, Any] = {}
    for metric, parts in zip(_metrics(), zip(*scenes, strict=True), strict=True):
        figures |= metric.combine_sequences(dict(enumerate(parts)))
    return figures


def _faces(ids: list[int], boxes: list[Floats]) -> Faces:
    if not ids:
        return Faces(np.zeros(0, np.int64), np.zeros((0, 4), np.float32))
    return Faces(np.array(ids, np.int64), np.stack(boxes).astype(np.float32))
