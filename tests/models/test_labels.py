"""How rows of labels files are read."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from models.labels import ETHNICITIES, LabelError, age_group_of, age_group_range, read_row
from models.pictures import open_labeled


def test_fairface_rows_give_group_gender_and_both_kinds_of_ethnicity() -> None:
    labels = read_row({"file": "a", "age_group": "30-39", "gender": "Female", "race7": "Middle Eastern"})
    assert labels == {"age_group": 4, "gender": 0, "race7": 6, "ethnicity": ETHNICITIES.index("White")}


def test_utkface_rows_give_years_and_leave_other_out() -> None:
    labels = read_row({"age": "26", "gender": "0", "race": "2"})
    assert labels == {"age": 26, "age_group": 3, "gender": 1, "ethnicity": 2}
    assert "ethnicity" not in read_row({"age": "26", "gender": "1", "race": "4"})


def test_more_than_70_is_the_last_group() -> None:
    assert read_row({"age_group": "more than 70"}) == read_row({"age_group": "70+"}) == {"age_group": 8}


def test_contempt_is_other_and_no_class_of_fer2013() -> None:
    assert read_row({"emotion": "contempt"}) == {"emotion": 5}
    assert read_row({"emotion": "happiness"}) == read_row({"emotion": "happy"}) == {"emotion": 1, "emotion7": 3}


def test_empty_cells_are_left_out() -> None:
    assert read_row({"emotion": "", "ferplus_majority": " ", "gender": ""}) == {}


def test_a_label_that_is_none_is_refused_with_its_name() -> None:
    with pytest.raises(LabelError, match="'Martian' is not one of"):
        read_row({"race7": "Martian"})


def test_every_age_lies_in_its_group() -> None:
    for years in range(101):
        first, end = age_group_range(age_group_of(years))
        assert first <= years < end


def test_pictures_are_read_from_a_folder_and_a_zip_alike(tmp_path: Path) -> None:
    from PIL import Image

    folder = tmp_path / "faces"
    folder.mkdir()
    Image.new("RGB", (8, 6), (200, 10, 20)).save(folder / "a.png")
    (folder / "labels.csv").write_text("file,gender,usage\na.png,Male,dev\nb.png,Female,train\n")
    packed = tmp_path / "faces.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    for source in (folder, packed):
        pictures = open_labeled(source, usage="dev")
        assert pictures.files == ("a.png",)
        assert pictures.column("gender").tolist() == [1]
        assert pictures.source.read("a.png").shape == (6, 8, 3)
        assert pictures.source.read("a.png")[0, 0].tolist() == [200, 10, 20]
