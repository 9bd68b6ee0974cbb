"""Public data sets as their authors publish them, read into the columns of `models.labels.read_row`.

* FairFace: pictures and ``fairface_label_train.csv`` (``file, age, gender, race``), which `read_row` understands as is;
* UTKFace: the labels are in the names, ``26_1_2_20170116174525125.jpg`` is a woman of 26 who looks Asian;
* FER2013: one CSV with pixels in its cells, and FER+'s ``fer2013new.csv`` of as many rows with its votes; or one folder
  for each expression.

Everything else is a folder or ZIP of pictures with a ``labels.csv``.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from models.emotion_classes import EMOTION_NAMES, FER2013, FERPLUS
from models.labels import LabelError

Row = dict[str, str]
PICTURES = (".jpg", ".jpeg", ".png", ".webp")
FER2013_SIDE_PX = 48
FER2013_USAGES = {"Training": "train", "PublicTest": "public", "PrivateTest": "private"}
_UTKFACE = re.compile(r"^(?P<age>\d{1,3})_(?P<gender>[01])_(?P<race>[0-4])_")
_FOLDERS = {"train": "train", "validation": "public", "test": "private"}


class Fer2013Pixels:
    """Pictures that lie as numbers in the cells of FER2013's own CSV. May be handed to another process."""

    def __init__(self, pixels: Mapping[str, str]) -> None:
        self._pixels = pixels

    def read(self, name: str) -> NDArray[np.uint8]:
        """One picture [48, 48, 3], gray as RGB."""
        gray = np.array(self._pixels[name].split(), np.uint8).reshape(FER2013_SIDE_PX, FER2013_SIDE_PX)
        return np.repeat(gray[..., None], 3, axis=2)


def rows_from_names(names: Sequence[str]) -> list[Row]:
    """A row for each picture whose name or folder says what it shows; the others are left out.

    Raises:
        LabelError: no name says anything.
    """
    rows = [row for name in names if name.lower().endswith(PICTURES) and (row := _row_of(name))]
    if not rows:
        raise LabelError("There is no labels.csv, and neither the names of the pictures nor their folders are labels.")
    return rows


def read_fer2013(path: Path, votes: Path | None) -> tuple[Fer2013Pixels, list[Row]]:
    """FER2013's own CSV (``emotion, pixels, Usage``), with FER+'s votes where its file is given.

    Raises:
        LabelError: a column is missing, or both files have not as many rows.
    """
    rows, pixels = [], {}
    for i, cells in enumerate(_read(path)):
        if not {"emotion", "pixels", "Usage"} <= cells.keys():
            raise LabelError(f"{path.name} has no columns emotion, pixels and Usage: it is not FER2013's file.")
        name = f"fer{i:07d}"
        pixels[name] = cells["pixels"]
        rows.append({
            "file": name, "emotion": FER2013[int(cells["emotion"])], "usage": FER2013_USAGES[cells["Usage"]],
        })  # fmt: skip
    if votes is not None:
        told = _read(votes)
        if len(told) != len(rows):
            raise LabelError(f"{votes.name} has {len(told)} rows and {path.name} has {len(rows)}: they do not belong.")
        for row, cells in zip(rows, told, strict=True):
            row.update({f"fp_{name}": cells[name] for name in FERPLUS})
            row["ferplus_majority"] = _majority({name: int(cells[name]) for name in (*FERPLUS, "unknown", "NF")})
    return Fer2013Pixels(pixels), rows


def _row_of(name: str) -> Row | None:
    path = PurePosixPath(name)
    if found := _UTKFACE.match(path.name):
        return {"file": name, **found.groupdict()}
    folder = path.parent.name.lower()
    if EMOTION_NAMES.get(folder, folder) in FER2013:
        return {"file": name, "emotion": folder, "usage": _FOLDERS.get(path.parent.parent.name.lower(), "train")}
    return None


def _read(path: Path) -> list[dict[str, str]]:
    """Rows; some copies of FER2013's file have spaces before the names of columns."""
    reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    return [{key.strip(): value.strip() for key, value in row.items() if key and value} for row in reader]


def _majority(votes: Mapping[str, int]) -> str:
    """The expression that more than half saw, single votes left out as slips; else nothing."""
    counted = {name: count for name, count in votes.items() if count > 1}
    best = max(counted, key=lambda name: counted[name], default="")
    return best if best and 2 * counted[best] > sum(counted.values()) else ""
