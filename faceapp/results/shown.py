"""What may be seen of a run's results: what it computed, less what its project has switched off since.

Everything that pages, files and the API say of people is read through here, so that "off" holds everywhere at once.
What comes out looks as if the run had never computed what is off now; the stored rows and files stay as they are.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from analysis.attributes import attributes
from analysis.kinds import stored_names
from analysis.serialize import version_of
from analysis.types import Reading
from faceapp.results.models import Correction, Summary, Timeline
from faceapp.results.summaries import estimates_of
from faceapp.runs.models import Run

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class TrackTimeline:
    """The stored course of one track, without what is off."""

    track_id: int
    start_s: float
    end_s: float
    samples: Mapping[str, Any]
    crop_predictions: Mapping[str, Any]


def attributes_of(run: Run) -> tuple[str, ...]:
    """The switches of what was computed and is not switched off in the project since."""
    allowed = run.video.project.attributes
    return tuple(name for name in run.config["attributes"] if name in allowed)


def hides_computed(run: Run) -> bool:
    """Whether the run computed something that is off now."""
    return len(attributes_of(run)) < len(run.config["attributes"])


def hidden_keys(run: Run) -> frozenset[str]:
    """Every name under which what must not be seen is stored: of readings, columns of samples, pictures and lanes."""
    shown = attributes_of(run)
    hidden = (attribute for attribute in attributes().values() if attribute.switch.key not in shown)
    return frozenset(name for attribute in hidden for name in stored_names(attribute))


def without(values: Mapping[str, V], hidden: Collection[str]) -> dict[str, V]:
    return {key: value for key, value in values.items() if key not in hidden}


def shown_readings(row: Summary, hidden: Collection[str]) -> dict[str, Reading]:
    """What a stored person or track says."""
    return without(estimates_of(row).readings, hidden)


def standing_corrections(run: Run) -> list[Correction]:
    """Oldest first, without those that were undone and those that set a value that is off."""
    hidden = hidden_keys(run)
    standing = (each for each in run.corrections.all() if each.undone_at is None)
    return [each for each in standing if each.payload.get("field") not in hidden]


def timelines_of(run: Run, track_ids: Collection[int] | None = None) -> Iterator[TrackTimeline]:
    """The courses of these tracks, or of all, by track_id; one query, read a few at a time."""
    hidden = hidden_keys(run)
    rows = Timeline.objects.filter(track__run=run).order_by("track__track_id").select_related("track")
    if track_ids is not None:
        rows = rows.filter(track__track_id__in=track_ids)
    for row in rows.iterator(chunk_size=8):
        track = row.track
        samples, pictures = without(row.samples, hidden), without(row.crop_predictions, hidden)
        yield TrackTimeline(track.track_id, track.start_s, track.end_s, samples, pictures)


def columns_of_tracks(run: Run, track_ids: Collection[int], names: Sequence[str]) -> dict[int, dict[str, Any]]:
    """These columns of the samples of these tracks, by track_id, without what is off; one query, none for no tracks."""
    wanted = ("time_s", *without(dict.fromkeys(names), hidden_keys(run)))
    rows = Timeline.objects.filter(track__run=run, track__track_id__in=track_ids)
    found = rows.values_list("track__track_id", *(f"samples__{name}" for name in wanted)) if track_ids else ()
    return {
        track_id: {name: column for name, column in zip(wanted, columns, strict=True) if column is not None}
        for track_id, *columns in found
    }


def lanes_of(run: Run) -> dict[int, dict[str, Any]]:
    """What each track's lane is drawn from, by track_id; one query."""
    hidden = hidden_keys(run)
    lanes = Timeline.objects.filter(track__run=run).values_list("track__track_id", "lane")
    return {track_id: without(lane, hidden) for track_id, lane in lanes}


def expressions_of(runs: Iterable[Run]) -> Iterator[tuple[Any, int, list[float], list[str]]]:
    """The run's key, track_id, times and expressions of each track; nothing of runs whose expressions are off."""
    wanted = [run.pk for run in runs if "emotion" in attributes_of(run)]
    rows = Timeline.objects.filter(track__run__in=wanted).values_list(
        "track__run", "track__track_id", "samples__time_s", "samples__emotion"
    )
    yield from rows.iterator(chunk_size=64) if wanted else ()


def shown_weights(run: Run) -> dict[str, Any]:
    """The networks that were opened, without those that only serve what is off."""
    shown = attributes_of(run)
    serving = [(each.switch.key in shown, each.networks) for each in attributes().values()]
    kept = {name for is_shown, networks in serving if is_shown for name in networks}
    dropped = {name for is_shown, networks in serving if not is_shown for name in networks} - kept
    return without(run.weights, dropped)


def shown_result(run: Run) -> bytes:
    """The stored result.json without what is off; in the bytes of the engine's writer."""
    with run.result_file.open("rb") as file:
        document = json.load(file)
    hidden, weights = hidden_keys(run), shown_weights(run)
    document["version"] = version_of(attributes_of(run))
    document["config"]["attributes"] = list(attributes_of(run))
    document["weights"] = {name: facts for name, facts in document["weights"].items() if name in weights}
    document["tracks"] = [
        without(track, hidden) | {"samples": without(track["samples"], hidden)} for track in document["tracks"]
    ]
    document["people"] = [without(person, hidden) for person in document["people"]]
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"
