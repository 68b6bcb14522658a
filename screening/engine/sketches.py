"""Makes a short sketch of a document's text, so that near-identical texts are told without comparing them word by word.

MinHash (Broder 1997): the share of equal numbers in two sketches estimates the share of word sequences that both
texts have, with a standard error of at most 0.06. Bands (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets,
chapter 3) make candidates findable by an index: two texts that share 90 % of their sequences have a band in common
in 99 of 100 cases, two that share half of them in 3 of 100.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable
from functools import cache

import numpy as np
from numpy.typing import NDArray

NUMBERS = 64
"""In a sketch; each of 32 bits."""
BANDS, _ROWS = 8, 8
_SHINGLE = 4
"""Words in a sequence; letters in scripts without blanks."""
_FEWEST = 40
"""A text with fewer sequences is too short to be told from another: a blank form, a cover."""
_AT_ONCE = 512
"""Sequences that are mixed in one go: what that takes stays within a core's own memory."""
_TOKEN = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]|[^\\W_]+")

_Numbers = NDArray[np.uint64]


def sketch_of(texts: Iterable[str]) -> bytes | None:
    """The sketch of a document's page texts; None for one with too little text."""
    hashes = _sequences(texts)
    if len(hashes) < _FEWEST:
        return None
    first, second = _permutations()
    least = np.full(NUMBERS, np.iinfo(np.uint64).max, dtype=np.uint64)
    for start in range(0, len(hashes), _AT_ONCE):
        mixed = hashes[start : start + _AT_ONCE, None] * first
        mixed += second
        least = np.minimum(least, mixed.min(axis=0))
    return (least >> np.uint64(32)).astype("<u4").tobytes()


def bands_of(sketch: bytes) -> tuple[int, ...]:
    """The bands of a sketch as signed 64-bit numbers; near-identical texts have at least one in common."""
    step = _ROWS * 4
    digests = (
        hashlib.blake2b(bytes([band]) + sketch[band * step : (band + 1) * step], digest_size=8).digest()
        for band in range(BANDS)
    )
    return tuple(int.from_bytes(digest, "big", signed=True) for digest in digests)


def _sequences(texts: Iterable[str]) -> _Numbers:
    """A number for every different sequence of words; page breaks are no breaks."""
    words = [word for text in texts for word in _TOKEN.findall(text.casefold())]
    if len(words) < _SHINGLE:
        return np.empty(0, dtype=np.uint64)
    hashes = {word: zlib.crc32(word.encode()) for word in set(words)}
    numbers = np.fromiter(map(hashes.__getitem__, words), dtype=np.uint64, count=len(words))
    count = len(numbers) - _SHINGLE + 1
    mixed = np.zeros(count, dtype=np.uint64)
    for place in range(_SHINGLE):
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + numbers[place : place + count]
    mixed ^= mixed >> np.uint64(31)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(29)
    return np.unique(mixed)


@cache
def _permutations() -> tuple[_Numbers, _Numbers]:
    """Fixed odd multipliers and offsets: the same sketch on every machine and every day."""
    chance = np.random.default_rng(20260302)
    first = chance.integers(1, 2**63, NUMBERS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    return first, chance.integers(0, 2**63, NUMBERS, dtype=np.uint64)
