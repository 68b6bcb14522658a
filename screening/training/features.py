"""The labelled passages as one sparse matrix of features, weighed and scaled exactly as the engine does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from screening.engine.results import Passage
from screening.engine.vocabulary import Features, Vocabulary
from screening.engine.words import SIZE

Matrix = Any
"""A scipy CSR matrix of 32-bit floats; scipy carries no types."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Raw features of passages, before weighing: text by itself, and everything with context."""

    own: Matrix
    context: Matrix
    squares: Matrix
    """The squares of every single weight before they are added up: the engine adds lengths word by word."""


def count(passages: Sequence[Passage]) -> Counted:
    """One row a passage. `own` holds its words, parts, pairs and triples; `context` what stands around it."""
    vocabulary = Vocabulary()
    texts = vocabulary.read([passage.text for passage in passages])
    words, around = vocabulary.features(), vocabulary.around([(p.before, p.document_type) for p in passages])
    ones = np.ones(len(texts.ids), dtype=np.float32)
    counts = sp.csr_matrix((ones, texts.ids, texts.starts), shape=(len(texts), len(words.starts) - 1))
    own, squares = counts @ _matrix(words), counts @ _matrix(words.squared()) + _matrix(around.squared())
    for features in vocabulary.in_order(texts):
        own = own + _matrix(features)
        squares = squares + _matrix(features.squared())
    return Counted(own=own.tocsr(), context=_matrix(around), squares=squares.tocsr())


def _matrix(features: Features) -> Matrix:
    parts = (features.weights, features.numbers, features.starts)
    return sp.csr_matrix(parts, shape=(len(features.starts) - 1, SIZE))


def rarity(counted: Counted) -> NDArray[np.float32]:
    """How much a feature is worth for being rare: the smoothed logarithm of the inverse share of passages."""
    everything = counted.own + counted.context
    seen = np.bincount(everything.indices, minlength=SIZE)
    return np.asarray(np.log((1 + everything.shape[0]) / (1 + seen)) + 1, dtype=np.float32)


def weighed(counted: Counted, worth: NDArray[np.float32]) -> Matrix:
    """The matrix that the classifier learns from: features times their worth, rows scaled as the engine does."""
    matrix = (counted.own + counted.context).multiply(worth[None, :]).tocsr()
    lengths = np.sqrt(np.maximum(counted.squares @ (worth * worth), 1e-6))
    return sp.diags_array(1 / lengths).dot(matrix).astype(np.float32).tocsr()
