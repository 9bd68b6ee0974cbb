"""`manage.py analyze_video`, as a user calls it: exit codes, files, and what is said where."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "static/sample/faceline-sample.mp4"
SCHEMA = json.loads((ROOT / "docs/result.schema.json").read_text())


def analyze_video(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "analyze_video", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


@pytest.mark.slow
def test_a_bad_file_is_exit_code_2_one_sentence_and_no_file(folder: Path) -> None:
    bad = folder / "letter.mp4"
    bad.write_text("Dear all,")
    done = analyze_video(bad, "--json", folder / "out.json", "--annotate", folder / "out.mp4")
    assert done.returncode == 2
    assert done.stdout == ""
    [sentence] = [line for line in done.stderr.splitlines() if line.strip()]
    assert sentence.endswith(".")
    assert "text" in sentence
    assert [path.name for path in folder.iterdir()] == ["letter.mp4"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("missing.mp4",), "missing.mp4"),
        ((SAMPLE, "--attributes", "age_gender,height"), "height"),
        ((SAMPLE, "--sample-rate", "0"), "sample rate"),
        ((SAMPLE, "--min-face", "3"), "3"),
        ((SAMPLE, "--json", "/nowhere/out.json"), "/nowhere/out.json"),
        ((SAMPLE, "--device", "cuda"), "CUDA"),
    ],
)
def test_bad_arguments_are_exit_code_2_and_a_sentence(arguments: tuple[object, ...], word: str) -> None:
    done = analyze_video(*arguments)
    if "--device" in arguments and done.returncode == 0:
        pytest.skip("this machine has CUDA")
    assert done.returncode == 2, done.stderr
    assert word in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_what_is_asked_for_is_written_and_told(folder: Path) -> None:
    out, drawn = folder / "out.json", folder / "drawn.mp4"
    done = analyze_video(
        SAMPLE, "--json", out, "--annotate", drawn, "--attributes", "emotion", "--sample-rate", 1, "--workers", 1
    )
    assert done.returncode == 0, done.stderr
    document = json.loads(out.read_text())
    jsonschema.validate(document, SCHEMA)
    assert document["config"]["attributes"] == ["emotion"]
    assert document["video"]["name"] == SAMPLE.name
    assert not {"trunk", "head_age_gender", "head_ethnicity"} & set(document["weights"])
    assert {"emotion", "embedding"} <= set(document["weights"])
    assert f"{len(document['people'])} people" in done.stdout
    assert drawn.read_bytes()[4:8] == b"ftyp"
    assert sorted(path.name for path in folder.iterdir()) == ["drawn.mp4", "out.json"]
