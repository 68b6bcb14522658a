"""Puts the cells of a rich text under each other: a row tells the right border of each cell, and not its column."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from screening.engine.reading.papers.pager import Cells
from screening.engine.reading.tabling import BETWEEN_CELLS, MOST_COLUMNS

_SAME_BORDER = 60
"""Twentieths of a point: borders so near to each other are one."""
_USUAL_WIDTH = 1440
_MOST_CELLS = 1000
"""Of a row; the words of those after are put into the last."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A cell as its row describes it: its right border, and whether it goes on with the one beside or above it."""

    right: int
    joins_left: bool = False
    joins_above: bool = False


@dataclass(slots=True)
class Row:
    """A row's words, a text a cell, with the shapes of its cells."""

    texts: list[str] = field(default_factory=list)
    hidden: bool = False
    shapes: list[Shape] = field(default_factory=list)
    is_head: bool = False


@dataclass(slots=True)
class Writing:
    """The row that is being written."""

    texts: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    """Of the cell that is being written."""
    inner: list[str] = field(default_factory=list)
    """Lines of the cell of a table in that cell, and the cells of its row so far."""
    inner_cells: list[str] = field(default_factory=list)
    hidden: bool = False

    def line(self, text: str, level: int) -> None:
        if text.strip():
            (self.lines if level <= 1 else self.inner).append(text.strip())

    def end_inner_cell(self) -> None:
        self.inner_cells.append(" ".join(self.inner))
        self.inner.clear()

    def end_inner_row(self) -> None:
        if self.inner:
            self.end_inner_cell()
        self.line(BETWEEN_CELLS.join(filter(None, self.inner_cells)), 1)
        self.inner_cells.clear()

    def end_cell(self) -> None:
        self.end_inner_row()
        text = "\n".join(self.lines)
        self.lines.clear()
        if len(self.texts) < _MOST_CELLS:
            self.texts.append(text)
        elif text:
            self.texts[-1] += f" {text}"

    def end_row(self, shapes: list[Shape], *, is_head: bool) -> Row | None:
        """The row; None where nothing is written in it."""
        if self.lines or self.inner or self.inner_cells:
            self.end_cell()
        row = Row(self.texts, self.hidden, shapes, is_head)
        self.texts, self.hidden = [], False
        return row if any(row.texts) else None


def aligned(rows: Sequence[Row]) -> tuple[list[Cells], int]:
    """Rows with their cells in columns, and how many at the top are the table's header."""
    borders = _borders(rows)
    cells = [_in_columns(row, borders) if borders else Cells(list(row.texts), (), row.hidden) for row in rows]
    width = max((len(row.texts) for row in cells), default=0)
    for row in cells:
        row.texts += [""] * (width - len(row.texts))
    heads = next((number for number, row in enumerate(rows) if not row.is_head), len(rows))
    return cells, heads


def _borders(rows: Sequence[Row]) -> list[int]:
    """Where columns end; empty where that is not told, or of more columns than a table may have."""
    found: list[int] = []
    for place in sorted({shape.right for row in rows for shape in row.shapes}):
        if not found or place - found[-1] > _SAME_BORDER:
            found.append(place)
    return found if len(found) <= MOST_COLUMNS else []


def _in_columns(row: Row, borders: list[int]) -> Cells:
    texts: list[str] = []
    above: list[int] = []
    for number, text in enumerate(row.texts):
        shape = row.shapes[number] if number < len(row.shapes) else None
        start = len(texts)
        end = start + 1 if shape is None else 1 + bisect_left(borders, shape.right - _SAME_BORDER)
        if shape is not None and shape.joins_left and texts:
            texts[-1] = f"{texts[-1]} {text}".strip()
            continue
        if shape is not None and shape.joins_above:
            above += range(start, max(end, start + 1))
        texts += [text, *[""] * (end - start - 1)]
    return Cells(texts, tuple(above), row.hidden)
