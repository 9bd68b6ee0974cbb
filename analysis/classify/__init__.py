"""What networks say of a face's pictures. Classifiers stand side by side and know nothing of one another.

A new one is one file here and its `Attribute`, which names it; docs/architecture.md lists what else it needs.
"""

from __future__ import annotations

from typing import Any, Protocol

from analysis.types import Distributions


class Reader(Protocol):
    """A classifier, opened once with the device that it runs on."""

    weights: tuple[str, ...]  # the networks that it opens; of one that reads samples, the first says how faces are cut

    def predict(self, faces: Any, /) -> Distributions:
        """What is said of n faces, by attribute.

        Args:
            faces: what the attribute's `source` says: descriptions [n, f] by the trunk, or crops [n, s, s, 3].
        """
