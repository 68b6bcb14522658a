"""Reads the amounts that a text states, with their units, so that 72 hours and seventy-two hours are the same."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from screening.engine import numbers, people

_LEXICON = Path(people.__file__).with_name("lexicon")
_UNITS = Path(__file__).with_name("units.toml")
_NUMBER = re.compile(r"(?<![\da-zA-Z.,])(\d[\d.,’']*\d|\d)(?!\d)")
_HAN = re.compile(r"[零一二两三四五六七八九十百千]{1,6}")
_YEAR = range(1950, 2060)
_REACH = 14
"""A unit stands within so many characters after its number, or a currency before it."""
_WORD = re.compile(r"[^\W\d_]+")
_SAME = 0.02
_CURRENCY = re.compile(r"(?:[$€£¥₹฿৳]|\b(?:rp|rs|usd|eur|tk|bdt|inr|zł|r\$))\s?$")
_THAI_NUMBERS = {
    "หนึ่ง": 1, "สอง": 2, "สาม": 3, "สี่": 4, "ห้า": 5, "หก": 6, "เจ็ด": 7, "แปด": 8, "เก้า": 9, "สิบ": 10,
    "สิบสอง": 12, "ยี่สิบ": 20,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit; `kind` is a key of units.toml, `year`, or `number` where no unit was found."""

    value: float
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Match:
    """How the amounts of an answer and of a passage stand to each other."""

    kind: str
    answer: Amount
    passage: Amount

    @property
    def same(self) -> bool:
        """Within two in a hundred, as people round; years and bare numbers to the digit."""
        slack = 0.0 if self.kind in ("number", "year") else _SAME * max(self.answer.value, self.passage.value)
        return abs(self.answer.value - self.passage.value) <= slack


def amounts_in(text: str, language: str | None) -> tuple[Amount, ...]:
    """Every amount of a text, in order, in figures or in words."""
    plain = _figures(text, language)
    return tuple(dict.fromkeys(_amounts(plain)))


def matches(answer: Sequence[Amount], passage: Sequence[Amount]) -> tuple[Match, ...]:
    """For each kind that both state, the nearest pair; years and bare numbers only where they are the same."""
    found = []
    for kind in dict.fromkeys(amount.kind for amount in answer):
        ours = [amount for amount in answer if amount.kind == kind]
        theirs = [amount for amount in passage if amount.kind == kind]
        if theirs:
            pairs = [Match(kind, one, other) for one in ours for other in theirs]
            best = min(pairs, key=lambda pair: abs(pair.answer.value - pair.passage.value))
            if kind not in ("number", "year") or best.same:
                found.append(best)
    return tuple(found)


def years_in(found: Sequence[Amount]) -> frozenset[int]:
    return frozenset(int(amount.value) for amount in found if amount.kind == "year")


def _amounts(text: str) -> Iterator[Amount]:
    lowered = text.lower()
    # A capital that becomes two small letters would shift what is quoted.
    shown = text if len(text) == len(lowered) else lowered
    for match in _NUMBER.finditer(lowered):
        value = numbers.value_of(match[0])
        kind, end = _kind(lowered, match.start(), match.end())
        if kind == "number" and value in _YEAR and len(match[0]) == 4:
            kind = "year"
        yield Amount(value, kind, shown[match.start() : end].strip())


def _kind(text: str, start: int, end: int) -> tuple[str, int]:
    """What a number counts, and where its unit ends."""
    if _CURRENCY.search(text[max(0, start - 6) : start]):
        return "money", end
    for kind, pattern in _units().items():
        if unit := pattern.match(text, end, end + _REACH):
            return kind, unit.end()
    return "number", end


@cache
def _units() -> dict[str, re.Pattern[str]]:
    units: dict[str, str] = tomllib.loads(_UNITS.read_text(encoding="utf-8"))
    # One other word may stand between a number and its unit: "60 working hours", "45 minutes".
    return {
        kind: re.compile(rf"[\s-]{{0,2}}(?:[^\W\d]{{2,9}}\s)?(?:{words})(?!\w*\d)") for kind, words in units.items()
    }


def _figures(text: str, language: str | None) -> str:
    """The text with its numbers in figures of one script."""
    plain = "".join(_figure(letter) for letter in text)
    if language == "zh":
        return _HAN.sub(
            lambda match: f"{_han(match[0])}" if len(match[0]) > 1 or match[0] not in "一千百" else match[0], plain
        )
    if language == "th":
        for word in sorted(_THAI_NUMBERS, key=len, reverse=True):
            plain = plain.replace(word, str(_THAI_NUMBERS[word])) if word in plain else plain
        return plain
    known = _number_words().get(language or "en", {})
    return _WORD.sub(lambda match: str(known.get(match[0].lower(), match[0])), plain)


def _figure(letter: str) -> str:
    if letter.isascii():
        return letter
    digit = unicodedata.digit(letter, None)
    return letter if digit is None else str(digit)


def _han(word: str) -> int:
    counted = word.replace("零", "")
    return people.chinese_number(counted) if counted else 0


@cache
def _number_words() -> dict[str, dict[str, int]]:
    raw = tomllib.loads((_LEXICON / "people.toml").read_text(encoding="utf-8"))
    # "A" and "one" say more often that something is there than how many.
    return {code: {word: value for word, value in entry["numbers"].items() if value > 1} for code, entry in raw.items()}
