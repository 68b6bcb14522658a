"""Cuts a run of text into sentences, in any of the languages of the product, without a dictionary."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

LONGEST = 600
"""A sentence of more characters is cut at a pause: nobody can review it, and no cue reaches that far."""

# A stop counts when white space and something other than a small letter follow. Chinese, Japanese, Hindi,
# Bengali and Urdu stops need no space after them.
_STOP = re.compile(
    r"""[.!?…؟]+["'”’»)\]]*(?=\s+[^\s])|[。！？]["”’」』）]*|[।॥۔]["”’)]*(?=\s|$)""",
)
_DAY_OF = re.compile(r"\s+([^\W\d_]{3,9})\b")
_INITIALS = re.compile(r"(?:[a-zçéü]\.)*[a-zçéü]")
_PAUSE = re.compile(r"[;；:،,，、]\s*|\s+")
_THAI = re.compile(r"[\u0e01-\u0e4e]")
_THAI_PIECE = 160
"""Thai ends sentences with a space only; pieces of about this many characters hold one or two clauses."""


def split(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences in text[start:end], without the white space around them, in order."""
    end = len(text) if end is None else end
    longest = _THAI_PIECE if _THAI.search(text, start, end) else LONGEST
    first = start
    for stop in _STOP.finditer(text, start, end):
        if stop.start() >= first and _ends_a_sentence(text, first, stop):
            yield from _pieces(text, first, stop.end(), longest)
            first = stop.end()
    yield from _pieces(text, first, end, longest)


def _ends_a_sentence(text: str, first: int, stop: re.Match[str]) -> bool:
    if text[stop.start()] not in ".…":
        return True
    following = text[stop.end() : stop.end() + 12].lstrip()[:2]
    if following[:1].islower():
        return False
    if text[stop.start()] == "…" or stop.end() - stop.start() > 1:
        return True
    before = text[max(first, stop.start() - 15) : stop.start()].removesuffix("\n")
    if not before or before[-1].isspace():
        return False
    word = before.split()[-1]
    bare = word.lstrip("(\"'[“‘«").lower()
    if bare in _abbreviations():
        return False
    if _INITIALS.fullmatch(bare):
        return False
    if bare.isdigit() and len(bare) < 3 and _names_a_month(text, stop.end()):
        return False
    # "3. Wages" opens an item: its number is no sentence. "… in 2024. Wages" is.
    return not (bare.isdigit() and text[first : stop.start()].strip() == word)


def _names_a_month(text: str, place: int) -> bool:
    """Whether a German month follows: "am 3. Februar". Other languages put no stop there, or write months small."""
    following = _DAY_OF.match(text, place)
    return following is not None and following[1].casefold() in _german_months()


def _pieces(text: str, first: int, last: int, longest: int) -> Iterator[tuple[int, int]]:
    """text[first:last] without outer white space, cut at pauses where it is longer than `longest`."""
    while first < last and text[first].isspace():
        first += 1
    while last > first and text[last - 1].isspace():
        last -= 1
    while last - first > longest * 1.3:
        cut = _pause(text, first, longest)
        yield first, cut
        first = cut
        while first < last and text[first].isspace():
            first += 1
    if first < last:
        yield first, last


def _pause(text: str, first: int, longest: int) -> int:
    """The last pause in the second half of the longest piece, or the hard limit where there is none."""
    best = 0
    for pause in _PAUSE.finditer(text, first + longest // 2, first + longest):
        best = pause.start() + (0 if pause[0].isspace() else 1)
    return best or first + longest


@cache
def _german_months() -> frozenset[str]:
    months = tomllib.loads(Path(__file__).with_name("lexicon").joinpath("months.toml").read_text(encoding="utf-8"))
    return frozenset(name for names in months["de"] for name in names.split())


@cache
def _abbreviations() -> frozenset[str]:
    lines = Path(__file__).with_name("lexicon").joinpath("abbreviations.txt").read_text(encoding="utf-8")
    return frozenset(word for line in lines.splitlines() if not line.startswith("#") for word in line.split())
