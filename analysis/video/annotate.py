"""The annotated video with corrections applied.

A file of names is ``{"people": {track_id: person_id}, "captions": {person_id: text}}``: who each track belongs to now,
and what to call them.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from analysis.serialize import from_json
from analysis.types import VideoResult
from analysis.video.transcode import OnProgress
from analysis.video.writer import write_annotated


def annotate(video: Path, result_json: Path, names_json: Path | None, out: Path, on_progress: OnProgress) -> None:
    """Draw a stored result into a copy of its video; without names, as the engine grouped and counted people.

    Raises:
        VideoError: nothing of the file can be read.
    """
    result, captions = from_json(result_json.read_bytes()), None
    if names_json is not None:
        names = json.loads(names_json.read_text(encoding="utf-8"))
        result = regrouped(result, names["people"])
        captions = {int(person_id): text for person_id, text in names["captions"].items()}
    write_annotated(video, result, out, on_progress, captions)


def regrouped(result: VideoResult, people: dict[str, int]) -> VideoResult:
    """The result with each track given to the person that corrections say."""
    tracks = tuple(
        replace(track, person_id=people.get(str(track.track_id), track.person_id)) for track in result.tracks
    )
    return replace(result, tracks=tracks)
