"""The labelled passages as one sparse matrix of features, weighed and scaled exactly as the engine does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from screening.engine import words
from screening.engine.results import Passage

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
    vocabulary = words.Vocabulary()
    texts = vocabulary.read([passage.text for passage in passages])
    table = _rows([words.features_of(word) for word in vocabulary.words])
    ones = np.ones(len(texts.ids), dtype=np.float32)
    counts = sp.csr_matrix((ones, texts.ids, texts.starts), shape=(len(texts), len(vocabulary)))
    pairs, pair_squares = _in_order(texts, vocabulary)
    context = _context(passages)
    return Counted(
        own=(counts @ table + pairs).tocsr(),
        context=context,
        squares=(counts @ table.power(2) + pair_squares + context.power(2)).tocsr(),
    )


def _in_order(texts: words.Sentences, vocabulary: words.Vocabulary) -> tuple[Matrix, Matrix]:
    hashes = np.array(vocabulary.hashes, dtype=np.uint32)[texts.ids]
    total = squares = sp.csr_matrix((len(texts), words.SIZE), dtype=np.float32)
    for owner, features, weight in words.neighbours(hashes, texts.starts):
        values = np.full(len(features), weight, dtype=np.float32)
        total = total + sp.csr_matrix((values, (owner, features)), shape=total.shape)
        squares = squares + sp.csr_matrix((values**2, (owner, features)), shape=total.shape)
    return total, squares


def _context(passages: Sequence[Passage]) -> Matrix:
    return _rows([words.context_of(p.before, p.document_type) for p in passages])


def _rows(features: Sequence[tuple[Sequence[int], Sequence[float]]]) -> Matrix:
    starts = np.cumsum([0, *(len(numbers) for numbers, _ in features)])
    numbers = np.array([n for ns, _ in features for n in ns], dtype=np.int64)
    weights = np.array([w for _, ws in features for w in ws], dtype=np.float32)
    return sp.csr_matrix((weights, numbers, starts), shape=(len(features), words.SIZE))


def rarity(counted: Counted) -> NDArray[np.float32]:
    """How much a feature is worth for being rare: the smoothed logarithm of the inverse share of passages."""
    everything = counted.own + counted.context
    seen = np.bincount(everything.indices, minlength=words.SIZE)
    return np.asarray(np.log((1 + everything.shape[0]) / (1 + seen)) + 1, dtype=np.float32)


def weighed(counted: Counted, worth: NDArray[np.float32]) -> Matrix:
    """The matrix that the classifier learns from: features times their worth, rows scaled as the engine does."""
    matrix = (counted.own + counted.context).multiply(worth[None, :]).tocsr()
    lengths = np.sqrt(np.maximum(counted.squares @ (worth * worth), 1e-6))
    return sp.diags_array(1 / lengths).dot(matrix).astype(np.float32).tocsr()
