"""The tables of ids say what `evaluate_tracking` wrote."""

from __future__ import annotations

from typing import Any

from models.tracking_table import tracking_tables


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
