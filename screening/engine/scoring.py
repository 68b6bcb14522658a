"""Adds up what the words of passages weigh, fast: each word is looked up once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from screening.engine import words
from screening.engine.classifier import Floats


class Scorer:
    """Adds up what the words of many passages weigh, for a choice of labels. Remembers every word it met.

    Memory stays flat: after `_MOST_WORDS` distinct words the memory is emptied and begins anew, which changes
    nothing but the time. Not safe to share between threads.
    """

    _MOST_WORDS = 60_000

    def __init__(self, weights: Floats, offset: Floats, worth: Floats) -> None:
        # The last column carries the square of a feature's worth, so that lengths add up beside the scores.
        self._features = np.hstack([weights * worth[:, None], (worth * worth)[:, None]]).astype(np.float32)
        self._offset = offset
        self._forget()

    def _forget(self) -> None:
        self._vocabulary = words.Vocabulary()
        self._rows = np.empty((0, self._features.shape[1]), dtype=np.float32)
        self._hashes = np.empty(0, dtype=np.uint32)

    def scores(self, texts: Sequence[str], contexts: Sequence[tuple[str, str | None]] | None = None) -> Floats:
        """Texts by labels. `contexts` gives the text before and the kind of document for each text."""
        if not texts:
            return np.empty((0, len(self._offset)), dtype=np.float32)
        if len(self._vocabulary) > self._MOST_WORDS:
            self._forget()
        run = self._vocabulary.read(texts)
        self._learn_new_words()
        total = _sums(self._rows[run.ids], run.starts)
        hashes = self._hashes[run.ids]
        for owner, features, weight in words.neighbours(hashes, run.starts):
            starts = np.searchsorted(owner, np.arange(len(texts) + 1))
            found = _sums(self._features[features], starts)
            total[:, :-1] += weight * found[:, :-1]
            total[:, -1] += weight * weight * found[:, -1]
        if contexts is not None:
            for row, (before, document_type) in enumerate(contexts):
                total[row] += self._row(*words.context_of(before, document_type))
        lengths = np.sqrt(np.maximum(total[:, -1:], 1e-6))
        return np.asarray(total[:, :-1] / lengths + self._offset, dtype=np.float32)

    def word_weights(self, text: str, label: int) -> list[tuple[str, float]]:
        """What each word of one text adds to one label, by itself."""
        run = self._vocabulary.read([text])
        self._learn_new_words()
        rows = self._rows[run.ids]
        length = float(np.sqrt(max(rows[:, -1].sum(), 1e-6)))
        return [(self._vocabulary.words[i], float(w) / length) for i, w in zip(run.ids, rows[:, label], strict=True)]

    def _learn_new_words(self) -> None:
        new = self._vocabulary.words[len(self._rows) :]
        if new:
            rows = np.stack([self._row(*words.features_of(word)) for word in new])
            self._rows = np.vstack([self._rows, rows])
            self._hashes = np.array(self._vocabulary.hashes, dtype=np.uint32)

    def _row(self, numbers: Sequence[int], weights: Sequence[float]) -> Floats:
        if not numbers:
            return np.zeros(self._features.shape[1], dtype=np.float32)
        share = np.array(weights, dtype=np.float32)
        found = self._features[numbers]
        row = share @ found
        row[-1] = (share * share) @ found[:, -1]
        return row


def _sums(rows: Floats, starts: NDArray[np.int64]) -> Floats:
    """The sum of rows[starts[i]:starts[i + 1]] for each i; zeros for an empty stretch."""
    total = np.zeros((len(starts) - 1, rows.shape[1]), dtype=np.float32)
    filled = np.flatnonzero(np.diff(starts))
    if len(filled):
        total[filled] = np.add.reduceat(rows, starts[filled], axis=0)
    return total
