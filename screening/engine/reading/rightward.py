"""Puts the letters of Arabic and Hebrew words, which run from right to left, in the order in which they are read.

Files hold such words in the order of reading, in the order of their places, or one so and the next otherwise; the
reader guesses by what stands beside them. Here the places of the letters decide, word by word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import groupby

from screening.engine.reading.cleaning import RawLine
from screening.engine.reading.pieces import LetterBox, words
from screening.engine.reading.placing import Tenths

_LETTERS = "\u0590-\u05ff\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_HAS = re.compile(f"[{_LETTERS}]")
_RUN = re.compile(f"[{_LETTERS}]{{2,}}")
_SHAPED = re.compile("[\ufb1d-\ufdff\ufe70-\ufefc]+")
"""Letters in the shape that they have at one place in a word, as some fonts tell them."""


def has_any(text: str) -> bool:
    """Whether there is a letter of such writing."""
    return _HAS.search(text) is not None


def as_read(lines: Sequence[tuple[RawLine, Tenths | None]], letter: LetterBox) -> list[tuple[RawLine, Tenths | None]]:
    """The lines with the letters of each such word from right to left as they are printed."""
    return [
        (line._replace(text=_read(line, letter)), box) if box is not None and has_any(line.text) else (line, box)
        for line, box in lines
    ]


def _read(line: RawLine, letter: LetterBox) -> str:
    signs = list(line.text)
    for start, end, index in words(line):
        if index + end - start - 1 > line.last:
            continue
        for run in _RUN.finditer(line.text, start, end):
            signs[run.start() : run.end()] = _in_order(run[0], index + run.start() - start, letter)
    return _SHAPED.sub(lambda found: unicodedata.normalize("NFKC", found[0]), "".join(signs))


def _in_order(run: str, index: int, letter: LetterBox) -> list[str]:
    """The letters of one run; those that one shape stands for stay as they follow each other."""
    places = [letter(index + number) for number in range(len(run))]
    first, last = places[0], places[-1]
    if first is None or last is None or None in places or first[0] + first[2] >= last[0] + last[2]:
        return list(run)
    shapes = groupby(zip(run, places, strict=True), key=lambda each: each[1])
    return [sign for shape in reversed([list(signs) for _, signs in shapes]) for sign, _ in shape]
