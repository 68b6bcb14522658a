"""Reads a date as people of a language write it, and says nothing where it could be read two ways."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from functools import cache
from pathlib import Path

_DAY_FIRST = frozenset({"nl", "de", "fr", "es", "pt", "it", "pl", "tr", "vi", "id", "ar", "hi", "bn", "th"})
"""Languages in which 03/04/2026 is the third of April. In English it is either, so it is neither."""
_YEARS = range(1990, 2100)
_BUDDHIST_YEARS, _BUDDHIST_ERA = range(2533, 2643), 543
_YEAR_FIRST = re.compile(r"(?<![\d/.-])(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d)")
_NAMED = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|º|°)?[.\s-]{0,2}(?:de |of )?([^\W\d_]{3,12})\.?[,\s-]{0,2}(?:de )?(\d{4})"
)
_NAMED_FIRST = re.compile(r"([^\W\d_]{3,12})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_VIETNAMESE = re.compile(r"(\d{1,2}) tháng (\d{1,2})(?: năm|,)? (\d{4})", re.IGNORECASE)


def date_in(text: str, language: str | None) -> date | None:
    """The one date in a text of this language (ISO 639-1); None for no date, several, or one that is not sure."""
    found = set(_dates(" ".join(text.split()), language))
    return found.pop() if len(found) == 1 else None


def dates_in(text: str, language: str | None) -> tuple[date, ...] | None:
    """Every date in a text of this language; None when one of them is not sure."""
    found = _dates(" ".join(text.split()), language)
    sure = tuple(day for day in found if day is not None)
    return sure if len(sure) == len(found) else None


def _dates(text: str, language: str | None) -> list[date | None]:
    """Every date in the text, None for one that can be read two ways or does not exist."""
    found = [_date(int(year), int(month), int(day)) for year, month, day in _YEAR_FIRST.findall(text)]
    rest = _YEAR_FIRST.sub(" ", text)
    found += [_of_numbers(one, mark, other, year, language) for one, mark, other, year in _YEAR_LAST.findall(rest)]
    found += [_date(int(year), int(month), int(day)) for day, month, year in _VIETNAMESE.findall(text)]
    named = [(day, name, year) for day, name, year in _NAMED.findall(text)]
    named += [(day, name, year) for name, day, year in _NAMED_FIRST.findall(text)]
    for day, name, year in named:
        month = _months(language).get(name.casefold())
        if month is not None:
            found.append(_date(int(year), month, int(day)))
    return found


def _of_numbers(one: str, mark: str, other: str, year: str, language: str | None) -> date | None:
    first, second, full = int(one), int(other), int(year)
    if len(year) == 2:
        if language not in _DAY_FIRST or language == "th":
            return None
        full += 2000
    # A dot stands between day and month in every language that uses it.
    if mark == "." or language in _DAY_FIRST or first > 12 or first == second:
        return _date(full, second, first)
    return _date(full, first, second) if second > 12 else None


def _date(year: int, month: int, day: int) -> date | None:
    if year in _BUDDHIST_YEARS:
        year -= _BUDDHIST_ERA
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


@cache
def _months(language: str | None) -> dict[str, int]:
    """Names of months in a language, or where it is unknown those that mean one month in all of them."""
    path = Path(__file__).with_name("lexicon").joinpath("months.toml")
    lexicon: dict[str, list[str]] = tomllib.loads(path.read_text(encoding="utf-8"))
    if language in lexicon:
        # English names stand in documents of every language.
        return _numbered(lexicon["en"]) | _numbered(lexicon[language])
    means: dict[str, set[int]] = {}
    for names in lexicon.values():
        for name, month in _numbered(names).items():
            means.setdefault(name, set()).add(month)
    return {name: months.pop() for name, months in means.items() if len(months) == 1}


def _numbered(names: list[str]) -> dict[str, int]:
    return {name: month for month, spellings in enumerate(names, start=1) for name in spellings.split()}
