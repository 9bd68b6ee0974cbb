"""Data sets as their authors publish them give the same labels as our own files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.labels import ETHNICITIES, LabelError
from models.pictures import open_labeled


def picture(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (8, 8), (90, 80, 70)).save(path)


def test_fairface_with_its_own_labels_file(tmp_path: Path) -> None:
    picture(tmp_path / "train/1.png")
    labels = tmp_path / "fairface_label_train.csv"
    labels.write_text("file,age,gender,race,service_test\ntrain/1.png,more than 70,Female,Southeast Asian,True\n")
    pictures = open_labeled(tmp_path, labels)
    assert pictures.labels == (
        {"age_group": 8, "gender": 0, "race7": 4, "ethnicity": ETHNICITIES.index("Asian")},
    )  # fmt: skip


def test_utkface_has_its_labels_in_the_names(tmp_path: Path) -> None:
    picture(tmp_path / "part1/26_1_2_20170116174525125.png")
    picture(tmp_path / "part1/61_0_4_20170109142408075.png")
    picture(tmp_path / "part1/without.png")
    pictures = open_labeled(tmp_path)
    assert pictures.labels == (
        {"age": 26, "age_group": 3, "gender": 0, "ethnicity": ETHNICITIES.index("Asian")},
        {"age": 61, "age_group": 7, "gender": 1},
    )
    assert pictures.source.read(pictures.files[0]).shape == (8, 8, 3)


def test_fer2013_as_one_folder_for_each_expression(tmp_path: Path) -> None:
    picture(tmp_path / "train/happy/a.png")
    picture(tmp_path / "test/fear/b.png")
    pictures = open_labeled(tmp_path, usage="private")
    assert pictures.files == ("test/fear/b.png",)
    assert pictures.labels == ({"emotion": 5, "emotion7": 2},)


def fer2013(folder: Path) -> tuple[Path, Path]:
    gray = " ".join(["7"] * 48 * 48)
    images, votes = folder / "fer2013.csv", folder / "fer2013new.csv"
    images.write_text(f"emotion, pixels, Usage\n0,{gray},Training\n3,{gray},PrivateTest\n")
    votes.write_text(
        "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n"
        "Training,a.png,4,0,0,1,3,2,0,0,0,0\nPrivateTest,b.png,1,9,0,0,0,0,0,0,0,0\n"
    )
    return images, votes


def test_fer2013_as_one_file_with_the_votes_of_ferplus(tmp_path: Path) -> None:
    pictures = open_labeled(*fer2013(tmp_path))
    assert [row["usage"] for row in pictures.rows] == ["train", "private"]
    assert pictures.column("emotion7").tolist() == [0, 3]
    assert pictures.column("emotion_ferplus").tolist() == [-1, 1]  # four of nine is no majority
    assert pictures.rows[0]["fp_anger"] == "3"
    assert (pictures.source.read(pictures.files[1]) == np.full((48, 48, 3), 7)).all()


def test_votes_of_other_pictures_are_refused(tmp_path: Path) -> None:
    images, votes = fer2013(tmp_path)
    votes.write_text("\n".join(votes.read_text().splitlines()[:2]))
    with pytest.raises(LabelError, match="1 rows"):
        open_labeled(images, votes)


def test_pictures_without_any_label_are_refused_with_a_sentence(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    with pytest.raises(LabelError, match=r"no labels\.csv"):
        open_labeled(tmp_path)
