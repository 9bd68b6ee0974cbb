"""All pictures of a data set at one size in one memory-mapped file, so that an epoch never decodes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from models.crop_geometry import resized
from models.pictures import LabeledPictures


def pack(pictures: LabeledPictures, side_px: int, path: Path) -> NDArray[np.uint8]:
    """Pictures [n, side, side, 3] uint8, in the order of the labels; written once, then opened.

    A file of another length is written anew; a kill while it is written leaves nothing behind that counts.
    """
    shape = (len(pictures), side_px, side_px, 3)
    if path.exists():
        packed: NDArray[np.uint8] = np.load(path, mmap_mode="r")
        if packed.shape == shape:
            return packed
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    target = np.lib.format.open_memmap(unfinished, "w+", np.uint8, shape)
    for i, name in enumerate(tqdm(pictures.files, desc=f"packing {path.stem}", unit="picture")):
        target[i] = resized(pictures.source.read(name), side_px)
    target.flush()
    unfinished.rename(path)
    finished: NDArray[np.uint8] = np.load(path, mmap_mode="r")
    return finished
