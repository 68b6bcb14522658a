"""Knows what the columns of findings and action tables are called, in every language of the product."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

from screening.engine.results import TableKind

_LONGEST = 60
"""A cell of more characters is no column's name."""
_SHORT = 12
"""Shorter names may be cut off with a dot: `Resp. pers.`"""
_LONGEST_NAME = 5
"""Words in a name."""
_SHORTEST_BEGINNING = 4
_APART = re.compile(r"\s+|(?<=\w\w\w)/(?=\w\w\w)")
_AROUND = "()[]{}<>.,:;*\"'“”„«»!-–—_"
_WITHOUT_BLANKS = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff]")


class Column(StrEnum):
    """What a column holds; the words for each stand in `lexicon/table_headers.toml`."""

    FINDING = "finding"
    ROOT_CAUSE = "root_cause"
    CORRECTIVE_ACTION = "corrective_action"
    PREVENTIVE_ACTION = "preventive_action"
    RESPONSIBLE = "responsible"
    DUE_DATE = "due_date"
    STATUS = "status"
    SEVERITY = "severity"
    CLAUSE = "clause"
    EVIDENCE = "evidence"
    QUESTION = "question"
    ANSWER = "answer"
    COMMENT = "comment"
    NUMBER = "number"


_ACTIONS = frozenset({Column.CORRECTIVE_ACTION, Column.PREVENTIVE_ACTION})
_FOLLOW_UP = frozenset({Column.ROOT_CAUSE, Column.RESPONSIBLE, Column.DUE_DATE, Column.STATUS})
_OF_AUDITS = frozenset({Column.SEVERITY, Column.CLAUSE, Column.EVIDENCE, Column.NUMBER, Column.COMMENT})


@dataclass(frozen=True, slots=True)
class _Names:
    """Names of columns: whole ones, ones with any ending, and those of scripts that put no blanks between words."""

    whole: dict[str, Column]
    beginnings: dict[str, Column]
    inside: dict[str, Column]
    inside_any: re.Pattern[str]


@cache
def _names() -> _Names:
    path = Path(__file__).with_name("lexicon").joinpath("table_headers.toml")
    lexicon = tomllib.loads(path.read_text(encoding="utf-8"))
    names = _Names({}, {}, {}, re.compile(""))
    for column in Column:
        for word in lexicon[column]:
            if _WITHOUT_BLANKS.search(word):
                names.inside.setdefault(word, column)
            elif word.endswith("*"):
                names.beginnings.setdefault(" ".join(_words(word[:-1])), column)
            else:
                names.whole.setdefault(" ".join(_words(word)), column)
    longest_first = sorted(names.inside, key=len, reverse=True)
    return replace(names, inside_any=re.compile("|".join(map(re.escape, longest_first))))


def _words(text: str) -> list[str]:
    """The words of a text in small letters, without the signs around them; `#` and `n°` are words too."""
    return [bare for word in _APART.split(text.casefold()) if (bare := word.strip(_AROUND))]


@lru_cache(maxsize=10_000)
def column_of(cell: str) -> Column | None:
    """What a header cell says that its column holds, by the longest name in it; None where it says nothing known."""
    if not cell or len(cell) > _LONGEST:
        return None
    names = _names()
    best, chosen = 0, None
    words = _words(cell)
    for length in range(min(len(words), _LONGEST_NAME), 0, -1):
        for first in range(len(words) - length + 1):
            said = " ".join(words[first : first + length])
            column = names.whole.get(said) or _by_beginning(said, len(words[first + length - 1]), names)
            # Of names as long, the first in the cell: "Finding (severity)" is a finding.
            if column is not None and len(said) > best:
                best, chosen = len(said), column
    if _WITHOUT_BLANKS.search(cell):
        for found in names.inside_any.findall(cell.casefold()):
            if len(found) > best:
                best, chosen = len(found), names.inside[found]
    return chosen


def _by_beginning(said: str, last_word: int, names: _Names) -> Column | None:
    for cut in range(last_word - _SHORTEST_BEGINNING + 1):
        column = names.beginnings.get(said[: len(said) - cut])
        if column is not None:
            return column
    return None


def columns_of(header: Sequence[str]) -> tuple[Column | None, ...]:
    """The columns of a table; where two say the same, the first is believed."""
    found: list[Column | None] = []
    for cell in header:
        column = column_of(cell)
        found.append(None if column in found else column)
    return tuple(found)


def kind_of(header: Sequence[str]) -> TableKind:
    """A table of actions with what they follow from, or of findings, or another."""
    columns = {column for column in columns_of(header) if column is not None}
    follow_up = columns & _FOLLOW_UP
    if columns & _ACTIONS and (Column.FINDING in columns or len(follow_up) >= 1):
        return TableKind.CAP
    if Column.FINDING in columns and (follow_up or columns & _OF_AUDITS):
        return TableKind.FINDINGS
    return TableKind.OTHER


@cache
def _single_words() -> tuple[frozenset[str], tuple[str, ...]]:
    """Every word that stands in a name, and the beginnings of those with any ending."""
    names = _names()
    return frozenset(word for name in names.whole for word in name.split()), tuple(names.beginnings)


def may_name_columns(line: str) -> bool:
    """Whether a line holds words of two names at least: a quick look before the cells are known."""
    if _WITHOUT_BLANKS.search(line):
        return len(_names().inside_any.findall(line.casefold())) > 1
    known, beginnings = _single_words()
    return sum(word in known or word.startswith(beginnings) for word in _words(line)) > 1


def is_header(cells: Sequence[str]) -> bool:
    """Whether a row names columns: two known ones or more, and most of its cells short."""
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or not all(map(_may_be_a_name, filled)):
        return False
    known = sum(column is not None for column in columns_of(filled))
    return known >= 2 and 2 * known >= len(filled)


def _may_be_a_name(cell: str) -> bool:
    ends = cell.endswith(("?", "？", "。")) or (cell.endswith(".") and len(cell) > _SHORT)
    return len(cell) <= _LONGEST and not ends
