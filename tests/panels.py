"""Videos with many people of known readings, as rows: a panel of viewers for pages that sum people up."""

from __future__ import annotations

import math
from typing import Any
from uuid import uuid4

import numpy as np
from django.utils import timezone

from analysis.builtin_attributes import ETHNICITIES
from analysis.config import AnalysisConfig
from analysis.types import EMOTIONS, UNKNOWN, AgeEstimate, EmotionEstimate, Estimates, LabelEstimate
from faceapp.library.models import Project, Video
from faceapp.results.models import Person, Timeline, Track
from faceapp.results.summaries import columns_of
from faceapp.results.timeline import lane_of
from faceapp.runs.models import Run

RATE = 5.0  # samples per second
SHIFT_S = 2.0  # people come and go within this


def make_panel(
    project: Project,
    name: str,
    n_people: int,
    *,
    happy: float = 0.2,
    watching: float = 0.6,
    female: float = 0.5,
    duration_s: float = 20.0,
    peak_s: float = 8.0,
    seed: int = 1,
) -> Video:
    """A video with a finished run.

    Args:
        happy: share of the people who smile around `peak_s`.
        watching: share of them who look at the camera.
        female: share of them who are read as female.
    """
    rng = np.random.default_rng(seed)
    video = _video(project, name, duration_s)
    config = AnalysisConfig(attributes=project.attributes, sample_rate=RATE)
    run = Run.objects.create(
        video=video,
        state=Run.State.SUCCEEDED,
        config=config.to_dict(),
        shots=[[0.0, duration_s]],
        started_at=timezone.now(),
        finished_at=timezone.now(),
    )
    for k in range(1, n_people + 1):
        _make_person(run, config, k, rng, happy, watching, female, duration_s, peak_s)
    return video


def _video(project: Project, name: str, duration_s: float) -> Video:
    return Video.objects.create(
        project=project, name=name, file=f"videos/{uuid4()}", size_bytes=1000, sha256=uuid4().hex * 2, container="mp4",
        codec="h264", width_px=1280, height_px=720, frame_rate=25.0, duration_s=duration_s,
    )  # fmt: skip


def _make_person(
    run: Run, config: AnalysisConfig, k: int, rng: np.random.Generator, happy: float, watching: float, female: float,
    duration_s: float, peak_s: float,
) -> None:  # fmt: skip
    start_s = round(float(rng.uniform(0, SHIFT_S)) * RATE) / RATE
    end_s = round(float(rng.uniform(duration_s - SHIFT_S, duration_s)) * RATE) / RATE
    samples = _samples(rng, start_s, end_s, rng.random() < happy, rng.random() < watching, peak_s)
    estimates = _estimates(rng, samples, female)
    columns = columns_of(
        round(end_s - start_s, 3), Estimates({key: estimates[key] for key in estimates if _is_on(run, key)})
    )
    person = Person.objects.create(run=run, person_id=k, certainty=0.95, start_s=start_s, end_s=end_s, **columns)
    track = Track.objects.create(
        run=run, person=person, track_id=k, start_s=start_s, end_s=end_s, quality=0.8, **columns
    )
    Timeline.objects.create(track=track, samples=samples, lane=lane_of(samples, end_s, config))


def _is_on(run: Run, key: str) -> bool:
    return {"age": "age_gender", "gender": "age_gender"}.get(key, key) in run.config["attributes"]


def _samples(
    rng: np.random.Generator, start_s: float, end_s: float, smiles: bool, watches: bool, peak_s: float
) -> dict[str, Any]:
    times = [round(start_s + k / RATE, 3) for k in range(int((end_s - start_s) * RATE))]
    from_s, until_s = peak_s + rng.uniform(-1, 1), peak_s + rng.uniform(2, 6)
    shown = ["Happy" if smiles and from_s <= time_s < until_s else "Neutral" for time_s in times]
    odd = str(rng.choice(["Surprised", "Sad", "Angry"]))
    at = int(rng.integers(len(shown)))
    upto = min(at + int(rng.integers(0, 8)), len(shown))
    shown[at:upto] = [odd] * (upto - at)
    looking_s = rng.lognormal(1.2, 0.6) if watches else 0.0
    n = len(shown)
    return {
        "time_s": times[:n],
        "box": [[0.4, 0.3, 0.1, 0.2]] * n,
        "score": [0.99] * n,
        "quality": [0.8] * n,
        "yaw": [0.0] * n,
        "pitch": [0.0] * n,
        "looking": [time_s < start_s + looking_s for time_s in times[:n]],
        "emotion": shown,
        "emotion_distribution": [[float(label == name) for name in EMOTIONS] for label in shown],
    }


def _estimates(rng: np.random.Generator, samples: dict[str, Any], female: float) -> dict[str, Any]:
    shown = samples["emotion"]
    shares = {name: shown.count(name) / len(shown) for name in (*EMOTIONS, UNKNOWN)}
    years = int(np.clip(math.floor(rng.gamma(9, 4)), 5, 90))
    gender = "female" if rng.random() < female else "male"
    looked_s = sum(samples["looking"]) / RATE
    return {
        "age": AgeEstimate(years, max(years - 5, 0), years + 5),
        "gender": LabelEstimate(
            gender, 0.9, {"female": 0.9, "male": 0.1} if gender == "female" else {"female": 0.1, "male": 0.9}
        ),
        "ethnicity": _ethnicity(rng),
        "emotion": EmotionEstimate(max(shares, key=lambda name: shares[name]), shares),
        "attention": looked_s if looked_s >= 0.5 else 0.0,
    }


def _ethnicity(rng: np.random.Generator) -> LabelEstimate:
    label = str(rng.choice(ETHNICITIES))
    return LabelEstimate(label, 0.8, {each: 0.8 if each == label else 0.05 for each in ETHNICITIES})
