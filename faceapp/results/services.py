"""All that is written of a run's results: the estimates once, corrections on top of them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import transaction

from analysis.types import TrackResult, VideoResult
from faceapp.results.assembled import Assembled
from faceapp.results.corrections.making import (
    CorrectionRefused,
    correct_person,
    merge_people,
    move_track,
    rename_person,
    undo,
)
from faceapp.results.models import Person, Timeline, Track
from faceapp.results.summaries import columns_of
from faceapp.results.timeline import lane_of
from faceapp.runs import files
from faceapp.runs.models import Run
from faceapp.runs.transitions import finish_run

__all__ = ["CorrectionRefused", "correct_person", "merge_people", "move_track", "rename_person", "store_result", "undo"]


class _LateResultError(Exception):
    """Another worker's attempt is the current one, or the run is no longer wanted."""


def store_result(*, run: Run, assembled: Assembled, attempt: int | None = None) -> bool:
    """Store a result: files first, then every row and the run's success in one transaction.

    Args:
        run: in state `assembling`, its assembly claimed.
        assembled: what the engine left; its files are linked into their places, not written again.
        attempt: of the caller's claim of the assembly; None: the run's current one.

    Returns:
        False when the attempt is not the current one or the run was canceled; nothing is changed then.
    """
    name = files.result_name(run.pk)
    files.put(assembled.json_path, name)  # equal results are equal bytes: an earlier attempt's is replaced by itself
    for (track_id, n), jpeg in assembled.portraits.items():
        files.put(jpeg, files.portrait_name(run.pk, track_id, n))
    files.flush_all()
    try:
        with transaction.atomic():
            facts = _facts(assembled.result)
            if not finish_run(run=run, attempt=attempt or run.assembly.attempt, result_file=name, **facts):
                raise _LateResultError
            _store_rows(run, assembled)
    except _LateResultError:
        if not Run.objects.filter(pk=run.pk, state__in=(Run.State.SUCCEEDED, Run.State.ASSEMBLING)).exists():
            files.remove_results(run.pk)
        return False
    run.refresh_from_db()
    return True


def _facts(result: VideoResult) -> dict[str, Any]:
    engine = result.engine
    return {
        "warnings": [{"code": each.code, "text": each.text, "from_s": each.from_s} for each in result.warnings],
        "device": f"{engine.device}, {engine.runtime}, {engine.precision}",
        "engine": {
            "version": engine.version,
            "device": engine.device,
            "runtime": engine.runtime,
            "precision": engine.precision,
        },
        "weights": {name: {"version": facts.version, "sha256": facts.sha256} for name, facts in result.weights.items()},
        "shots": [[round(shot.start_s, 3), round(shot.end_s, 3)] for shot in result.shots],
    }


def _store_rows(run: Run, assembled: Assembled) -> None:
    """Rows hold the numbers of the published JSON, digit for digit."""
    result = assembled.result
    spans = {track.track_id: (track.start_s, track.end_s) for track in result.tracks}
    people = Person.objects.bulk_create(
        Person(
            run=run,
            person_id=person.person_id,
            certainty=person.certainty,
            start_s=min(spans[track_id][0] for track_id in person.track_ids),
            end_s=max(spans[track_id][1] for track_id in person.track_ids),
            **columns_of(person.in_view_s, person.estimates),
        )
        for person in result.people
    )
    row_of = {person.person_id: person for person in people}
    n_portraits = Counter(track_id for track_id, _ in assembled.portraits)
    tracks = Track.objects.bulk_create(
        Track(
            run=run,
            person=row_of[track.person_id],
            track_id=track.track_id,
            start_s=track.start_s,
            end_s=track.end_s,
            is_static=track.is_static,
            quality=max(track.samples.quality.tolist(), default=0.0),
            n_portraits=n_portraits[track.track_id],
            **columns_of(track.in_view_s, track.estimates),
        )
        for track in result.tracks
    )
    Timeline.objects.bulk_create(
        [
            Timeline(
                track=row,
                samples=samples,
                lane=lane_of(samples, row.end_s, result.config),
                crop_predictions=_crop_columns(track),
            )
            for row, samples, track in zip(tracks, assembled.samples, result.tracks, strict=True)
        ],
        batch_size=100,
    )


def _crop_columns(track: TrackResult) -> dict[str, list[float]]:
    read = track.crop_predictions
    columns: dict[str, Any] = {"time_s": read.time_s, "quality": read.quality, **read.said}
    return {name: column.round(4).tolist() for name, column in columns.items()}
