"""Has the slow encoder read an answer and a passage of evidence together, as it was taught to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from screening.comparing.pairs import Pair
from screening.engine import tuned
from screening.engine.classifier import Floats
from screening.engine.vectors import Vectors

_MOST_QUESTION, _MOST_ANSWER = 250, 350
"""Characters; the passage takes what is left of what an encoder reads."""


def together(pair: Pair) -> str:
    """Question, answer and passage as one text. Teaching and judging use the same."""
    return f"{pair.question[:_MOST_QUESTION]} {pair.answer[:_MOST_ANSWER]} || {pair.passage}"


class Together:
    """What the slow encoder says of pairs. Without it, nothing is said."""

    def __init__(self, encoder: Vectors) -> None:
        self._encoder = encoder
        self._heads = tuned.heads(kind="pairs") if encoder.available else None

    def of(self, pairs: Sequence[Pair]) -> Floats | None:
        """Pairs by relation: a quarter of the log-odds that they contradict, support, are unrelated."""
        if self._heads is None:
            return None
        vectors = self._encoder.of([together(pair) for pair in pairs])
        return np.asarray(self._heads.scores(vectors), dtype=np.float32)
