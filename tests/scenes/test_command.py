"""`manage.py evaluate_tracking`, from the files of faces to the figures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from analysis.evaluate.scenes.kinds import KINDS

pytest.importorskip("trackeval", reason="needs trackeval: pip install --no-deps trackeval==1.3.0")


@pytest.mark.slow
def test_the_bars_hold_on_a_few_scenes(data_dir: Path, tmp_path: Path) -> None:
    """The first scenes of the seed that constants were chosen on; `docs/accuracy.md` has forty of other people."""
    out = tmp_path / "tracking.json"
    options = {"data": data_dir, "json": out, "scenes": 4, "seed": 1, "workers": 1, "device": "cpu", "of_each_kind": 1}
    call_command("evaluate_tracking", **options)
    figures = json.loads(out.read_text())
    assert figures["n_people"] == 10
    assert figures["track_idf1"] >= 0.95
    assert figures["person_idf1"] >= 0.92
    assert figures["switches_per_100_tracks"] == 0
    assert figures["count_error"] == 0
    assert figures["hota"] >= 0.8
    assert [scene["people"] for scene in figures["scenes"]] == [1, 2, 3, 4]
    assert set(figures["kinds"]) == set(KINDS)
    keys = {"track_idf1", "person_idf1", "switches_per_100_tracks", "count_error"}
    assert all(keys <= set(of_kind) for of_kind in figures["kinds"].values())


def test_without_a_data_folder_it_says_how_to_name_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("FACELINE_DATA", raising=False)
    with pytest.raises(CommandError, match="FACELINE_DATA"):
        call_command("evaluate_tracking", "--json", str(tmp_path / "out.json"))


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"lfw_pairs\.zip"):
        call_command("evaluate_tracking", "--data", str(tmp_path), "--workers", "1", "--json", str(tmp_path / "o.json"))
