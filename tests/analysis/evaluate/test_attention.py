from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest

from analysis.evaluate.attention import evaluate_attention
from analysis.runtime import choose_device


def _folder(target: Path, rows: list[dict[str, str]]) -> Path:
    with (target / "labels.csv").open("w", newline="", encoding="utf-8") as lines:
        table = csv.DictWriter(lines, ["file", "gaze"], extrasaction="ignore")
        table.writeheader()
        table.writerows(rows)
    return target


def _some(archive: zipfile.ZipFile, gaze: str, n: int) -> list[dict[str, str]]:
    rows = csv.DictReader(io.StringIO(archive.read("labels.csv").decode("utf-8-sig")))
    return [row for row in rows if row["gaze"] == gaze][-n:]


def test_attention_is_measured_by_score_and_at_the_product_s_threshold(data_dir: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(data_dir / "faces/gaze_camera_dev.zip") as archive:
        rows = [*_some(archive, "Camera", 8), *_some(archive, "Not_Camera", 8)]
        for row in rows:
            archive.extract(row["file"], tmp_path)
    figures = evaluate_attention(_folder(tmp_path, rows), choose_device("cpu"))
    assert figures["n"] == 16
    assert figures["auc"] > 0.5
    assert figures["auc_interval"][0] <= figures["auc"] <= figures["auc_interval"][1]
    assert set(figures["pictures"]) == {row["file"] for row in rows}


def test_labels_that_are_not_known_are_refused(tmp_path: Path) -> None:
    rows = [{"file": "a.png", "gaze": "Sideways"}]
    with pytest.raises(ValueError, match="'Sideways' is none of Camera"):
        evaluate_attention(_folder(tmp_path, rows), choose_device("cpu"))


def test_pictures_of_one_kind_cannot_be_measured(tmp_path: Path) -> None:
    rows = [{"file": "a.png", "gaze": "Camera"}]
    with pytest.raises(ValueError, match="both kinds"):
        evaluate_attention(_folder(tmp_path, rows), choose_device("cpu"))
