"""Cuts text into words, and words into numbered features: the word, and its parts.

The same code serves learning and judging, so that a passage can never look different to the two. A feature is
a number below `SIZE`, found by a hash that is the same on every machine; what it weighs is learned. `vocabulary` puts
words together.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from functools import lru_cache

SIZE = 1 << 16
"""How many numbered features there are. Two features that share a number share a weight."""

PART_WEIGHT = 1.0
"""All parts of a word together are as long as this, beside the 1.0 of the word itself."""
_PART = zlib.crc32(b"p")

_TOKEN = re.compile(
    # A character of a script without spaces, a word with its vowel signs, or a mark that changes the meaning.
    r"[\u0e01-\u0e4e\u3040-\u30ff\u3400-\u9fff]|"
    r"[^\W\u0e01-\u0e4e\u3040-\u30ff\u3400-\u9fff][\w\u0300-\u036f\u064b-\u065f\u0901-\u0963\u0981-\u09e3’']*|[?？؟|%]"
)


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
        cuts = [(i, i + n) for n in (3, 4, 5) for i in range(len(edged) - n + 1)]
        if edged.isascii():  # As below, without making every part a text of its own first.
            letters = edged.encode()
            numbers += [zlib.crc32(letters[i:end], _PART) % SIZE for i, end in cuts]
        else:
            numbers += [number("p" + edged[i:end]) for i, end in cuts]
        weights += [PART_WEIGHT / len(cuts) ** 0.5] * len(cuts)
    return numbers, weights
