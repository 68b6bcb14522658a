"""Makes passages of table rows: a question with its answer and comment is judged as one, not cell by cell."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from screening.engine.results import Row, Span, Table

BETWEEN_CELLS = " | "
_LONG_ROW = 400
"""A row of more characters is cut where it has a long cell: several sentences, of which one may be a finding."""
_LONG_CELL = 200


@dataclass(frozen=True, slots=True)
class Part:
    """What is judged as one: page text [start:end], as `text` on one line, with what stands before it."""

    start: int
    end: int
    text: str
    before: str
    narrative: Span | None = None
    """Set, without a text of its own, for a long cell: its stretch of the page is to be cut like any other text."""


@dataclass(frozen=True, slots=True)
class TableText:
    """Which stretches of a page's text belong to tables, and the rows that begin in them."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    rows: dict[int, tuple[Row, Table]]
    """By the start of the stretch; stretches without a row are headers and the like, which are not judged."""

    def over(self, start: int, end: int) -> int | None:
        """The start of the stretch that the line [start:end] lies in, or None where it lies in no table."""
        place = bisect_right(self.starts, start) - 1
        return self.starts[place] if place >= 0 and end <= self.ends[place] else None


def table_text(tables: Iterable[Table], page: int) -> TableText:
    """The stretches of this page that are tables."""
    own = [table for table in tables if table.page == page]
    rows = {row.start: (row, table) for table in own for row in table.rows}
    spans = sorted([(row.start, row.end) for row, _ in rows.values()] + [s for table in own for s in table.besides])
    return TableText(tuple(start for start, _ in spans), tuple(end for _, end in spans), rows)


def parts_of(row: Row, table: Table, heading: str) -> Iterator[Part]:
    """A row as one part, its cells joined by ` | `; of a row too long for that, each long cell by itself.

    A long cell has the row's short cells before it, which say what it is about.
    """
    before = table.wide or heading
    text = BETWEEN_CELLS.join(cell for cell in row.cells if cell)
    if len(text) <= _LONG_ROW or row.rest is not None:
        yield Part(row.start, row.end, text, before)
        return
    short = [number for number, cell in enumerate(row.cells) if cell and len(cell) <= _LONG_CELL]
    context = BETWEEN_CELLS.join(row.cells[number] for number in short)
    if short:
        first, last = row.places[short[0]][0], row.places[short[0]][1]
        if short == list(range(short[0], short[-1] + 1)):
            last = row.places[short[-1]][1]
        yield Part(first, last, context, before)
    for number, cell in enumerate(row.cells):
        if cell and number not in short:
            place = row.places[number]
            yield Part(*place, "", context or before, narrative=place)
