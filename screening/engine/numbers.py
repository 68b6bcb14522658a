"""Numbers that are evidence by themselves: hours, days in a row, ages, wages and heat, in any language.

The figures behind the rules: 60 hours a week with overtime and one day's rest in seven (ETI Base Code, clause 6;
ILO C001 and C014), minimum age 15 and hazardous work from 18 (ILO C138 and C182). National law may be stricter:
a rule only points a reviewer to the passage.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

_UNITS = Path(__file__).with_name("lexicon") / "units.toml"
WEEKLY_LIMIT, WEEKLY_NORMAL, LONG_SHIFT, DAYS_IN_A_ROW = 60, 48, 13, 7
MINIMUM_AGE, ADULT, HOT = 15, 18, 36
_AMOUNT = re.compile(r"\d[\d.,   ’']*\d|\d")
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")
_EDGES = re.compile(r"^\D+|\D+$")
_GROUPED = re.compile(r"\d{1,3}(?:[.,   ’']\d{3})+")


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with its meaning. `harm` is True beyond the limit and False within it."""

    signal: str
    harm: bool
    words: str


def measures_in(text: str) -> tuple[Measure, ...]:
    """Every measure that the text states, in a fixed order; empty for a text without digits."""
    if not _AMOUNT.search(text):
        return ()
    lowered = text.lower()
    # Most numbers count pages, articles and years: one look tells whether any stands before a unit of ours.
    counted = _patterns()["any_unit"].search(lowered) is not None
    found = [*_hours(lowered), *_row(lowered), *_ages(lowered)] if counted else []
    found += [*_births(lowered), *_wages(lowered), *(_heat(lowered) if counted else ())]
    return tuple(dict.fromkeys(found))


def births_in(text: str) -> tuple[Measure, ...]:
    """The ages that follow from a year of birth and a later year in the same text."""
    return _births(text.lower()) if _YEAR.search(text) else ()


def value_of(written: str) -> float:
    """A written amount as a number: 6,200 and 6.200 are thousands, 38.5 and 38,5 are not."""
    written = _EDGES.sub("", written)
    if _GROUPED.fullmatch(written):
        return float(re.sub(r"\D", "", written))
    whole, _, rest = written.replace(",", ".").rpartition(".")
    whole = re.sub(r"\D", "", whole)
    rest = re.sub(r"\D", "", rest)
    return float(f"{whole}.{rest}") if whole else float(rest or 0)


def _hours(text: str) -> Iterator[Measure]:
    for match in _patterns()["hours"].finditer(text):
        hours, around = value_of(match["n"]), text[max(0, match.start() - 40) : match.end() + 40]
        weekly = _patterns()["week"].search(around)
        if weekly and 40 <= hours <= 130 and (hours > WEEKLY_LIMIT or hours <= WEEKLY_NORMAL):
            yield Measure("HR.MAX", hours > WEEKLY_LIMIT, match[0])
        elif not weekly and 10 <= hours <= 36 and _patterns()["day"].search(around) and hours >= LONG_SHIFT:
            yield Measure("HR.BREAK", True, match[0])


def _row(text: str) -> Iterator[Measure]:
    for match in _patterns()["days"].finditer(text):
        days = value_of(match["n"])
        if _patterns()["row"].search(text[max(0, match.start() - 30) : match.end() + 40]) and 2 <= days <= 200:
            yield Measure("HR.REST", days >= DAYS_IN_A_ROW, match[0])


def _ages(text: str) -> Iterator[Measure]:
    for match in _patterns()["age"].finditer(text):
        yield from _of_age(value_of(match["n"]), match[0])


@lru_cache(maxsize=8)  # Each passage is asked about twice.
def _births(text: str) -> tuple[Measure, ...]:
    years = [int(year) for year in _YEAR.findall(text)]
    found: list[Measure] = []
    for match in _patterns()["born"].finditer(text) if years else ():
        born = int(match["n"] or match["m"])
        later = [year for year in years if year > born + 8]
        if later:
            found += _of_age(max(later) - born, match[0])
    return tuple(found)


def _of_age(age: float, words: str) -> Iterator[Measure]:
    if 4 <= age < MINIMUM_AGE:
        yield Measure("CL.MINAGE", True, words)
    elif MINIMUM_AGE <= age < ADULT:
        yield Measure("CL.YOUNG", True, words)
    elif ADULT <= age < 70:
        yield Measure("CL.MINAGE", False, words)


def _wages(text: str) -> Iterator[Measure]:
    """Two amounts of like size, one of them next to the word for the legal minimum."""
    amounts = list(_AMOUNT.finditer(text))
    marks = list(_patterns()["minimum"].finditer(text)) if len(amounts) > 1 else []
    amounts = [amount for amount in amounts if value_of(amount[0]) >= 5] if marks else []
    if len(amounts) < 2:
        return
    legal = min(amounts, key=lambda amount: min(_distance(mark, amount) for mark in marks))
    limit = value_of(legal[0])
    for amount in amounts:
        paid = value_of(amount[0])
        if amount is not legal and 0.4 * limit <= paid <= 2.5 * limit and not 2000 <= paid <= 2040:
            yield Measure("WG.MIN", paid < limit, f"{amount[0].strip()} … {legal[0].strip()}")
            return


def _distance(mark: re.Match[str], amount: re.Match[str]) -> int:
    """In characters; an amount rather belongs to the word before it, "the legal minimum of 8,000"."""
    after = amount.start() - mark.end()
    return after if after >= 0 else 3 * (mark.start() - amount.end()) + 5


def _heat(text: str) -> Iterator[Measure]:
    for match in _patterns()["heat"].finditer(text):
        degrees = value_of(match["n"])
        if 15 <= degrees <= 60:
            yield Measure("OSH.HEAT", degrees >= HOT, match[0])


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    unit = tomllib.loads(_UNITS.read_text(encoding="utf-8"))
    amount = r"(?P<n>\d[\d.,]*)"
    return {
        "hours": re.compile(rf"{amount}[\s-]*(?:{unit['hour']})(?!\w)"),
        "week": re.compile(unit["week"]),
        "day": re.compile(unit["day"]),
        "days": re.compile(rf"{amount}[\s-]*(?:\w+\s)?(?:{unit['day']})"),
        "row": re.compile(unit["row"]),
        "age": re.compile(rf"(?<![\d.,]){amount}[\s-]*(?:{unit['age']})"),
        "born": re.compile(
            rf"(?:{unit['born']})\D{{0,12}}(?P<n>(?:19|20)\d\d)|(?P<m>(?:19|20)\d\d)\D{{0,3}}(?:{unit['born']})"
        ),
        "minimum": re.compile(unit["minimum"]),
        "heat": re.compile(rf"{amount}\s?(?:{unit['heat']})"),
        # Wherever hours, days, age or heat match, this does too.
        "any_unit": re.compile(
            rf"\d[.,]*[\s-]*(?:(?:{unit['hour']})(?!\w)|{unit['age']}|{unit['heat']}|(?:\w+\s)?(?:{unit['day']}))"
        ),
    }  # fmt: skip
