"""The base line of Mishra et al.: support vector machines with an RBF kernel on 128 numbers a face.

Pictures are crops like FairFace's, whose landmarks lie where the template "face" has them in the mean; the embedding's
crop is cut from there.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image as Pillow
from tqdm import tqdm

from models import registry

PENALTIES = (1.0, 4.0, 16.0)
BATCH = 64
Images = NDArray[np.uint8]
Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


def in_batches(packed: Path, ask: Callable[[Images], NDArray[Any]], what: str, rows: Integers) -> NDArray[Any]:
    """What `ask` says [n, …] of these rows of the packed pictures."""
    pictures = np.load(packed, mmap_mode="r")
    parts = [rows[first : first + BATCH] for first in range(0, len(rows), BATCH)]
    return np.concatenate([ask(pictures[part]) for part in tqdm(parts, desc=what, unit="batch")])


def embeddings(packed: Path, rows: Integers) -> Floats:
    """Unit vectors [n, 128] of the shipped embedding."""
    network = registry.build("embedding")

    @torch.inference_mode()
    def ask(pictures: Images) -> Floats:
        crops: Floats = network(torch.from_numpy(np.stack([_embedding_crop(one) for one in pictures]))).numpy()
        return crops

    return in_batches(packed, ask, "embeddings", rows)


def rbf_machine(vectors: Floats, truth: Integers, choosing: Floats, choosing_truth: Integers) -> Any:
    """A fitted `sklearn.svm.SVC`; its penalty is the one that does best on the vectors to choose on."""
    from sklearn.svm import SVC

    given, known = truth >= 0, choosing_truth >= 0
    some = np.flatnonzero(given)[::2]  # enough to choose by
    scores = {
        penalty: SVC(C=penalty, gamma="scale").fit(vectors[some], truth[some]).score(
            choosing[known], choosing_truth[known])
        for penalty in PENALTIES
    }  # fmt: skip
    best = max(scores, key=lambda penalty: scores[penalty])
    return SVC(C=best, gamma="scale").fit(vectors[given], truth[given])


def _embedding_crop(picture: Images) -> Images:
    """The part of a FairFace-like crop that the embedding reads, black where it reaches over the border."""
    facts = registry.spec("embedding")
    assert facts.input_px is not None
    assert facts.template is not None
    source, target = (np.array(registry.template(name).landmarks) for name in ("face", facts.template))
    scale = np.ptp(source[:, 1]) / np.ptp(target[:, 1])
    shift = source.mean(0) - scale * target.mean(0)
    step = scale * len(picture) / facts.input_px
    left, top = shift * len(picture)
    size = (facts.input_px, facts.input_px)
    transform = (step, 0.0, left, 0.0, step, top)
    moved = Pillow.fromarray(picture).transform(size, Pillow.Transform.AFFINE, transform, Pillow.Resampling.BILINEAR)
    return np.asarray(moved)
