"""Knows what the columns of findings and action tables are called, in every language of the product."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path

from screening.engine.results import TableKind

_LONGEST = 60
"""A cell of more characters is no column's name."""
_SHORT = 12
"""Shorter names may be cut off with a dot: `Resp. pers.`"""
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


@cache
def _words() -> tuple[tuple[re.Pattern[str], Column], ...]:
    """Each column's names as one pattern that finds the longest first."""
    path = Path(__file__).with_name("lexicon").joinpath("table_headers.toml")
    lexicon = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(
        (re.compile("|".join(_pattern(word) for word in sorted(lexicon[column], key=len, reverse=True))), column)
        for column in Column
    )


def _pattern(word: str) -> str:
    bare = re.escape(word.rstrip("*"))
    if _WITHOUT_BLANKS.search(word):
        return bare
    return rf"(?<!\w){bare}\w*" if word.endswith("*") else rf"(?<!\w){bare}(?!\w)"


@cache
def column_of(cell: str) -> Column | None:
    """What a header cell says that its column holds; None where it says nothing known."""
    text = " ".join(cell.casefold().split())
    if not text or len(text) > _LONGEST:
        return None
    best: tuple[int, int] | None = None
    chosen = None
    for pattern, column in _words():
        for found in pattern.finditer(text):
            # Of names as long, the first in the cell: "Finding (severity)" is a finding.
            weight = len(found[0]), -found.start()
            if best is None or weight > best:
                best, chosen = weight, column
    return chosen


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


def is_header(cells: Sequence[str]) -> bool:
    """Whether a row names columns: two known ones or more, and most of its cells short."""
    filled = [cell for cell in cells if cell]
    known = sum(column is not None for column in columns_of(filled))
    return known >= 2 and 2 * known >= len(filled) and all(map(_may_be_a_name, filled))


def _may_be_a_name(cell: str) -> bool:
    ends = cell.endswith(("?", "？", "。")) or (cell.endswith(".") and len(cell) > _SHORT)
    return len(cell) <= _LONGEST and not ends
