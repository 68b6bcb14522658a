"""How much two passages say the same: by their words, cut short so that endings do not matter, in any script."""

from __future__ import annotations

import hashlib
import re
import unicodedata

GIST_WORDS = 2
"""So many of a passage's words make one of its gists (two passages that share half of their words share a gist in one
case of four, those that share nine words of ten in four of five: MinHash, Broder 1997)."""
_STEM = 6
"""Letters of a word that count: `passport` and `passports` are then the same."""
_SHORTEST = 3
_WORD = re.compile("[^\\W\\d_]+")
_TOKEN = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+|[^\\W_]+")
_WITHOUT_BLANKS = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")


def stems(text: str) -> frozenset[str]:
    """The words of a text, cut short; pairs of letters where a script has no blanks. Numbers count as words."""
    found: set[str] = set()
    for token in _TOKEN.findall(text.casefold()):
        if _WITHOUT_BLANKS.match(token):
            found.update(token[place : place + 2] for place in range(max(1, len(token) - 1)))
        elif len(token) >= _SHORTEST or token.isdigit():
            found.add(token[:_STEM])
    return frozenset(found)


def held(part: frozenset[str], whole: frozenset[str]) -> float:
    """The share, 0 to 1, of one text's words that stand in the other; 0 for a text without words."""
    return len(part & whole) / len(part) if part else 0.0


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """The share, 0 to 1, of both texts' words that they have in common (Jaccard)."""
    return len(one & other) / len(one | other) if one or other else 0.0


def print_of(text: str) -> str:
    """A short print of a passage, equal for passages that differ in case, numbers, punctuation and spacing only.

    32 characters; empty for a text without a word.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    words = " ".join(_WORD.findall(plain))
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:32] if words else ""


def gists_of(text: str) -> tuple[int, int] | None:
    """Two small numbers, each drawn from the words of a passage so that passages with many common words share one.

    They are drawn by the hash of the words and so are the same for the same words in any order; numbers do not count.
    Between -2**63 and 2**63 - 1; None for a text without a word.
    """
    words = [word for word in stems(text) if not word.isdigit()]
    if not words:
        return None
    drawn = [hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=32).digest() for word in words]
    least = [min(one[place : place + 8] for one in drawn) for place in (0, 8, 16, 24)]
    return _number(*least[:GIST_WORDS]), _number(*least[GIST_WORDS:])


def _number(*parts: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(b"".join(parts), digest_size=8).digest(), "big", signed=True)
