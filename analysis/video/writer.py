"""The annotated video: a copy with every found face boxed and named. Also the command that writes a still picture:

    python -m analysis.video.writer poster VIDEO OUT.jpg --at SECONDS

A refusal is printed as JSON, with exit code 2.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.types import UNKNOWN, Floats, Image, TrackResult, VideoResult
from analysis.video.drawing import TaggedBox, draw
from analysis.video.transcode import OnProgress, transcode

ANNOTATED_SIDE_PX = 1920
MAX_GAP_SAMPLES = 2.5  # boxes are moved evenly between samples this close to each other


@dataclass(frozen=True, slots=True)
class Annotation:
    """What is drawn for one track."""

    time_s: NDArray[np.float64]  # [n] of its samples
    end_s: float  # when the last box goes
    box: Floats  # [n, 4] x, y, width, height as fractions
    text: str  # such as "Person 3 · 34"
    emotion: tuple[str, ...] | None  # [n]

    def at(self, time_s: float, longest_gap_s: float, sample_s: float) -> TaggedBox | None:
        """What to draw at a time; None while the face is not in view."""
        i = int(np.searchsorted(self.time_s, time_s + 1e-9, side="right")) - 1
        if i < 0 or time_s >= self.end_s:
            return None
        start = self.time_s[i]
        box = self.box[i]
        if i + 1 < len(self.time_s) and self.time_s[i + 1] - start <= longest_gap_s:
            share = (time_s - start) / (self.time_s[i + 1] - start)
            box = box + (self.box[i + 1] - box) * share
        elif time_s >= start + sample_s:
            return None
        x, y, width, height = (float(v) for v in box)
        emotion = self.emotion[i] if self.emotion else None
        known = emotion if emotion and emotion != UNKNOWN else None
        return TaggedBox((x, y, width, height), f"{self.text} · {known}" if known else self.text, known)


def write_annotated(
    path: Path,
    result: VideoResult,
    out: Path,
    on_progress: OnProgress = lambda share: None,
    captions: Mapping[int, str] | None = None,
) -> None:
    """A copy of a video with boxes and names; `out` appears when it is whole.

    Args:
        captions: what to call people, by person id, such as a corrected name and age; others are called
            "Person 3 · 34".

    Raises:
        VideoError: nothing of the file can be read.
    """
    sample_s = 1 / result.config.sample_rate
    annotations = [annotation_of(track, _caption(result, track, captions or {})) for track in result.tracks]

    def paint(image: Image, time_s: float) -> None:
        draw(image, marks_at(annotations, time_s, sample_s))

    transcode(path, out, max_side_px=ANNOTATED_SIDE_PX, paint=paint, on_progress=on_progress)


def marks_at(annotations: Sequence[Annotation], time_s: float, sample_s: float) -> list[TaggedBox]:
    """All faces in view at a time."""
    marks = (annotation.at(time_s, MAX_GAP_SAMPLES * sample_s, sample_s) for annotation in annotations)
    return [mark for mark in marks if mark is not None]


def annotation_of(track: TrackResult, text: str) -> Annotation:
    samples = track.samples
    labels = samples.said.get("emotion")
    return Annotation(samples.time_s, track.end_s, samples.box, text, labels if isinstance(labels, tuple) else None)


def _caption(result: VideoResult, track: TrackResult, captions: Mapping[int, str]) -> str:
    if track.person_id in captions:
        return captions[track.person_id]
    person = next((person for person in result.people if person.person_id == track.person_id), None)
    age = (person or track).estimates.age
    return f"Person {track.person_id} · {age.years}" if age else f"Person {track.person_id}"


def main(arguments: list[str]) -> int:
    import argparse

    from analysis.video.errors import VideoError
    from analysis.video.limits import limit_this_process, refuse
    from analysis.video.proxy import make_poster

    parser = argparse.ArgumentParser(prog="python -m analysis.video.writer")
    commands = parser.add_subparsers(dest="command", required=True)
    poster = commands.add_parser("poster")
    poster.add_argument("video", type=Path)
    poster.add_argument("out", type=Path)
    poster.add_argument("--at", type=float, default=0.0)
    chosen = parser.parse_args(arguments)
    try:
        limit_this_process(cpu_s=60, memory_mb=2048)
        make_poster(chosen.video, chosen.out, chosen.at)
    except VideoError as error:
        return refuse(error)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
