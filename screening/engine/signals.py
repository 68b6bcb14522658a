"""Finds the phrases that name a signal outright, in any order-preserving form with few words between."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

from screening.engine import words

_LEXICON = Path(__file__).with_name("lexicon") / "phrases.toml"
_GAP = 4
"""So many other words may stand between two words of a phrase: "passports of migrants are held by ..."."""
_TELLING = 5
"""A phrase of one word must have so many letters to name a signal by itself: "asbesto", "slapp"."""
_SMALL = frozenset({
    "a", "an", "and", "as", "at", "by", "de", "een", "en", "for", "from", "had", "has", "have", "het", "in", "is",
    "of", "on", "op", "or", "the", "to", "van", "voor", "with", "was", "were", "are", "be", "been", "no", "not",
    "geen", "niet",
})  # fmt: skip


class Phrases:
    """The naming phrases of all languages, looked up by their rarest word."""

    def __init__(self, lexicon: dict[str, dict[str, list[str]]]) -> None:
        self._by_opening: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for signal, languages in lexicon.items():
            for phrases in languages.values():
                for phrase in phrases:
                    content = tuple(_stem(word) for word in words.tokens(phrase) if word not in _SMALL)
                    if len(content) > 1 or len("".join(content)) >= _TELLING:
                        self._by_opening.setdefault(content[0], []).append((signal, content))

    def find(self, tokens: Sequence[str]) -> list[tuple[str, str]]:
        """Signals with the words that named them, in order of place, each signal once."""
        found: dict[str, str] = {}
        stems = list(map(_stem, tokens))
        for place in [place for place, stem in enumerate(stems) if stem in self._by_opening]:
            for signal, content in self._by_opening[stems[place]]:
                end = _follow(stems, place, content)
                if end and signal not in found:
                    found[signal] = " ".join(tokens[place:end])
        return list(found.items())


def _follow(stems: Sequence[str], place: int, content: Sequence[str]) -> int:
    """One past the last word of a phrase that begins at `place`; 0 where it does not go on in time."""
    at = place
    for wanted in content[1:]:
        for step in range(at + 1, min(len(stems), at + 2 + _GAP)):
            if stems[step] == wanted:
                at = step
                break
        else:
            return 0
    return at + 1


@lru_cache(maxsize=1 << 16)
def _stem(word: str) -> str:
    """A rough stem that joins "passport" and "passports", "locked" and "locks"."""
    for ending in ("ing", "ed", "es", "s", "en"):
        if len(word) > len(ending) + 3 and word.endswith(ending):
            return word[: -len(ending)]
    return word


@cache
def lexicon() -> dict[str, dict[str, list[str]]]:
    """The phrases by signal and language, read once."""
    return tomllib.loads(_LEXICON.read_text(encoding="utf-8"))
