"""What the command line does: one video by a crew of processes, into files that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tqdm import tqdm

from analysis.attributes import attributes
from analysis.config import AnalysisConfig
from analysis.crew import Crew
from analysis.serialize import from_json
from analysis.types import UNKNOWN, AgeEstimate, EmotionEstimate, LabelEstimate, PersonResult, VideoResult

BAR = "{desc}: {percentage:3.0f} % |{bar}| {elapsed}<{remaining}"


class OutputError(Exception):
    """A file that cannot be written; the message is a sentence for the user."""


def analyze_to_files(
    path: Path,
    config: AnalysisConfig,
    json_path: Path | None,
    annotated_path: Path | None,
    device: str = "auto",
    n_workers: int | None = None,
) -> VideoResult:
    """Analyze a video with a progress bar on standard error; write what is asked for; give the result.

    Raises:
        EngineError: the video cannot be analyzed, or its analysis failed. No file is left behind.
        OutputError: a file cannot be written there.
    """
    for wanted in (json_path, annotated_path):
        _check_writable(wanted)
    with Crew(device, n_workers) as crew, _bar("Analyzing") as note, crew.analyzed(path, config, note) as finished:
        made = finished.folder / "result.json"
        result = from_json(made.read_bytes())
        if annotated_path is not None:
            drawn = finished.folder / "annotated.mp4"
            with _bar("Drawing") as note_drawing:
                crew.annotate(path, made, drawn, note_drawing)
            _place(drawn, annotated_path)
        if json_path is not None:
            _place(made, json_path)
    return result


def summary_of(result: VideoResult) -> str:
    """What was found, in a few lines."""
    if not result.people:
        lines = ["Nobody was found."]
    else:
        n = len(result.people)
        people, tracks = ("person" if n == 1 else "people"), len(result.tracks)
        lines = [f"{n} {people}, {tracks} {'track' if tracks == 1 else 'tracks'}, {result.video.duration_s:.1f} s."]
    lines += [_about(person) for person in result.people]
    lines += [f"Note: {warning.text}" for warning in result.warnings]
    lines.append(f"Device: {result.engine.device} ({result.engine.runtime}, {result.engine.precision}).")
    return "\n".join(lines)


def _about(person: PersonResult) -> str:
    words = [f"Person {person.person_id}: in view {person.in_view_s:.1f} s"]
    for key, reading in person.estimates.readings.items():
        if isinstance(reading, AgeEstimate):
            words.append(f"age {reading.years} ({reading.low}-{reading.high})")
        elif isinstance(reading, LabelEstimate) and reading.label != UNKNOWN:
            words.append(f"{attributes()[key].spoken(reading.label)} {reading.confidence:.0%}")
        elif isinstance(reading, EmotionEstimate):
            words.append(f"mostly {reading.label}")
    return ", ".join(words) + "."


def _check_writable(path: Path | None) -> None:
    if path is None:
        return
    if path.is_dir() or not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise OutputError(f"The file {path} cannot be written.")


def _place(made: Path, wanted: Path) -> None:
    """Copy beside the wanted name, then rename: half a file is never seen under it."""
    handle, beside = tempfile.mkstemp(dir=wanted.parent, prefix=f".{wanted.name}.")
    os.close(handle)
    try:
        shutil.copyfile(made, beside)
        Path(beside).chmod(0o666 & ~_umask())
        Path(beside).replace(wanted)
    except OSError as error:
        Path(beside).unlink(missing_ok=True)
        raise OutputError(f"The file {wanted} cannot be written: {error.strerror}.") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextmanager
def _bar(title: str) -> Iterator[Callable[[float], None]]:
    """A bar on standard error; not begun before there is progress: a bad file gets its sentence alone."""
    bars: list[Any] = []

    def note(share: float) -> None:
        if not bars:
            bars.append(tqdm(total=100, desc=title, bar_format=BAR, leave=False))
        bars[0].update(max(0, round(100 * share) - bars[0].n))

    try:
        yield note
    finally:
        for bar in bars:
            bar.close()
