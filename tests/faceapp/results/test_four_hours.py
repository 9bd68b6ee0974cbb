"""A four-hour video with thousands of tracks. What the page loads stays small, quick, and of few queries."""

from __future__ import annotations

import gzip
import time
from typing import Any

import pytest
from django.urls import reverse

from analysis.config import AnalysisConfig
from analysis.types import EMOTIONS
from faceapp.results.models import Person, Timeline, Track
from faceapp.results.timeline import lane_of
from faceapp.results.views import BOXES_S
from faceapp.runs.models import Run

pytestmark = pytest.mark.slow

HOURS, N_TRACKS, N_PEOPLE, RATE = 4, 4000, 400, 5
TRACK_S = 12.0
N_SAMPLES = round(TRACK_S * RATE)


@pytest.fixture
def four_hours(video: Any, alice: Any) -> Run:
    """About three faces in view at any time, 240,000 samples, stored as a worker stores them."""
    video.duration_s = HOURS * 3600.0
    video.save()
    config = AnalysisConfig()
    run = Run.objects.create(video=video, started_by=alice, state=Run.State.SUCCEEDED, config=config.to_dict())
    people = Person.objects.bulk_create(
        Person(run=run, person_id=n, certainty=0.9, start_s=0.0, end_s=video.duration_s, in_view_s=120.0)
        for n in range(1, N_PEOPLE + 1)
    )
    tracks = Track.objects.bulk_create(
        Track(
            run=run,
            person=people[n % N_PEOPLE],
            track_id=n + 1,
            start_s=start_s(n),
            end_s=start_s(n) + TRACK_S,
            in_view_s=TRACK_S,
            quality=0.5,
        )
        for n in range(N_TRACKS)
    )
    for first in range(0, N_TRACKS, 500):
        some = [(track, columns(track.start_s)) for track in tracks[first : first + 500]]
        Timeline.objects.bulk_create(
            Timeline(track=track, samples=samples, lane=lane_of(samples, track.end_s, config))
            for track, samples in some
        )
    return run


def start_s(n: int) -> float:
    return round(n * (HOURS * 3600 - TRACK_S) / N_TRACKS * RATE) / RATE


def columns(begin_s: float) -> dict[str, Any]:
    """An expression that changes every 3 s, a look every other second."""
    return {
        "time_s": [round(begin_s + k / RATE, 3) for k in range(N_SAMPLES)],
        "box": [[0.1234 + k / 1000, 0.2345, 0.0567, 0.0789] for k in range(N_SAMPLES)],
        "emotion": [EMOTIONS[k // 15 % 4] for k in range(N_SAMPLES)],
        "emotion_distribution": [[0.1, 0.3, 0.2, 0.2, 0.1, 0.1]] * N_SAMPLES,
        "looking": [k // 5 % 2 == 0 for k in range(N_SAMPLES)],
    }


def test_lanes_boxes_and_page_stay_small_and_quick(
    four_hours: Run, alice_client: Any, django_assert_max_num_queries: Any
) -> None:
    video = four_hours.video_id
    with django_assert_max_num_queries(14), at_most(6.0):
        lanes = alice_client.get(reverse("results:timeline", args=[video])).content
    assert len(gzip.compress(lanes, 6)) < 400_000
    assert len(lanes) < 2_500_000

    middle = HOURS * 1800 // BOXES_S * BOXES_S
    with django_assert_max_num_queries(10), at_most(1.0):
        boxes = alice_client.get(reverse("results:boxes", args=[video]), {"run": four_hours.pk, "from": middle})
    assert 8 <= len(boxes.json()["tracks"]) <= 20
    assert len(boxes.content) < 50_000

    with django_assert_max_num_queries(20), at_most(6.0):
        page = alice_client.get(reverse("results:video_detail", args=[video])).content
    assert len(gzip.compress(page, 6)) < 300_000


class at_most:  # noqa: N801  # reads as a statement
    """Computing time of a block, s: waiting for a busy machine does not count."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __enter__(self) -> None:
        self.begun_s = time.process_time()

    def __exit__(self, *_: object) -> None:
        took_s = time.process_time() - self.begun_s
        assert took_s < self.seconds, f"{took_s:.1f} s, not {self.seconds} s"
