"""The examples of the documentation are run, and its tables name every column there is."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from faceapp.accounts.services import create_token
from faceapp.reports import tables
from faceapp.reports.audience import tables as audience_tables

ROOT = Path(__file__).resolve().parents[2]
HOW_TO = ROOT / "docs/how-to"
SAMPLE = ROOT / "static/sample/faceline-sample.mp4"


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (HOW_TO / page).read_text(encoding="utf-8"), re.DOTALL)


def run(command: list[str], folder: Path, **variables: str) -> str:
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **variables}, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def surroundings(live_server: Any, alice: Any, project: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setattr("faceapp.runs.dispatch.notify_workers", lambda n=1: True)
    monkeypatch.setattr("faceapp.runs.dispatch.is_reachable", lambda: True)
    _, token = create_token(user=alice, name="docs", scope="write")
    return {"FACELINE": live_server.url, "TOKEN": token, "PROJECT": str(project.pk), "FILE": str(SAMPLE)}


def test_the_curl_examples_upload_ask_and_cancel(surroundings: dict[str, str], tmp_path: Path) -> None:
    upload, _, _, _ = blocks("api.md", "sh")
    run(["sh", "-e", "-c", upload], tmp_path, **surroundings)
    assert json.loads((tmp_path / "video.json").read_text())["name"] == SAMPLE.name
    assert json.loads((tmp_path / "status.json").read_text())["state"] == "queued"


def test_the_curl_examples_take_results_away(surroundings: dict[str, str], finished_run: Any, tmp_path: Path) -> None:
    _, take, _, _ = blocks("api.md", "sh")
    run(["sh", "-e", "-c", take], tmp_path, VIDEO=str(finished_run.video_id), **surroundings)
    assert len(json.loads((tmp_path / "people.json").read_text())) == 2
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert (tmp_path / "audience.pdf").read_bytes().startswith(b"%PDF-")
    assert len(list(csv.DictReader((tmp_path / "people.csv").open()))) == 2


def test_the_curl_examples_make_a_segment_and_read_it(
    surroundings: dict[str, str], finished_run: Any, tmp_path: Path
) -> None:
    _, _, segments, _ = blocks("api.md", "sh")
    run(["sh", "-e", "-c", segments], tmp_path, VIDEO=str(finished_run.video_id), **surroundings)
    people = {name: json.loads((tmp_path / f"{name}.json").read_text()) for name in ("inside", "outside", "from2to4")}
    assert [person["in_view_s"] for person in people["inside"]] == [3.5]
    assert [person["in_view_s"] for person in people["outside"]] == [8.5, 4.0]
    assert [person["in_view_s"] for person in people["from2to4"]] == [2.0]


def test_the_curl_example_for_large_files_uploads(surroundings: dict[str, str], tmp_path: Path) -> None:
    _, _, _, resumable = blocks("api.md", "sh")
    run(["sh", "-e", "-c", resumable], tmp_path, **surroundings)
    assert json.loads((tmp_path / "accepted.json").read_text())["already_here"] is False


def test_the_python_example_prints_the_headline(
    surroundings: dict[str, str], finished_run: Any, tmp_path: Path
) -> None:
    (example,) = blocks("api.md", "python")
    printed = run([sys.executable, "-c", example], tmp_path, **surroundings)
    assert "Advert.mp4: 2 people" in printed
    assert "People seen: 2" in printed


def test_every_column_is_documented() -> None:
    page = (HOW_TO / "read-the-tables.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w]+)`", page))
    folded = re.compile(r"(ethnicity|emotion|gaze)_\w+|au\d+(_\w+)?")  # "`ethnicity_white` … `ethnicity_hispanic`"
    for columns in (tables.PEOPLE, tables.TRACKS, tables.SAMPLES, tables.FIGURES, audience_tables.FIGURES):
        assert {column for column in columns if not folded.fullmatch(column)} <= named


def test_the_page_on_training_names_arguments_that_there_are() -> None:
    from django.core.management import get_commands, load_command_class

    lines = [line.partition("#")[0].split() for block in blocks("train.md", "sh") for line in block.splitlines()]
    commands = [(words[2], words[3:]) for words in lines if words[1] == "manage.py"]
    assert {"train_faces", "train_emotion", "evaluate_faces"} <= {name for name, _ in commands}
    for name, words in commands:
        parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
        parser.parse_args(words)
