"""Checks what a caged child tells of tables: numbers only, that point into the text of its page."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from screening.engine.reading.frames import Garbage

_MOST_TABLES, _MOST_ROWS, _MOST_COLUMNS = 200, 3000, 60
_FARTHEST = 10_000_000


@dataclass(frozen=True, slots=True)
class LaidRow:
    above: tuple[int, ...]
    places: tuple[tuple[int, int], ...]

    def moved(self, by: int) -> LaidRow:
        """The same row where its text stands so many characters further on."""
        places = tuple((start + by, end + by) if end > start else (start, end) for start, end in self.places)
        return LaidRow(self.above, places)

    @property
    def start(self) -> int:
        return min(start for start, end in self.places if end > start)

    @property
    def end(self) -> int:
        return max(end for _, end in self.places)


@dataclass(frozen=True, slots=True)
class Laid:
    """A table by places alone: borders of columns in tenths of a point, and for each cell where its text stands."""

    columns: tuple[int, ...]
    heads: int
    """So many rows at the top are shaded."""
    rows: tuple[LaidRow, ...]

    def moved(self, by: int) -> Laid:
        """The same table where its text stands so many characters further on."""
        return Laid(self.columns, self.heads, tuple(row.moved(by) for row in self.rows))


def tables_of(told: Any, length: int) -> tuple[Laid, ...]:
    """The tables of a page of `length` characters. Raises Garbage."""
    if not isinstance(told, list) or len(told) > _MOST_TABLES:
        raise Garbage("no tables")
    return tuple(_table(table, length) for table in told)


def _table(told: Any, length: int) -> Laid:
    if not isinstance(told, dict):
        raise Garbage("no table")
    columns = _numbers(told.get("xs"), -_FARTHEST, _FARTHEST)
    rows = told.get("rows")
    if not 2 < len(columns) <= _MOST_COLUMNS + 1 or not isinstance(rows, list) or not 0 < len(rows) <= _MOST_ROWS:
        raise Garbage("no table")
    found = tuple(_row(row, len(columns) - 1, length) for row in rows)
    if any(later.start < row.end for row, later in itertools.pairwise(found)):
        raise Garbage("rows over each other")
    (heads,) = _numbers([told.get("heads")], 0, len(found))
    return Laid(columns, heads, found)


def _row(told: Any, columns: int, length: int) -> LaidRow:
    """A row is told as a number whose bits are the columns that a cell from above fills, and two numbers a cell."""
    numbers = _numbers(told, 0, max(length, 1 << columns))
    if len(numbers) != 1 + 2 * columns:
        raise Garbage("no row")
    places = tuple(zip(numbers[1::2], numbers[2::2], strict=True))
    if any(not start <= end <= length for start, end in places) or not any(end > start for start, end in places):
        raise Garbage("no row")
    return LaidRow(tuple(column for column in range(columns) if numbers[0] >> column & 1), places)


def _numbers(told: Any, least: int, most: int) -> tuple[int, ...]:
    if not isinstance(told, list) or not told or set(map(type, told)) != {int} or min(told) < least or max(told) > most:
        raise Garbage("no numbers")
    return tuple(told)
