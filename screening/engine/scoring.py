"""Adds up what the words of passages weigh, fast: each word is looked up once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from screening.engine.classifier import Floats
from screening.engine.vocabulary import Context, Features, Vocabulary


class Scorer:
    """Adds up what the words of many passages weigh, for a choice of labels. Remembers every word it met.

    Scorers may share a vocabulary, which then takes each word apart once for all of them. Not safe to share between
    threads.
    """

    def __init__(self, weights: Floats, offset: Floats, worth: Floats, vocabulary: Vocabulary | None = None) -> None:
        self._weights = np.asarray(weights * worth[:, None], dtype=np.float32)
        self._squares = np.asarray(worth * worth, dtype=np.float32)
        """Of each feature's worth: lengths add up beside the scores."""
        self._offset = offset
        self._vocabulary = vocabulary if vocabulary is not None else Vocabulary()
        self._forget()

    def _forget(self) -> None:
        self._began = self._vocabulary.began
        self._rows = np.empty((0, self._weights.shape[1]), dtype=np.float32)
        self._row_squares = np.empty(0, dtype=np.float32)

    def scores(self, texts: Sequence[str], contexts: Sequence[Context] | None = None) -> Floats:
        """Texts by labels. `contexts` gives the text before and the kind of document for each text."""
        if not texts:
            return np.empty((0, len(self._offset)), dtype=np.float32)
        self._vocabulary.make_room()
        run = self._vocabulary.read(texts)
        self._learn_new_words()
        ones = np.ones(len(run.ids), dtype=np.float32)
        words = _matrix(Features(run.ids, ones, run.starts), len(self._rows))
        total, squares = words @ self._rows, words @ self._row_squares
        more = list(self._vocabulary.in_order(run))
        if contexts is not None:
            more.append(self._vocabulary.around(contexts))
        for features in more:
            scores, lengths = self._weighed(features)
            total += scores
            squares += lengths
        return np.asarray(total / np.sqrt(np.maximum(squares, 1e-6))[:, None] + self._offset, dtype=np.float32)

    def word_weights(self, text: str, label: int) -> list[tuple[str, float]]:
        """What each word of one text adds to one label, by itself."""
        self._vocabulary.make_room()
        run = self._vocabulary.read([text])
        self._learn_new_words()
        length = float(np.sqrt(max(self._row_squares[run.ids].sum(), 1e-6)))
        weights = self._rows[run.ids, label]
        return [(self._vocabulary.words[i], float(w) / length) for i, w in zip(run.ids, weights, strict=True)]

    def _learn_new_words(self) -> None:
        if self._began != self._vocabulary.began:
            self._forget()
        if len(self._rows) < len(self._vocabulary):
            rows, squares = self._weighed(self._vocabulary.features(len(self._rows)))
            self._rows = np.vstack([self._rows, rows])
            self._row_squares = np.concatenate([self._row_squares, squares])

    def _weighed(self, features: Features) -> tuple[Floats, Floats]:
        """What the features of each row weigh for each label, and the sum of the squares of their worth."""
        size = len(self._squares)
        return _matrix(features, size) @ self._weights, _matrix(features.squared(), size) @ self._squares


def _matrix(features: Features, size: int) -> sparse.csr_array:
    return sparse.csr_array(
        (features.weights, features.numbers, features.starts), shape=(len(features.starts) - 1, size)
    )
