"""Makes what the first page shows of the sample: its lanes, its people and one picture, from a real analysis of it.

    .venv/bin/python scripts/make_sample_preview.py        # `make sample` runs it after the video is made

Writes static/sample/preview.json (who is seen, and where at the moment of the picture), timeline.json (the lanes, as
every video page loads them), still.jpg and face-<person>.jpg. Works in a temporary folder, not in the installation.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "static" / "sample" / "faceline-sample.mp4"
MOST_ROWS = 8  # people whose rows fit the card
FACE_PX = 64


def main() -> None:
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as home:
        os.environ["FACELINE_CACHE"] = os.environ.get("FACELINE_CACHE") or str(ROOT / "var" / "cache")
        os.environ["FACELINE_HOME"] = home
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "faceapp.settings")
        _write(_analyzed())


def _analyzed() -> Any:
    """A finished run of the sample, in a database that is gone afterwards."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from analysis.config import AnalysisConfig
    from analysis.crew import Crew
    from faceapp.accounts.models import User
    from faceapp.accounts.services import create_team
    from faceapp.results.assembled import read_assembled
    from faceapp.results.sample import open_sample
    from faceapp.results.services import store_result
    from faceapp.runs.models import Assembly, Run

    user = User.objects.create_user("sample")
    run = open_sample(team=create_team(name="Sample", owner=user), user=user).runs.get()
    Run.objects.update(state=Run.State.ASSEMBLING)
    Assembly.objects.update(state=Assembly.State.LEASED, attempt=1)
    config = AnalysisConfig.from_dict(run.config)
    with Crew("auto", None) as crew, crew.analyzed(SAMPLE, config, lambda *_: None) as finished:
        run.refresh_from_db()
        if not store_result(run=run, assembled=read_assembled(finished.folder)):
            raise SystemExit("The result could not be stored.")
    run.refresh_from_db()
    return run


def _write(run: Any) -> None:
    from faceapp.library import probing
    from faceapp.results.people import people_of
    from faceapp.results.timeline import timeline_of

    for old in SAMPLE.parent.glob("face-*.jpg"):
        old.unlink()
    people = sorted(people_of(run), key=lambda person: (-person.in_view_s, person.person_id))
    shown = people[:MOST_ROWS]
    at_s = _fullest_moment(people, run.video.duration_s)
    for person in shown:
        _write_face(run, person)
    timeline = timeline_of(run)
    timeline["people"] = [each for each in timeline["people"] if each["person_id"] in {one.person_id for one in shown}]
    preview = {
        "sha256": hashlib.sha256(SAMPLE.read_bytes()).hexdigest(),
        "duration_s": run.video.duration_s,
        "width_px": run.video.width_px,
        "height_px": run.video.height_px,
        "n_people": len(people),
        "at_s": at_s,
        "people": [_row_of(person) for person in shown],
        "faces": _faces_at(run, people, at_s),
    }
    for name, content in (("preview.json", preview), ("timeline.json", timeline)):
        (SAMPLE.parent / name).write_text(json.dumps(content, separators=(",", ":")) + "\n")
    if not probing.make_poster(SAMPLE, SAMPLE.parent / "still.jpg", at_s=at_s):
        raise SystemExit("No picture of the sample could be made.")


def _fullest_moment(people: Any, duration_s: float) -> float:
    """When most people are in view, a second or more into a track of each; s."""
    moments = [second + 0.5 for second in range(int(duration_s))]
    tracks = [track for person in people for track in person.tracks]
    return max(moments, key=lambda time_s: sum(track.start_s < time_s < track.end_s for track in tracks))


def _row_of(person: Any) -> dict[str, Any]:
    return {
        "person_id": person.person_id,
        "name": person.name,
        "age": [person.age.years, person.age.low, person.age.high] if person.age else None,
        "shares": person.emotion.shares if person.emotion else None,
        "in_view_s": person.in_view_s,
    }


def _faces_at(run: Any, people: Any, at_s: float) -> list[dict[str, Any]]:
    """Name, what is shown, and the box as percent of the picture (x, y, width, height)."""
    faces = []
    for person in people:
        for track in person.tracks:
            if not track.start_s <= at_s < track.end_s:
                continue
            samples = run.tracks.get(track_id=track.track_id).timeline.samples
            n = min(range(len(samples["time_s"])), key=lambda k: abs(samples["time_s"][k] - at_s))
            box = [round(100 * part, 2) for part in samples["box"][n]]
            label = samples["emotion"][n] if samples.get("emotion") else ""
            faces.append({"name": person.name, "shows": label, "box": box})
    return faces


def _write_face(run: Any, person: Any) -> None:
    from django.core.files.storage import default_storage
    from PIL import Image

    from faceapp.runs.files import portrait_name

    with default_storage.open(portrait_name(run.pk, *person.portrait)) as file:
        picture = Image.open(file).convert("RGB").resize((FACE_PX, FACE_PX), Image.Resampling.LANCZOS)
    picture.save(SAMPLE.parent / f"face-{person.person_id}.jpg", quality=82)


if __name__ == "__main__":
    main()
