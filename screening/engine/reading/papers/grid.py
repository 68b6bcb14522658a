"""Parts the cells of a spreadsheet into titles and tables: a sheet often holds a heading, some fields and a list."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from screening.engine import headers
from screening.engine.reading.papers.pager import Cells, Pager

_WIDEST = 400
"""Columns of a sheet that are looked at."""


@dataclass(slots=True)
class Sheet:
    """A sheet's filled cells, row by row in order, with what is hidden and merged."""

    name: str
    hidden: bool = False
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    hidden_cells: set[int] = field(default_factory=set)
    """Rows with a cell whose words are not shown."""
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """First row and column and last row and column of merged cells over several rows."""
    notes: list[tuple[str, str]] = field(default_factory=list)
    """Comments: the cell that each belongs to, and its words."""
    running: list[str] = field(default_factory=list)
    """Headers and footers, which are printed on every page of it."""

    def put(self, row: int, column: int, text: str) -> None:
        if text.strip() and column < _WIDEST:
            self.rows.setdefault(row, {})[column] = text


def write(sheet: Sheet, pager: Pager) -> None:
    """A sheet on a page or pages of its own: its name, its tables and titles, its comments."""
    pager.turn()
    if not sheet.rows and not sheet.notes:
        return
    pager.line(sheet.name, hidden=sheet.hidden)
    if sheet.hidden:
        pager.hide()
    for run in _runs(sheet):
        _write_run(run, pager)
    for place, words in sheet.notes:
        pager.line("")
        pager.line(f"{place}: {words}")


def _runs(sheet: Sheet) -> Iterator[list[Cells]]:
    """Rows that follow each other without an empty one between, each run with columns of its own."""
    above: dict[int, set[int]] = {}
    for first, left, last, right in sheet.merged:
        for row in range(first + 1, min(last, first + 1000) + 1):
            above.setdefault(row, set()).update(range(left, min(right, _WIDEST) + 1))
    numbers = sorted(sheet.rows)
    start = 0
    for index, number in enumerate(numbers):
        last = index + 1 == len(numbers)
        if last or numbers[index + 1] > number + 1:
            yield list(_cells(sheet, numbers[start : index + 1], above))
            start = index + 1


def _cells(sheet: Sheet, numbers: Sequence[int], above: dict[int, set[int]]) -> Iterator[Cells]:
    used = sorted({column for number in numbers for column in sheet.rows[number]})
    place = {column: index for index, column in enumerate(used)}
    for number in numbers:
        row = sheet.rows[number]
        hidden = number in sheet.hidden_rows or number in sheet.hidden_cells or not sheet.hidden_columns.isdisjoint(row)
        reached = tuple(place[column] for column in sorted(above.get(number, ())) if column in place)
        yield Cells([row.get(column, "") for column in used], reached, hidden)


def _write_run(rows: list[Cells], pager: Pager) -> None:
    """Lines and tables in turn: a row that names columns begins a table, rows of one cell before it are titles."""
    heads = [number for number, row in enumerate(rows) if headers.is_header(_filled(row))]
    starts = [number for number in heads if number - 1 not in heads]
    first = starts[0] if starts else next((number for number, row in enumerate(rows) if len(_filled(row)) > 1), 0)
    for row in rows[:first]:
        pager.line(" | ".join(" ".join(text.split()) for text in _filled(row)), hidden=row.hidden)
    bounds = [first, *starts[1:], len(rows)]
    for start, end in itertools.pairwise(bounds):
        pager.line("")
        pager.table(rows[start:end], heads=1 if start in starts else 0)


def _filled(row: Cells) -> list[str]:
    return [text for text in row.texts if text.strip()]


def letters_of(column: int) -> str:
    """The name of a column: A for 0, AA for 26."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def from_lists(name: str, lists: Iterable[Sequence[str]]) -> Sheet:
    """A sheet of rows that come one after the other."""
    sheet = Sheet(name)
    for number, texts in enumerate(lists):
        for column, text in enumerate(texts):
            sheet.put(number, column, text)
    return sheet
