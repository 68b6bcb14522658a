"""Answers as they are kept and sent (plain JSON), as rules see them, and as people read them.

| kind | kept as |
|---|---|
| yes_no, single, text | a text: the choice's id, or the words |
| reference | the key of a site or a person of the company, or a name in words |
| several, ranking | a list of choices' ids; of a ranking, the first is the most important |
| number, percentage | a text such as "12.5", so that no digit is lost |
| money | {"amount": "1200", "currency": "EUR"} |
| date | "2026-01-31" |
| consent | true |
| file | a list of documents' keys |
| table | a list of rows, each {column: value} |
| matrix | {row: choice} |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from models.errors import Invalid
from questionnaires.definition import YES_NO, Kind, Question
from questionnaires.rules import Value

Json = Any
"""What `json.loads` gives; here of the shapes in the table above."""

LONGEST = 50_000
"""Characters of one answer in words: some twenty pages."""

MOST_ROWS = 300
MOST_FILES = 50

_CURRENCY = re.compile(r"[A-Z]{3}")
_GROUPED = re.compile(r"[+-]?\d{1,3}([.,  '])\d{3}")


def checked(question: Question, value: Json) -> Json:
    """The value in the form in which it is kept; None for no answer. Raises Invalid with a sentence for people."""
    if value is None or value in ("", [], {}):
        return None
    return _CHECKS[question.kind](question, value)


def value_of(question: Question, value: Json) -> Value:
    """What rules see of a kept value. A value that does not fit the question counts as unanswered."""
    try:
        kept = checked(question, value)
    except Invalid:
        return None
    return None if kept is None else _seen(question, kept)


def typed_number(text: str) -> str:
    """The plain form of a number that a person typed, with a comma or a point. Raises Invalid where it could be two."""
    text = text.strip().replace(" ", " ")
    if not text:
        return ""
    if _GROUPED.fullmatch(text):
        raise Invalid("Write the number without marks between thousands: 1234, or 1234.5 with a fraction.")
    plain = text.replace(" ", "").replace("'", "")
    if "," in plain and "." in plain:
        mark = max(plain.rfind(","), plain.rfind("."))
        plain = plain[:mark].replace(",", "").replace(".", "") + "." + plain[mark + 1 :]
    return plain.replace(",", ".")


def _number(question: Question, value: Json) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Invalid("This must be a number.", field=question.id)
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise Invalid("This must be a number.", field=question.id) from None
    if not number.is_finite() or abs(number.adjusted()) > 18 or len(str(value)) > 40:
        raise Invalid("This must be a number.", field=question.id)
    low, high = question.minimum, question.maximum
    if question.kind is Kind.PERCENTAGE:
        low, high = (Decimal(0) if low is None else low), (Decimal(100) if high is None else high)
    if (low is not None and number < low) or (high is not None and number > high):
        raise Invalid("This number is too small or too large: please check it.", field=question.id)
    return format(number, "f")


def _money(question: Question, value: Json) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise Invalid("Give the amount and its currency, such as EUR.", field=question.id)
    amount = value.get("amount")
    if amount in (None, ""):
        raise Invalid("Give the amount and its currency, such as EUR.", field=question.id)
    currency = str(value.get("currency", "")).strip().upper()
    if not _CURRENCY.fullmatch(currency):
        raise Invalid("Give the currency by its three letters, such as EUR.", field=question.id)
    return {"amount": _number(question, amount), "currency": currency}


def _date(question: Question, value: Json) -> str:
    try:
        return date.fromisoformat(str(value).strip()).isoformat()
    except ValueError:
        raise Invalid("Give a day, such as 2026-01-31.", field=question.id) from None


def _text(question: Question, value: Json) -> str | None:
    if not isinstance(value, str):
        raise Invalid("This must be a text.", field=question.id)
    text = value.replace("\x00", "").strip()
    if len(text) > LONGEST:
        raise Invalid(
            "This answer is too long: shorten it, or send it as a document and say where to look.", field=question.id
        )
    return text or None


def _one(question: Question, value: Json) -> str:
    known = YES_NO if question.kind is Kind.YES_NO else tuple(choice.id for choice in question.choices)
    if value not in known:
        raise Invalid("Choose one of the answers.", field=question.id)
    return str(value)


def _several(question: Question, value: Json) -> list[str] | None:
    if not isinstance(value, list | tuple):
        raise Invalid("Choose from the answers.", field=question.id)
    known = [choice.id for choice in question.choices]
    if any(entry not in known for entry in value):
        raise Invalid("Choose from the answers.", field=question.id)
    if question.kind is Kind.RANKING:
        if len(set(value)) != len(value):
            raise Invalid("Give each place once.", field=question.id)
        return list(value)
    return [id_ for id_ in known if id_ in value]


def _consent(question: Question, value: Json) -> bool | None:
    if value not in (True, False):
        raise Invalid("Choose one of the answers.", field=question.id)
    return True if value else None


def _files(question: Question, value: Json) -> list[str]:
    if not isinstance(value, list | tuple) or len(value) > MOST_FILES:
        raise Invalid("Attach documents that you have sent.", field=question.id)
    try:
        return [str(UUID(str(entry))) for entry in value]
    except ValueError:
        raise Invalid("Attach documents that you have sent.", field=question.id) from None


def _table(question: Question, value: Json) -> list[dict[str, Json]] | None:
    if not isinstance(value, list | tuple) or not all(isinstance(row, Mapping) for row in value):
        raise Invalid("This must be a list of rows.", field=question.id)
    if len(value) > MOST_ROWS:
        raise Invalid("These are more rows than a table can hold: send the list as a document.", field=question.id)
    known = {column.id for column in question.columns}
    if any(set(row) - known for row in value):
        raise Invalid("The table has no such column.", field=question.id)
    rows = [{column.id: checked(column, row.get(column.id)) for column in question.columns} for row in value]
    kept = [{name: cell for name, cell in row.items() if cell is not None} for row in rows]
    return [row for row in kept if row] or None


def _matrix(question: Question, value: Json) -> dict[str, str] | None:
    choices = {choice.id for choice in question.choices}
    rows = [row.id for row in question.rows]
    if not isinstance(value, Mapping) or set(value) - set(rows):
        raise Invalid("Choose one of the answers in each row.", field=question.id)
    given = {row: value[row] for row in rows if value.get(row)}
    if set(given.values()) - choices:
        raise Invalid("Choose one of the answers in each row.", field=question.id)
    return given or None


def _computed(question: Question, _value: Json) -> Json:
    raise Invalid("This is worked out from other answers: nobody can fill it in.", field=question.id)


_CHECKS: dict[Kind, Callable[[Question, Json], Json]] = {
    Kind.YES_NO: _one,
    Kind.SINGLE: _one,
    Kind.SEVERAL: _several,
    Kind.RANKING: _several,
    Kind.NUMBER: _number,
    Kind.PERCENTAGE: _number,
    Kind.MONEY: _money,
    Kind.DATE: _date,
    Kind.TEXT: _text,
    Kind.REFERENCE: _text,
    Kind.CONSENT: _consent,
    Kind.FILE: _files,
    Kind.TABLE: _table,
    Kind.MATRIX: _matrix,
    Kind.COMPUTED: _computed,
}


def _seen(question: Question, kept: Json) -> Value:
    match question.kind:
        case Kind.NUMBER | Kind.PERCENTAGE:
            return Decimal(kept)
        case Kind.MONEY:
            return Decimal(kept["amount"])
        case Kind.DATE:
            return date.fromisoformat(kept)
        case Kind.SEVERAL | Kind.RANKING | Kind.FILE:
            return frozenset(kept)
        case Kind.TABLE:
            columns = {column.id: column for column in question.columns}
            return tuple({name: value_of(columns[name], cell) for name, cell in row.items()} for row in kept)
        case Kind.MATRIX:
            return tuple({"row": row, "choice": choice} for row, choice in kept.items())
    seen: Value = kept
    return seen
