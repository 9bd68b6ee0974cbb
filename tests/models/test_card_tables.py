"""Tables say what the measuring commands wrote, and nothing of their own."""

from __future__ import annotations

from typing import Any

from models.card_tables import _overview, aims_table, comparison_tables, cost_table, tables

ROW = {"age_group": 0.5, "gender": 0.9, "ethnicity": 0.75, "race7": 0.625}
COST = {"input_px": 224, "ms": 9.0, "ms_of_4": 8.0}
COSTS: dict[str, Any] = {
    "networks": {"trunk": {**COST, "of_side_px": {"112": COST, "224": COST}}, "onet": {**COST, "input_px": 48}},
    "face_attributes": COST,
    "device": {"runtime": "openvino", "precision": "f32", "threads": 1},
    "machine": {"processor": "a processor"},
}


def comparison() -> dict[str, Any]:
    return {
        "loss_weights": {
            "n": 2000, "n_training": 8000, "fixed_weights": [0.4, 0.2, 0.4], "summed_weight": 3.0,
            "dynamic_weights": [0.1, 0.8, 0.1], "rows": {"equal": ROW, "fixed": ROW, "dynamic": ROW},
        },
        "input_size": {"n": 2000, "steps": 200, "rows": {"112": ROW, "224": {**ROW, "gender": 0.95}}},
    }  # fmt: skip


def test_experiments_that_were_not_run_have_no_table() -> None:
    assert list(comparison_tables({}, None)) == []
    titles = [table.title for table in comparison_tables(comparison(), None)]
    assert titles == ["Weights of the three losses", "Side of the crop against cost"]


def test_what_was_chosen_stands_in_the_note() -> None:
    weights, _ = comparison_tables(comparison(), None)
    assert "0.40, 0.20, 0.40" in weights.note
    assert "0.10, 0.80, 0.10" in weights.note
    assert weights.rows[0] == ("equal", "50.0", "90.0", "75.0", "62.5")


def test_the_side_of_the_crop_stands_beside_its_cost() -> None:
    _, sides = comparison_tables(comparison(), COSTS)
    assert sides.columns[-1] == "Trunk, milliseconds a crop"
    assert sides.rows[1] == ("224", "50.0", "95.0", "75.0", "62.5", "9.0")


def test_costs_of_the_networks_of_a_card_alone() -> None:
    assert [row[0] for row in cost_table(COSTS, ["pnet", "onet"]).rows] == ["onet"]
    assert [row[0] for row in cost_table(COSTS, ["trunk"]).rows] == ["trunk", "trunk and both heads"]


def test_detectors_stand_side_by_side_for_each_kind_of_face() -> None:
    kind = {"n_photos": 2, "n_faces": 4, "recall": 0.75, "recall_interval": [0.3, 0.95]}
    whole = {**kind, "precision": 0.5, "precision_interval": [0.2, 0.8]}
    one = {"ms_per_photo": {"median": 30.0}, "all": whole, "single_faces": whole, "several_people": whole,
           "turned_away": kind, "partly_hidden": kind}  # fmt: skip
    found = {"n_photos": 2, "smallest_face_px": 20, "least_iou": 0.5, "detectors": {"mtcnn": one, "haar": one}}
    [table] = tables({"detection_wider": found}, [])
    assert table.rows[0] == ("All faces", "MTCNN", "4", "75.0 (30.0-95.0)", "50.0 (20.0-80.0)")
    assert table.rows[-1] == ("Partly hidden", "Haar cascade", "4", "75.0 (30.0-95.0)", "")


def test_a_column_that_nothing_fills_is_left_out() -> None:
    figures: dict[str, Any] = {
        "n": 10, "accuracy": 0.7, "accuracy_interval": [0.6, 0.8], "macro_accuracy": 0.6, "ece": 0.02,
        "ece_if_perfect": 0.01, "coverage": 1.0, "accuracy_covered": 0.7, "floor": 0.0,
    }  # fmt: skip
    alone = _overview([("emotion", "fer2013_private", figures)])
    assert "Within one group %" not in alone.columns
    assert "gap" not in alone.note
    beside = _overview(
        [("emotion", "fer2013_private", figures), ("gender", "fairface_dev", {**figures, "largest_gap": 0.1})]
    )
    assert "Largest gap, points" in beside.columns
    assert all(len(row) == len(beside.columns) for row in beside.rows)


def test_an_aim_is_met_from_its_bar_on_and_one_that_was_not_measured_is_left_out() -> None:
    found = {"faces": {"age": {"mae": 5.34}, "gender": {"accuracy": 0.935}}}
    aims = [
        {"what": "gender", "measured": "faces", "path": "gender.accuracy", "bar": 0.935, "unit": "%"},
        {"what": "age", "measured": "faces", "path": "age.mae", "bar": 5.3, "unit": "years", "at_most": True},
        {"what": "else", "measured": "elsewhere", "path": "accuracy", "bar": 0.5, "unit": "%"},
    ]
    assert aims_table(found, aims).rows == (
        ("gender", "yes", "93.5 %", "≥ 93.5 %"),
        ("age", "no", "5.34 years", "≤ 5.30 years"),
    )
