"""Makes the annotated video in a process of its own, with corrections applied:

    python -m analysis.video.annotate VIDEO RESULT.json NAMES.json OUT.mp4

NAMES.json is ``{"people": {track_id: person_id}, "captions": {person_id: text}}``: who each track belongs to now, and
what to call them. Progress goes to standard output as lines of one number, 0-1; a refusal as JSON, with exit code 2.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

from analysis.serialize import from_json
from analysis.types import VideoResult
from analysis.video.errors import VideoError
from analysis.video.limits import limit_this_process, refuse
from analysis.video.writer import write_annotated

CPU_S = 12 * 3600
MEMORY_MB = 4096


def regrouped(result: VideoResult, people: dict[str, int]) -> VideoResult:
    """The result with each track given to the person that corrections say."""
    tracks = tuple(
        replace(track, person_id=people.get(str(track.track_id), track.person_id)) for track in result.tracks
    )
    return replace(result, tracks=tracks)


def main(arguments: list[str]) -> int:
    video, result_file, names_file, out = map(Path, arguments)
    names = json.loads(names_file.read_text(encoding="utf-8"))
    result = regrouped(from_json(result_file.read_bytes()), names["people"])
    captions = {int(person_id): text for person_id, text in names["captions"].items()}
    limit_this_process(cpu_s=CPU_S, memory_mb=MEMORY_MB)
    try:
        write_annotated(video, result, out, say_progress, captions)
    except VideoError as error:
        return refuse(error)
    return 0


def say_progress(share: float) -> None:
    sys.stdout.write(f"{share:.4f}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
