"""Labeled pictures in a ZIP file or a folder, read by name without unpacking; or as a data set is published."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from models.data_sets import read_fer2013, rows_from_names
from models.labels import LabelError, read_row

Image = NDArray[np.uint8]  # [height, width, 3] RGB


class ReadsPictures(Protocol):
    """Where pictures are read from."""

    def read(self, name: str) -> Image:
        """One picture [height, width, 3], RGB."""
        ...


class PictureSource:
    """A ZIP file or a folder of pictures. May be handed to another process; each opens the file for itself."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zip: zipfile.ZipFile | None = None

    def read_bytes(self, name: str) -> bytes:
        """One file's content.

        Raises:
            FileNotFoundError: it is not there.
        """
        if self.path.is_dir():
            return (self.path / name).read_bytes()
        if self._zip is None:
            self._zip = zipfile.ZipFile(self.path)
        try:
            return self._zip.read(name)
        except KeyError:
            raise FileNotFoundError(f"{self.path} holds no {name}.") from None

    def names(self) -> list[str]:
        """All files, by name."""
        if self.path.is_dir():
            return sorted(str(path.relative_to(self.path)) for path in self.path.rglob("*") if path.is_file())
        with zipfile.ZipFile(self.path) as archive:
            return sorted(archive.namelist())

    def read(self, name: str) -> Image:
        """One picture, RGB."""
        with Pillow.open(io.BytesIO(self.read_bytes(name))) as picture:
            return np.asarray(picture.convert("RGB"))

    def __getstate__(self) -> dict[str, Path]:
        return {"path": self.path}

    def __setstate__(self, state: dict[str, Path]) -> None:
        self.__init__(state["path"])  # type: ignore[misc]


@dataclass(frozen=True)
class LabeledPictures:
    """Pictures and the rows of their labels file, in its order."""

    source: ReadsPictures
    rows: tuple[Mapping[str, str], ...]
    labels: tuple[Mapping[str, int], ...]  # of each row, see `models.labels.read_row`

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def files(self) -> tuple[str, ...]:
        return tuple(row["file"] for row in self.rows)

    def select(self, which: Sequence[int]) -> LabeledPictures:
        return LabeledPictures(self.source, tuple(self.rows[i] for i in which), tuple(self.labels[i] for i in which))

    def column(self, name: str) -> NDArray[np.int64]:
        """One label of all pictures [n]; -1 where it is not given."""
        return np.array([labels.get(name, -1) for labels in self.labels], np.int64)


def open_labeled(images: Path, labels: Path | None = None, usage: str | None = None) -> LabeledPictures:
    """Pictures with their labels.

    Args:
        images: a ZIP file or a folder; or FER2013's own CSV, then `labels` are FER+'s votes.
        labels: by default ``labels.csv`` inside; where there is none, what names and folders say (`models.data_sets`).
        usage: take only the rows whose column ``usage`` says so.

    Raises:
        FileNotFoundError: a file is missing.
        LabelError: a label cannot be read, or there is no column ``file``.
    """
    if not images.exists():
        raise FileNotFoundError(f"{images} does not exist.")
    source: ReadsPictures
    rows: Sequence[Mapping[str, str]]
    source, rows = read_fer2013(images, labels) if images.suffix == ".csv" else _read_rows(images, labels)
    if usage is not None:
        rows = [row for row in rows if row.get("usage") == usage]
    return LabeledPictures(source, tuple(rows), tuple(read_row(row) for row in rows))


def read_table(source: PictureSource, name: str) -> list[dict[str, str]]:
    """The rows of a CSV file among the pictures.

    Raises:
        FileNotFoundError: it is not there.
    """
    return list(csv.DictReader(io.StringIO(source.read_bytes(name).decode("utf-8-sig"))))


def _read_rows(images: Path, labels: Path | None) -> tuple[ReadsPictures, Sequence[Mapping[str, str]]]:
    source = PictureSource(images)
    if labels is None and "labels.csv" not in (names := source.names()):
        return source, rows_from_names(names)
    content = labels.read_bytes() if labels else source.read_bytes("labels.csv")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    if rows and "file" not in rows[0]:
        raise LabelError("The labels file has no column named file.")
    return source, rows
