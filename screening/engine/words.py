"""Turns text into numbered features: words, parts of words, and neighbours in order.

The same code serves learning and judging, so that a passage can never look different to the two. A feature is
a number below `SIZE`, found by a hash that is the same on every machine; what it weighs is learned.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

SIZE = 1 << 16
"""How many numbered features there are. Two features that share a number share a weight."""

PART_WEIGHT = 1.0
PAIR_WEIGHT = 0.7
TRIPLE_WEIGHT = 0.5
BEFORE_WEIGHT = 0.35
TYPE_WEIGHT = 0.5

_TOKEN = re.compile(
    # A character of a script without spaces, a word with its vowel signs, or a mark that changes the meaning.
    r"[\u0e01-\u0e4e\u3040-\u30ff\u3400-\u9fff]|"
    r"[^\W\u0e01-\u0e4e\u3040-\u30ff\u3400-\u9fff][\w\u0300-\u036f\u064b-\u065f\u0901-\u0963\u0981-\u09e3’']*|[?？؟|%]"
)
_ORDER_A, _ORDER_B, _ORDER_C = np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35)

Numbers = NDArray[np.int32]


@lru_cache(maxsize=1 << 12)
def tokens(text: str) -> tuple[str, ...]:
    """The words of a text in small letters, in order; single characters in scripts without spaces.

    The latest are remembered: each passage is cut several times, by the words, the cues and as what stands before.
    """
    return tuple(_TOKEN.findall(text.lower()))


def folded(token: str) -> str:
    """A word without accents, and a number by its count of digits only: what two spellings have in common."""
    if token.isascii():
        return "0" * len(token) if token.isdigit() else token
    plain = unicodedata.normalize("NFKD", token)
    if plain[0] < "\u0250":
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return plain.replace("’", "'")


def number(name: str) -> int:
    """The number of a feature by its name."""
    return zlib.crc32(name.encode("utf-8", "replace")) % SIZE


def features_of(token: str) -> tuple[list[int], list[float]]:
    """The features of one word by itself: the word, and its parts of three to five letters; with their weights."""
    word = folded(token)
    numbers, weights = [number("w" + word)], [1.0]
    if len(word) > 2 and not word.isdigit():
        edged = f"<{word}>"[:24]
        parts = [edged[i : i + n] for n in (3, 4, 5) for i in range(len(edged) - n + 1)]
        numbers += [number("p" + part) for part in parts]
        weights += [PART_WEIGHT / len(parts) ** 0.5] * len(parts)
    return numbers, weights


@dataclass(frozen=True, slots=True)
class Sentences:
    """Many texts as one run of word numbers: text i owns ids[starts[i]:starts[i + 1]]."""

    ids: Numbers
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts) - 1


class Vocabulary:
    """Gives every distinct word a running number, in order of appearance, and remembers its hash."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self.words: list[str] = []
        self.hashes: list[int] = []

    def __len__(self) -> int:
        return len(self.words)

    def read(self, texts: Sequence[str]) -> Sentences:
        """The texts as word numbers; words not seen before are added."""
        ids, get, run, starts = self.ids, self.ids.get, [], [0]
        for text in texts:
            words = tokens(text)
            found = list(map(get, words))
            if None in found:
                found = [ids[word] if word in ids else self._add(word) for word in words]
            run += found
            starts.append(len(run))
        return Sentences(np.array(run, dtype=np.int32), np.array(starts, dtype=np.int64))

    def _add(self, word: str) -> int:
        place = len(self.words)
        self.ids[word] = place
        self.words.append(word)
        self.hashes.append(zlib.crc32(folded(word).encode("utf-8", "replace")))
        return place


def neighbours(hashes: NDArray[np.uint32], starts: NDArray[np.int64]) -> Iterable[tuple[Numbers, Numbers, float]]:
    """Features of two and of three words in order: (text numbers, features, weight) for each kind.

    `hashes` holds the hashes of the words of all texts in one run, cut by `starts`.
    """
    owner = np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(starts))
    second = (hashes[:-1] * _ORDER_A) ^ (hashes[1:] * _ORDER_B)
    same = owner[:-1] == owner[1:]
    yield owner[:-1][same], _below_size(second[same]), PAIR_WEIGHT
    third = (second[:-1] * _ORDER_C) ^ (hashes[2:] * _ORDER_B)
    same = owner[:-2] == owner[2:]
    yield owner[:-2][same], _below_size(third[same]), TRIPLE_WEIGHT


def _below_size(mixed: NDArray[np.uint32]) -> Numbers:
    """The upper bits of a hash are mixed better than the lower ones."""
    spread = mixed ^ (mixed >> np.uint32(15))
    return ((spread * _ORDER_A) >> np.uint32(8)).astype(np.int64).__mod__(SIZE).astype(np.int32)


@lru_cache(maxsize=1 << 16)
def _number_before(word: str) -> int:
    return number("b" + folded(word))


def context_of(before: str, document_type: str | None) -> tuple[list[int], list[float]]:
    """The features of what stands around a passage: the words before it, and the kind of document."""
    found = {_number_before(word) for word in tokens(before)[-40:]}
    weight = BEFORE_WEIGHT / max(1.0, (len(found) / 8) ** 0.5)
    numbers, weights = sorted(found), [weight] * len(found)
    if document_type:
        numbers.append(number("d" + document_type))
        weights.append(TYPE_WEIGHT)
    return numbers, weights
