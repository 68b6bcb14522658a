"""Scores of passages by linear parts that had not seen them: what layers and thresholds are learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from screening.engine import evidence
from screening.engine.classifier import Floats

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Unseen:
    """Scores of passages of a lesson by linear parts that had not seen them, row by row."""

    places: Places
    quick: Floats
    by_words: Floats
    by_wide: Floats
    by_close: Floats
    inputs: Floats
    """Columns as in `evidence.WORDS_ONLY`."""
    seen: Sequence[evidence.Observed]

    def without(self, places: Places) -> Unseen:
        """The same, but for these passages."""
        return self._those(~np.isin(self.places, places))

    def among(self, places: Places) -> Unseen:
        """The same, for none but these passages."""
        return self._those(np.isin(self.places, places))

    def _those(self, there: NDArray[np.bool_]) -> Unseen:
        keep = np.flatnonzero(there)
        return Unseen(
            self.places[keep],
            self.quick[keep],
            self.by_words[keep],
            self.by_wide[keep],
            self.by_close[keep],
            self.inputs[keep],
            [self.seen[i] for i in keep.tolist()],
        )
