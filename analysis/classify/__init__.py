"""What networks say of a face's pictures. Classifiers stand side by side and know nothing of one another.

A new one is one file here, one entry in `models/registry.py` and one line in `analysis/networks.py`.
"""

from __future__ import annotations

from typing import Protocol, TypeVar

from analysis.types import Floats, Images

Answer_co = TypeVar("Answer_co", covariant=True)


class Classifier(Protocol[Answer_co]):
    """Reads aligned crops, or the features a trunk made of them; n may be 0."""

    @property
    def weights(self) -> tuple[str, ...]:
        """Names in models.registry of the networks it opened."""
        ...

    def predict(self, inputs: Images | Floats) -> Answer_co:
        """One row of every distribution for each input."""
        ...
