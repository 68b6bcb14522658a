"""The rows of an XLSForm by the names of their columns, its languages, its lists of choices, and its names in ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from questionnaires.definition import Choice, Question, Words
from questionnaires.exchange.sheets import Sheet
from questionnaires.exchange.xlsform import Row
from questionnaires.syntax import is_name

_LANGUAGE = re.compile(r"(?P<column>\w+)::.*?\(?(?P<code>[a-z]{2})\)?", re.IGNORECASE)

Tables = Mapping[str, list[tuple[int, Row]]]
"""By the name of the sheet: each row with its number, counted as spreadsheets do."""


@dataclass(frozen=True, slots=True)
class RowNote:
    """Something of a row that was not taken over. `row` counts from 1, as spreadsheets do."""

    sheet: str
    row: int
    name: str
    why: str


@dataclass(slots=True)
class Group:
    """A group or a table that has begun and not ended."""

    kind: str
    name: str
    row: Row
    number: int
    rules: tuple[str, ...]
    questions: list[Question] = field(default_factory=list)
    intro: Words = field(default_factory=dict)


def rows_of(sheet: Sheet) -> list[tuple[int, Row]]:
    """The filled rows below the heading."""
    heads = {column: cell.text.strip() for column, cell in sheet.row(0).items()}
    found: dict[int, Row] = {}
    for (number, column), cell in sheet.cells.items():
        if number > 0 and heads.get(column) and cell.text.strip():
            found.setdefault(number, {})[heads[column]] = cell.text.strip()
    return [(number + 1, found[number]) for number in sorted(found)]


def spoken(rows: Iterable[Row]) -> tuple[str, ...]:
    """The languages that columns are named for, English first."""
    codes = {found["code"].lower() for row in rows for head in row if (found := _LANGUAGE.fullmatch(head))}
    return ("en", *sorted(codes - {"en"}))


def words_of(row: Row, column: str, languages: tuple[str, ...]) -> Words:
    """A text in every language; where one lacks it, in English or in the first that is there."""
    found = {"en": row[column]} if column in row else {}
    for head, text in row.items():
        match = _LANGUAGE.fullmatch(head)
        if match is not None and match["column"] == column:
            found[match["code"].lower()] = text
    if not found:
        return {}
    english = found.get("en", next(iter(found.values())))
    return {language: found.get(language, english) for language in languages}


def lists_of(rows: list[tuple[int, Row]], languages: tuple[str, ...]) -> dict[str, tuple[Choice, ...]]:
    """Every list of choices by its name; the same choice twice is one."""
    found: dict[str, dict[str, Choice]] = {}
    for _, row in rows:
        list_ = row.get("list_name") or row.get("list name", "")
        name = row.get("name") or row.get("value", "")
        if list_ and name:
            label = words_of(row, "label", languages) or dict.fromkeys(languages, name)
            found.setdefault(list_, {}).setdefault(name, Choice(name, label))
    return {list_: tuple(choices.values()) for list_, choices in found.items()}


def name_of(text: str) -> str:
    """A name that our rules can say: small letters, digits and underscores."""
    plain = re.sub(r"[^a-z0-9_]", "_", text.lower())
    plain = plain if re.match(r"[a-z]", plain) else f"q_{plain}"
    return plain if is_name(plain) else f"{plain}_x"
