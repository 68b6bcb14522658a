"""Turns labelled texts into numbers: words and parts of words, meaning, what stands around them, and where.

The same code serves learning and judging. What was counted while learning (how rare a feature is, the middle of the
vectors, the landmarks) is a `Grammar`, which is stored with the classifier.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from screening.engine import sentences, words
from screening.engine.vectors import Vectors
from screening.tenants.examples import Example, documents

BUCKETS = 1 << 18
"""Numbered places for words, and as many for parts of words."""
LANDMARKS = 1500
FADING = 1.5
"""How fast likeness of meaning fades with distance."""
PIECE = 400
"""Characters: a longer text is encoded in pieces of about that length."""
_AROUND = ((-3, 0.4), (-2, 0.6), (-1, 1.0), (1, 1.0), (2, 0.6), (3, 0.4))
_STATIONS = np.linspace(0, 1, 11)
_EDGE = 5
"""The first and the last so many rows of a document are marked as such."""
_SPACELESS = re.compile(r"[\u0e01-\u0e4e\u3040-\u30ff\u3400-\u9fff]")

Floats = NDArray[np.float32]
Matrix = Any
"""A scipy CSR matrix of 32-bit floats; scipy carries no types."""
BLOCKS = ("text", "meaning", "peaks", "around", "setting", "place", "sense", "beside")
"""Words of the text; its meaning; the meaning of its pieces at their strongest; words of the neighbours; their
meaning; its place in the document; its meaning to the slow encoder, and that of its neighbours."""
SENSES = ("sense", "beside")
"""The blocks of the slow encoder, whose vectors are weighed as they are."""


@dataclass(frozen=True, slots=True)
class Raw:
    """Texts as read, before anything is weighed."""

    counts: Matrix
    before: NDArray[np.int64]
    after: NDArray[np.int64]
    """Places of the neighbouring rows of the same document; -1 for none."""
    place: Floats
    meaning: Floats | None
    peaks: Floats | None
    setting: Floats | None
    sense: Floats | None = None
    beside: Floats | None = None

    def senses(self) -> dict[str, Floats]:
        """The blocks of the slow encoder, as far as they were read."""
        blocks = {"sense": self.sense, "beside": self.beside}
        return {name: vectors for name, vectors in blocks.items() if vectors is not None}

    def vectors(self) -> dict[str, Floats]:
        """The blocks that are vectors of meaning, as far as they were read."""
        blocks = {"meaning": self.meaning, "peaks": self.peaks, "setting": self.setting}
        return {name: vectors for name, vectors in blocks.items() if vectors is not None}


@dataclass(frozen=True, slots=True)
class Grammar:
    """What was counted over the texts that were learned from."""

    columns: NDArray[np.int64]
    """Features that occur in two texts or more."""
    worth: Floats
    split: int
    """So many of the columns are words, the rest parts of words."""
    middles: dict[str, Floats]
    landmarks: dict[str, Floats]
    """Mean, and coordinates of learned texts, for those of `meaning`, `peaks` and `setting` that are used; of those of
    the slow encoder the mean alone."""


def read(rows: Sequence[Example], vectors: Vectors | None, slow: Vectors | None = None, *, spaceless: bool) -> Raw:
    """Read texts. `vectors`, of the quick encoder, and `slow` are None where they are not used."""
    texts = [row.text for row in rows]
    docs = documents(rows)
    before, after = _neighbours(docs, len(rows))
    place = np.zeros((len(rows), len(_STATIONS) + 2), dtype=np.float32)
    for places in docs:
        place[places] = _places(len(places))
    meaning = peaks = setting = sense = beside = None
    if slow is not None:
        sense, _ = _meanings(texts, slow)
        beside = _settings(sense, docs)
    if vectors is not None:
        meaning, peaks = _meanings(texts, vectors)
        setting = _settings(meaning, docs)
    return Raw(_counts(texts, spaceless=spaceless), before, after, place, meaning, peaks, setting, sense, beside)


def is_spaceless(texts: Sequence[str]) -> bool:
    """Whether most letters are of scripts that put no spaces between words."""
    sample = "".join(text[:200] for text in texts[:2000])
    return len(_SPACELESS.findall(sample)) > 0.3 * max(1, len(sample))


def grammar_of(raw: Raw) -> Grammar:
    """Count how rare each feature is, and take landmarks, evenly from the rows in their order."""
    total = raw.counts.shape[0]
    seen = np.bincount(raw.counts.indices, minlength=2 * BUCKETS)
    columns = np.flatnonzero(seen >= 2)
    worth = np.log((1 + total) / (1 + seen[columns])) + 1
    marks = np.unique(np.linspace(0, total - 1, min(total, LANDMARKS)).astype(np.int64))
    middles = {name: vectors.mean(axis=0) for name, vectors in {**raw.vectors(), **raw.senses()}.items()}
    landmarks = {name: _coordinates(vectors, middles[name])[marks] for name, vectors in raw.vectors().items()}
    split = int(np.searchsorted(columns, BUCKETS))
    return Grammar(columns, worth.astype(np.float32), split, middles, landmarks)


def blocks_of(raw: Raw, grammar: Grammar) -> dict[str, Any]:
    """The features of each block, rows of length about one; likeness to landmarks for the three of meaning."""
    text = _weighed(raw.counts, grammar)
    found: dict[str, Any] = {"text": text}
    for name, vectors in raw.vectors().items():
        if name in grammar.landmarks:
            found[name] = likeness(_coordinates(vectors, grammar.middles[name]), grammar.landmarks[name])
    for name, vectors in raw.senses().items():
        if name in grammar.middles:
            found[name] = _coordinates(vectors, grammar.middles[name])
    own_words = text[:, : grammar.split]
    found["around"] = sp.hstack([_moved(own_words, raw.before), _moved(own_words, raw.after)]).tocsr()
    found["place"] = raw.place
    return found


def likeness(one: Floats, other: Floats) -> Floats:
    """1 for the same place, fading with the distance: a Gaussian."""
    return np.asarray(np.exp(FADING * (one @ other.T - 1)), dtype=np.float32)


def _counts(texts: Sequence[str], *, spaceless: bool) -> Matrix:
    """How often each feature occurs, damped: words and pairs of words, then parts of words."""
    from sklearn.feature_extraction.text import HashingVectorizer  # Slow to load: only who reads texts waits for it.

    options: dict[str, Any] = {"n_features": BUCKETS, "alternate_sign": False, "norm": None, "dtype": np.float32}
    by_words = HashingVectorizer(analyzer=_words_and_pairs, **options).transform(texts)
    lengths = (1, 4) if spaceless else (2, 5)
    parts = HashingVectorizer(analyzer="char_wb", ngram_range=lengths, **options).transform(texts)
    both = sp.hstack([by_words, parts]).tocsr()
    both.data = 1 + np.log(both.data)
    return both


def _words_and_pairs(text: str) -> list[str]:
    found = words.tokens(text)
    return [*found, *(f"{one} {two}" for one, two in pairwise(found))]


def _weighed(counts: Matrix, grammar: Grammar) -> Matrix:
    """Rare features weigh more; words and parts share the length of a row in equal halves."""
    chosen = counts[:, grammar.columns] @ sp.diags(grammar.worth)
    halves = [_unit(chosen[:, : grammar.split]), _unit(chosen[:, grammar.split :])]
    return (sp.hstack(halves) * np.float32(0.5**0.5)).tocsr().astype(np.float32)


def _unit(matrix: Matrix) -> Matrix:
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sp.diags(1 / np.maximum(lengths, 1e-9)) @ matrix


def _neighbours(docs: list[list[int]], count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    before, after = np.full(count, -1), np.full(count, -1)
    for places in docs:
        before[places[1:]], after[places[:-1]] = places[:-1], places[1:]
    return before, after


def _moved(matrix: Matrix, source: NDArray[np.int64]) -> Matrix:
    """Row i is row source[i] of the matrix, and empty where that is -1; halved in square, for there are two."""
    there = np.flatnonzero(source >= 0)
    shape = (len(source), matrix.shape[0])
    pick = sp.csr_matrix((np.full(len(there), 0.5**0.5, dtype=np.float32), (there, source[there])), shape=shape)
    return pick @ matrix


def _places(count: int) -> Floats:
    """Where the rows of a document stand: likeness to eleven stations along it, and its first and last rows."""
    along = np.arange(count) / max(1, count)
    near = np.exp(-((along[:, None] - _STATIONS) ** 2) / (2 * 0.1**2)) * 0.6
    first, last = np.arange(count) < _EDGE, np.arange(count) >= count - _EDGE
    return np.column_stack([near, first, last]).astype(np.float32)


def _meanings(texts: Sequence[str], vectors: Vectors) -> tuple[Floats, Floats]:
    """The mean vector of each text's pieces, and the strongest value of any piece."""
    pieces = [_pieces(text) for text in texts]
    starts = np.cumsum([0, *(len(parts) for parts in pieces)])[:-1]
    every = vectors.of([piece for parts in pieces for piece in parts])
    mean = _lengths_of_one(np.add.reduceat(every, starts, axis=0))
    return mean, _lengths_of_one(np.maximum.reduceat(every, starts, axis=0))


def _pieces(text: str) -> list[str]:
    if len(text) <= 2 * PIECE:
        return [text]
    found, start, end = [], 0, 0
    for first, last in sentences.split(text):
        if last - start > PIECE and end > start:
            found.append(text[start:end])
            start = first
        end = last
    return [*found, text[start:end]] if end > start else found or [text]


def _settings(meaning: Floats, docs: list[list[int]]) -> Floats:
    """What stands around each row: the vectors of three rows before and after, the nearer the heavier."""
    around = np.zeros_like(meaning)
    for places in docs:
        own = meaning[places]
        for step, weight in _AROUND:
            if step < 0:
                around[places[-step:]] += weight * own[:step]
            else:
                around[places[:-step]] += weight * own[step:]
    return _lengths_of_one(around)


def _coordinates(vectors: Floats, middle: Floats) -> Floats:
    """Vectors as seen from the middle; a row without any stays at zero."""
    there = np.abs(vectors).sum(axis=1, keepdims=True) > 0
    return _lengths_of_one(np.where(there, vectors - middle, 0))


def _lengths_of_one(vectors: Floats) -> Floats:
    lengths = np.sqrt((vectors * vectors).sum(axis=1, keepdims=True))
    return np.asarray(vectors / np.maximum(lengths, 1e-6), dtype=np.float32)
