"""What it takes to store the result of a long video: computing time and memory of the worker, in a database of its own.

    FACELINE_HOME=$(mktemp -d) .venv/bin/python scripts/measure_storing.py RESULT_FOLDER --hours 4

RESULT_FOLDER holds what an assembly leaves (`result.json`, `crops.npz`). Its tracks are repeated, later each time,
until they fill the hours. FACELINE_HOME must be a new folder: a project, a video and a run are made in it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import django
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "faceapp.settings")
django.setup()

from django.core.management import call_command  # noqa: E402

from faceapp.accounts.models import Team  # noqa: E402
from faceapp.library.models import Project, Video  # noqa: E402
from faceapp.results.assembled import read_assembled  # noqa: E402
from faceapp.results.services import store_result  # noqa: E402
from faceapp.runs.models import Assembly, Run  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--hours", type=float, default=4.0)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        writer = get_context("spawn").Process(target=write_long, args=(options.folder, folder, options.hours * 3600))
        writer.start()  # in a process of its own, so that its memory is not counted
        writer.join()
        run = make_run(json.loads((options.folder / "result.json").read_bytes()))
        before_mb, began_s = peak_mb(), time.process_time()
        assert store_result(run=run, assembled=read_assembled(folder))
        took_s = time.process_time() - began_s
        size_mb = (folder / "result.json").stat().st_size / 1e6
    facts = {"json_mb": round(size_mb, 1), "tracks": run.tracks.count(), "cpu_s": round(took_s, 1)}
    print(json.dumps(facts | {"grown_mb": round(peak_mb() - before_mb)}))  # noqa: T201


def write_long(source: Path, target: Path, length_s: float) -> None:
    """A result whose tracks repeat those of `source` until `length_s`; `portraits/` stays empty."""
    document = json.loads((source / "result.json").read_bytes())
    duration_s = document["video"]["duration_s"]
    tracks, people = document["tracks"], document["people"]
    n = round(length_s / duration_s)
    document["video"]["duration_s"] = n * duration_s
    document["shots"] = [shifted_span(shot, k * duration_s) for k in range(n) for shot in document["shots"]]
    document["tracks"] = [shifted(track, k, len(tracks), len(people), duration_s) for k in range(n) for track in tracks]
    document["people"] = [person_of(person, k, len(tracks), len(people)) for k in range(n) for person in people]
    (target / "result.json").write_bytes(json.dumps(document, separators=(",", ":")).encode())
    with np.load(source / "crops.npz", allow_pickle=False) as stored:
        ids = stored["track_ids"]
        crops: dict[str, Any] = {"track_ids": np.concatenate([ids + k * len(tracks) for k in range(n)])}
        for member in stored.files:
            track_id, _, name = member.partition(".")
            if name:
                crops |= {f"{int(track_id) + k * len(tracks)}.{name}": stored[member] for k in range(n)}
    np.savez(target / "crops.npz", **crops)


def shifted_span(span: dict[str, float], by_s: float) -> dict[str, float]:
    return {name: round(value + by_s, 3) for name, value in span.items()}


def shifted(track: dict[str, Any], k: int, n_tracks: int, n_people: int, duration_s: float) -> dict[str, Any]:
    times_s = [round(time_s + k * duration_s, 3) for time_s in track["samples"]["time_s"]]
    span = shifted_span({name: track[name] for name in ("start_s", "end_s")}, k * duration_s)
    ids = {"track_id": track["track_id"] + k * n_tracks, "person_id": track["person_id"] + k * n_people}
    return track | ids | span | {"samples": track["samples"] | {"time_s": times_s}}


def person_of(person: dict[str, Any], k: int, n_tracks: int, n_people: int) -> dict[str, Any]:
    track_ids = [track_id + k * n_tracks for track_id in person["track_ids"]]
    return person | {"person_id": person["person_id"] + k * n_people, "track_ids": track_ids}


def make_run(document: dict[str, Any]) -> Run:
    project = Project.objects.create(team=Team.objects.create(name="Team"), name="Project")
    facts = document["video"]
    video = Video.objects.create(
        project=project, name="long.mp4", file="videos/long", size_bytes=1, sha256=facts["sha256"], container="mp4",
        codec="h264", width_px=facts["width"], height_px=facts["height"], frame_rate=facts["frame_rate"],
        duration_s=facts["duration_s"],
    )  # fmt: skip
    run = Run.objects.create(video=video, state=Run.State.ASSEMBLING, config=document["config"])
    Assembly.objects.create(run=run, state=Assembly.State.LEASED, attempt=1)
    return run


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
