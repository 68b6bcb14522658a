"""An answer as it is written into the cells of a sheet, and as it is read from them again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from models.errors import Invalid
from questionnaires.definition import Kind, Question
from questionnaires.exchange.options import choices_of, meant, shown
from questionnaires.values import Json, checked, typed_number

_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_MONEY = re.compile(r"(?P<before>[A-Za-z]{3})?\s*+(?P<amount>[-+]?[\d.,' ]++)\s*+(?P<after>[A-Za-z]{3})?")
"""Nothing that was taken is given back (`*+`): a cell full of blanks must not be tried in every way."""

Names = Mapping[str, str]
"""The words for the keys of sites, persons and documents."""


def one_cell(question: Question, kept: Json, language: str, names: Names) -> str:
    """An answer in one cell: choices by their words, several of them each on a line of its own."""
    if kept is None:
        return ""
    words = shown(choices_of(question), language)
    match question.kind:
        case Kind.YES_NO | Kind.SINGLE:
            return words.get(kept, str(kept))
        case Kind.CONSENT:
            return words["yes"]
        case Kind.SEVERAL | Kind.RANKING:
            return "\n".join(words.get(each, str(each)) for each in kept)
        case Kind.MONEY:
            return f"{kept['amount']} {kept['currency']}"
        case Kind.REFERENCE:
            return names.get(kept, kept)
    return str(kept)


def from_cell(question: Question, text: str, language: str, names: Names) -> Json:
    """The answer that a cell holds, in the form in which it is kept. Raises Invalid with a sentence for people."""
    text = text.strip()
    if not text:
        return None
    return checked(question, _raw(question, text, language, names))


def _raw(question: Question, text: str, language: str, names: Names) -> Any:
    match question.kind:
        case Kind.YES_NO | Kind.SINGLE:
            return _choice(question, text, language)
        case Kind.CONSENT:
            return _choice(question, text, language) == "yes"
        case Kind.SEVERAL | Kind.RANKING:
            return [_choice(question, part, language) for part in _parts(question, text, language)]
        case Kind.NUMBER:
            return typed_number(text)
        case Kind.PERCENTAGE:
            return typed_number(text.removesuffix("%"))
        case Kind.MONEY:
            return _money(text)
        case Kind.DATE:
            return day(text)
        case Kind.REFERENCE:
            return next((key for key, name in names.items() if name == text), text)
    return text


def _choice(question: Question, text: str, language: str) -> str:
    found = meant(choices_of(question), text, language)
    if found is None:
        raise Invalid("This is none of the answers: choose one from the list in the cell.", field=question.id)
    return found


def _parts(question: Question, text: str, language: str) -> list[str]:
    """Several choices, each on its line; a hasty hand writes them behind each other, with commas."""
    lines = [part for part in text.splitlines() if part.strip()]
    if len(lines) == 1 and meant(choices_of(question), text, language) is None:
        return [part for part in re.split(r"[;,]", text) if part.strip()]
    return lines


def _money(text: str) -> dict[str, str]:
    found = _MONEY.fullmatch(text)
    if found is None or (found["before"] and found["after"]):
        raise Invalid("Give the amount and its currency, such as EUR.")
    return {
        "amount": typed_number(found["amount"].strip()),
        "currency": (found["before"] or found["after"] or "").upper(),
    }


def day(text: str) -> str:
    """A date as ISO writes it, also from a day-month-year that cannot be read in two ways."""
    text = text.strip().removesuffix(" 00:00:00").removesuffix("T00:00:00")
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    found = _DAY_FIRST.fullmatch(text)
    if found is None:
        raise Invalid("Give a day, such as 2026-01-31.")
    first, second, year = int(found[1]), int(found[2]), int(found[3])
    if first <= 12 and second <= 12 and first != second:
        raise Invalid("This day can be read in two ways: write it as year-month-day, such as 2026-01-31.")
    numbers = (second, first) if first > 12 or first == second else (first, second)
    try:
        return date(year, *numbers).isoformat()
    except ValueError:
        raise Invalid("Give a day, such as 2026-01-31.") from None
