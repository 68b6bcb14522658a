"""Turns many texts into numbered features: their words, words in order, and what stands around each text."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from screening.engine.words import SIZE, features_of, folded, number, tokens

PAIR_WEIGHT = 0.7
TRIPLE_WEIGHT = 0.5
BEFORE_WEIGHT = 0.35
TYPE_WEIGHT = 0.5
_MOST_BEFORE = 40
"""So many words of what stands before, the nearest ones."""
_MOST_WORDS = 60_000
_MOST_RECENT = 4096
_ORDER_A, _ORDER_B, _ORDER_C = np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35)

Numbers = NDArray[np.int32]
Weights = NDArray[np.float32]
Context = tuple[str, str | None]
"""What stands before a text, and the kind of document."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """Many texts as one run of word numbers: text i owns ids[starts[i]:starts[i + 1]]."""

    ids: Numbers
    starts: Numbers

    def __len__(self) -> int:
        return len(self.starts) - 1


@dataclass(frozen=True, slots=True)
class Features:
    """Features of many words or texts in one run, with their weights: row i owns numbers[starts[i]:starts[i + 1]]."""

    numbers: Numbers
    weights: Weights
    starts: Numbers

    def squared(self) -> Features:
        """The same with the square of each weight, of which lengths are made: one word's after the other."""
        return Features(self.numbers, self.weights * self.weights, self.starts)


class Vocabulary:
    """Gives every distinct word a running number, in order of appearance, and remembers what it is made of.

    Memory stays flat where `make_room` is called before each reading. Not safe to share between threads.
    """

    def __init__(self) -> None:
        self.began = 0
        """Counts how often it began anew: numbers from before say nothing any more."""
        self._begin()

    def _begin(self) -> None:
        self._ids: dict[str, int] = {}
        self.words: list[str] = []
        self._recent: dict[str, array[int]] = {}
        """The latest texts: a passage is read at first sight, with care, and as what stands before the next."""
        self._hashes, self._as_before = array("I"), array("i")
        self._numbers, self._weights, self._starts = array("i"), array("f"), array("i", [0])

    def __len__(self) -> int:
        return len(self.words)

    def make_room(self) -> None:
        """Forget everything once more than `_MOST_WORDS` words are known, which changes nothing but the time."""
        if len(self) > _MOST_WORDS:
            self._begin()
            self.began += 1

    def read(self, texts: Sequence[str]) -> Sentences:
        """The texts as word numbers; words not seen before are added."""
        run, starts = array("i"), [0]
        for text in texts:
            run += self._recent.get(text) or self._read(text)
            starts.append(len(run))
        return Sentences(np.array(run, dtype=np.int32), np.array(starts, dtype=np.int32))

    def _read(self, text: str) -> array[int]:
        ids, words = self._ids, tokens(text)
        try:
            found = array("i", map(ids.__getitem__, words))
        except KeyError:
            found = array("i", [ids[word] if word in ids else self._add(word) for word in words])
        if len(self._recent) >= _MOST_RECENT:
            self._recent.clear()
        self._recent[text] = found
        return found

    def _add(self, word: str) -> int:
        place = len(self.words)
        self._ids[word] = place
        self.words.append(word)
        plain = folded(word)
        self._hashes.append(zlib.crc32(plain.encode("utf-8", "replace")))
        self._as_before.append(number("b" + plain))
        numbers, weights = features_of(word)
        self._numbers.extend(numbers)
        self._weights.extend(weights)
        self._starts.append(len(self._numbers))
        return place

    def features(self, since: int = 0) -> Features:
        """Of each word from number `since` on: the word, and its parts."""
        starts = np.array(self._starts[since:], dtype=np.int32)
        numbers, weights = self._numbers[starts[0] :], self._weights[starts[0] :]
        return Features(np.array(numbers, np.int32), np.array(weights, np.float32), starts - starts[0])

    def in_order(self, texts: Sentences) -> tuple[Features, Features]:
        """Two words in order, and three, of each text."""
        hashes = np.array(self._hashes, dtype=np.uint32)[texts.ids]
        owner = np.repeat(np.arange(len(texts), dtype=np.int32), np.diff(texts.starts))
        second = (hashes[:-1] * _ORDER_A) ^ (hashes[1:] * _ORDER_B)
        third = (second[:-1] * _ORDER_C) ^ (hashes[2:] * _ORDER_B)
        pairs, triples = owner[:-1] == owner[1:], owner[:-2] == owner[2:]
        return (
            _owned(owner[:-1][pairs], _below_size(second[pairs]), PAIR_WEIGHT, len(texts)),
            _owned(owner[:-2][triples], _below_size(third[triples]), TRIPLE_WEIGHT, len(texts)),
        )

    def around(self, contexts: Sequence[Context]) -> Features:
        """What stands around each text: the words before it, each once, and the kind of document."""
        run = self.read([before for before, _ in contexts])
        near = np.arange(len(run.ids)) >= np.repeat(run.starts[1:] - _MOST_BEFORE, np.diff(run.starts))
        owner = np.repeat(np.arange(len(run)), np.diff(run.starts))[near]
        named = np.array(self._as_before, dtype=np.int64)[run.ids[near]]
        owner, named = np.divmod(np.unique(owner * SIZE + named), SIZE)
        counts = np.bincount(owner, minlength=len(run))
        weights = BEFORE_WEIGHT / np.sqrt(np.maximum(1.0, counts / 8))
        kinds = np.array([place for place, (_, kind) in enumerate(contexts) if kind], dtype=np.int64)
        of_kind = [number("d" + kind) for _, kind in contexts if kind]
        order = np.argsort(np.concatenate([owner, kinds]), kind="stable")
        return Features(
            np.concatenate([named, of_kind])[order].astype(np.int32),
            np.concatenate([weights[owner], np.full(len(kinds), TYPE_WEIGHT)])[order].astype(np.float32),
            _starts(counts + np.bincount(kinds, minlength=len(run))),
        )


def _owned(owner: Numbers, numbers: Numbers, weight: float, texts: int) -> Features:
    return Features(
        numbers, np.full(len(numbers), weight, dtype=np.float32), _starts(np.bincount(owner, minlength=texts))
    )


def _starts(counts: NDArray[np.int64]) -> Numbers:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)


def _below_size(mixed: NDArray[np.uint32]) -> Numbers:
    """The upper bits of a hash are mixed better than the lower ones."""
    spread = mixed ^ (mixed >> np.uint32(15))
    return (((spread * _ORDER_A) >> np.uint32(8)) % np.uint32(SIZE)).astype(np.int32)
