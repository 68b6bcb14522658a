"""Reads from a passage how many people are affected, where the text says so."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from screening.engine import words

_LEXICON = Path(__file__).with_name("lexicon") / "people.toml"
_REACH = 3
"""A person may stand so many words after the number: "14 young Nepali workers"."""
_WHOLE_NUMBER = re.compile(r"\d{1,3}(?:[.,’' \u00a0\u202f]\d{3})+(?!\d)")
_SEPARATOR = re.compile(r"\D")
_LARGEST = 2_000_000
_CHINESE = re.compile(
    r"([\d,]+|[一二两三四五六七八九十百千]+)(?:余|多)?\s*(?:名|位|个人|人(?!次|员|均|民币|力|事|口|工费))"
)
_THAI = re.compile(r"(?:(\d[\d,]*)|(หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|สิบ))\s*(?:คน|ราย)")
_THAI_NUMBERS = {"หนึ่ง": 1, "สอง": 2, "สาม": 3, "สี่": 4, "ห้า": 5, "หก": 6, "เจ็ด": 7, "แปด": 8, "เก้า": 9, "สิบ": 10}
_CHINESE_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_CHINESE_UNITS = {"十": 10, "百": 100, "千": 1000}
_ONE_IN = re.compile(r"\bone in (two|three|four|five|six|ten|\d+)\b.{0,30}?\b(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Counting:
    """The counting words of one language."""

    persons: frozenset[str]
    single: frozenset[str]
    sample: frozenset[str]
    whole: frozenset[str]
    numbers: Mapping[str, int]


def people_in(text: str, language: str | None) -> int | None:
    """The number of affected people that the text states; None where it states none.

    Annotation guide, rule 5: per cents, households and people who were interviewed do not count.
    """
    if language == "zh":
        return _first(chinese_number(match[1]) for match in _CHINESE.finditer(text))
    if language == "th":
        return _first(_thai(match) for match in _THAI.finditer(text))
    counting = _lexicon().get(language or "en") or _lexicon()["en"]
    share = _ONE_IN.search(text)
    if share:
        part = _number(share[1].lower(), counting)
        return round(int(share[2]) / part) if part else None
    joined = _WHOLE_NUMBER.sub(lambda match: _SEPARATOR.sub("", match[0]), text)
    return _counted(words.tokens(joined), counting)


def _first(found: object) -> int | None:
    for number in found:  # type: ignore[attr-defined]
        if number:
            return int(number)
    return None


def _counted(tokens: Sequence[str], counting: Counting) -> int | None:
    """The first number that counts persons and no sample; the part where some of a whole are meant."""
    for place, token in enumerate(tokens):
        number = _number(token, counting)
        if number is None or not _counts_persons(tokens, place, counting):
            continue
        around = tokens[max(0, place - 3) : place + _REACH + 3]
        if not counting.sample.isdisjoint(around):
            continue
        if not counting.whole.isdisjoint(tokens[max(0, place - 2) : place]):
            part = _number_before(tokens, place, counting)
            if part is not None:
                return part
        return number
    return None


def _number(token: str, counting: Counting) -> int | None:
    if token.isdigit():
        value = int(token) if len(token) < 8 else _LARGEST
        return value if 0 < value < _LARGEST else None
    return counting.numbers.get(token)


def _counts_persons(tokens: Sequence[str], place: int, counting: Counting) -> bool:
    for token in tokens[place + 1 : place + 1 + _REACH]:
        if token in counting.persons:
            return True
        if token in ("%", "|") or token.isdigit():
            return False
    return False


def _number_before(tokens: Sequence[str], place: int, counting: Counting) -> int | None:
    """The part in "seven of the 40 workers": the number up to three words before."""
    for earlier in range(place - 1, max(-1, place - 4), -1):
        number = _number(tokens[earlier], counting)
        if number is not None:
            return number
    return None


def chinese_number(word: str) -> int:
    """A Chinese or Arabic numeral up to thousands as a number: 三十二 is 32."""
    if word[0].isdigit() or word[0] == ",":
        return int(word.replace(",", "") or 0)
    total = digit = 0
    for letter in word:
        if letter in _CHINESE_UNITS:
            total, digit = total + (digit or 1) * _CHINESE_UNITS[letter], 0
        else:
            digit = _CHINESE_DIGITS[letter]
    return total + digit


def _thai(match: re.Match[str]) -> int:
    return int(match[1].replace(",", "")) if match[1] else _THAI_NUMBERS[match[2]]


@cache
def _lexicon() -> dict[str, Counting]:
    raw = tomllib.loads(_LEXICON.read_text(encoding="utf-8"))
    return {
        language: Counting(
            persons=frozenset(entry["persons"].split()),
            single=frozenset(entry["single"].split()),
            sample=frozenset(entry["sample"].split()),
            whole=frozenset(entry["whole"].split()),
            numbers=entry["numbers"],
        )
        for language, entry in raw.items()
    }
