"""The tables of ids say what `evaluate_tracking` wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from models import tracking_table
from models.tracking_table import DIFFICULTIES, tracking_tables


def scene(people: int, shots: int, share: float) -> dict[str, Any]:
    shares = dict.fromkeys(("track_idf1", "person_idf1", "hota", "mota"), share)
    return {"people": people, "people_found": people + 1, "tracks": people * shots, "shots": shots, **shares}


SUMMARY = {
    "seed": 2, "n_scenes": 3, "n_tracks": 20, "n_people": 15, "track_idf1": 0.987, "person_idf1": 0.95, "hota": 0.9,
    "mota": 0.96, "recall": 0.98, "precision": 0.999, "switches_per_100_tracks": 0.5, "count_error": 0.2,
}  # fmt: skip


def test_scenes_are_grouped_by_people_and_by_shots() -> None:
    figures = {**SUMMARY, "scenes": [scene(2, 1, 1.0), scene(3, 2, 0.5), scene(10, 1, 0.9)]}
    summary, kinds = tracking_tables(figures)
    assert dict(summary.rows)["IDF1 of tracks, within shots"] == "98.7 %"
    assert dict(summary.rows)["Switches in 100 tracks"] == "0.50"
    assert "seed 2" in summary.note
    assert kinds.rows == (
        ("1 to 4 people", "2", "75.0", "75.0", "75.0", "75.0", "8", "5", "7"),
        ("9 to 12 people", "1", "90.0", "90.0", "90.0", "90.0", "10", "10", "11"),
        ("one shot", "2", "95.0", "95.0", "95.0", "95.0", "12", "12", "14"),
        ("several shots", "1", "50.0", "50.0", "50.0", "50.0", "6", "3", "4"),
    )


def test_scenes_of_one_difficulty_have_a_table_of_their_own() -> None:
    kinds = {kind: {**SUMMARY, "n_scenes": 12} for kind in DIFFICULTIES}
    *_, table = tracking_tables({**SUMMARY, "scenes": [scene(2, 1, 1.0)], "kinds": kinds})
    assert table.rows[2] == ("small faces while the camera swings", "12", "98.7", "95.0", "0.50", "20.0")
    assert len(table.rows) == len(kinds)


def test_every_difficulty_that_is_measured_has_its_words() -> None:
    measured = json.loads((Path(tracking_table.__file__).parent / "figures/tracking.json").read_text())
    assert set(measured["kinds"]) == set(DIFFICULTIES)
