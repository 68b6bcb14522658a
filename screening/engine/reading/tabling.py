"""Puts the words of a page into the cells of its tables, and the page's text into an order that people read.

A reader gives the words of a table as they happen to lie in the file, cells of one height run together. Here
each row becomes one stretch of the text: its cells from left to right, ` | ` between them. Only ever inside a
caged child; the parent checks what it is told (`laid`).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from screening.engine.reading import grids, parted, unruled
from screening.engine.reading.cleaning import RawLine
from screening.engine.reading.grids import Grid
from screening.engine.reading.pieces import LetterBox, Piece, cut, meet, whole_line, words
from screening.engine.reading.placing import Tenths
from screening.engine.reading.rulings import Rulings

Lines = Sequence[tuple[RawLine, Tenths | None]]
"""The lines of a page as the reader gave them, with their places."""
BETWEEN_CELLS = " | "
MOST_COLUMNS = 60
_LONGEST_CELL = 6000
"""A cell of more characters is a frame around running text."""
_CLEAR_GAP = 60
_HIGHEST_HEAD = 700


@dataclass(slots=True)
class Flow:
    """A page's text in reading order, the places of its lines, and its tables as the parent is told of them."""

    texts: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    tables: list[dict[str, Any]] = field(default_factory=list)
    at: int = 0

    def add(self, text: str, box: Tenths | None, after: str) -> tuple[int, int]:
        """Append one run of text; `after` follows it without being part of it."""
        span = self.at, self.at + len(text)
        if box is not None and text:
            self.places += (*span, *box)
        self.texts += (text, after)
        self.at += len(text) + len(after)
        return span


def flow(lines: Lines, rulings: Rulings, letter: LetterBox) -> Flow | None:
    """The page with its tables as rows, or None where it has no table."""
    found = grids.grids(rulings)
    pieces = [whole_line(number, line, box) for number, (line, box) in enumerate(lines) if box is not None]
    if _is_turned(pieces):
        return None
    open_ones = unruled.bands(rulings, [(grid.ys[0], grid.ys[-1]) for grid in found])
    found += _by_gaps(open_ones, lines, pieces, rulings, letter)
    found += parted.tables(lines, letter, found)
    if not found:
        return None
    split: list[Piece] = []
    for piece in pieces:
        near = [number for number, grid in enumerate(found) if meet(grid.box, piece.box)]
        if near:
            split += cut(piece, lines[piece.line][0], found, near, letter)
    tables = _kept(split, found, lines)
    return _flown(lines, split, found, tables, letter) if tables else None


def _is_turned(pieces: list[Piece]) -> bool:
    """Whether most lines run up or down the page as it is displayed: their rows would be columns."""
    long = [piece.box for piece in pieces if piece.end - piece.start > 3]
    turned = sum(bottom - top > 1.5 * (x1 - x0) for x0, top, x1, bottom in long)
    return 2 * turned > len(long)


def _kept(pieces: list[Piece], found: list[Grid], lines: Lines) -> set[int]:
    """Numbers of the grids that hold a table: text in two rows and two columns, and no cell full of running text."""
    lengths: dict[tuple[int, int], int] = {}
    for piece in pieces:
        if piece.grid >= 0 and lines[piece.line][0].text[piece.start : piece.end].strip():
            key = piece.grid, piece.cell
            lengths[key] = lengths.get(key, 0) + piece.end - piece.start
    kept = set()
    for number, grid in enumerate(found):
        spans = grid.spans()
        filled = [spans[cell] for (owner, cell) in lengths if owner == number]
        rows, columns = {span[0] for span in filled}, {span[1] for span in filled}
        longest = max((length for (owner, _), length in lengths.items() if owner == number), default=0)
        if len(rows) >= 2 and len(columns) >= 2 and longest <= _LONGEST_CELL and len(grid.xs) <= MOST_COLUMNS:
            kept.add(number)
    return kept


def _flown(
    lines: Lines,
    pieces: list[Piece],
    found: list[Grid],
    tables: set[int],
    letter: LetterBox,
) -> Flow:
    """Write the page anew: lines as they were, each table where its first words stood."""
    touched = {piece.line for piece in pieces if piece.grid in tables}
    of_line: dict[int, list[Piece]] = {number: [] for number in touched}
    of_table: dict[int, list[Piece]] = {number: [] for number in tables}
    for piece in pieces:
        if piece.line in touched:
            of_line[piece.line].append(piece)
        if piece.grid in tables:
            of_table[piece.grid].append(piece)
    page, written = Flow(), set[int]()
    for number, (line, box) in enumerate(lines):
        if number not in touched:
            page.add(line.text, box, "\n")
        for piece in of_line.get(number, ()):
            if piece.grid not in tables:
                page.add(line.text[piece.start : piece.end], _stretched(piece, letter), "\n")
            elif piece.grid not in written:
                written.add(piece.grid)
                _write_table(page, found[piece.grid], of_table[piece.grid], lines, letter)
    if page.texts:
        page.texts.pop()  # A page does not end with a line break.
    return page


def _stretched(piece: Piece, letter: LetterBox) -> Tenths:
    """The box of a piece from its first to its last letter."""
    end = letter(piece.last) if piece.last > piece.first and not piece.whole else None
    if end is None:
        return piece.box
    one = piece.box
    return min(one[0], end[0]), min(one[1], end[1]), max(one[2], end[2]), max(one[3], end[3])


def _write_table(page: Flow, grid: Grid, pieces: list[Piece], lines: Lines, letter: LetterBox) -> None:
    of_cell: dict[int, list[Piece]] = {}
    for piece in pieces:
        of_cell.setdefault(piece.cell, []).append(piece)
    spans, columns = grid.spans(), len(grid.xs) - 1
    rows: list[list[int]] = []
    kept_heads = 0
    for row, numbers in enumerate(grid.cells):
        above = sum(1 << column for column, cell in enumerate(numbers) if spans[cell][0] < row)
        own = [cell for cell in dict.fromkeys(numbers) if spans[cell][0] == row and cell in of_cell]
        if not own:
            continue
        told = [above] + [0] * (2 * columns)
        for place, cell in enumerate(own):
            column = 2 * spans[cell][1]
            after = "\n" if place == len(own) - 1 else BETWEEN_CELLS
            told[column + 1 : column + 3] = _write_cell(page, of_cell[cell], lines, letter, after)
        rows.append(told)
        kept_heads += row < grid.heads
    page.tables.append({"xs": grid.xs, "ys": [grid.ys[0], grid.ys[-1]], "heads": kept_heads, "rows": rows})


def _write_cell(page: Flow, pieces: list[Piece], lines: Lines, letter: LetterBox, after: str) -> tuple[int, int]:
    """Write a cell, one printed line after the other; says where it stands in the text."""
    if any(later.middle < piece.middle - piece.box[3] + piece.box[1] for piece, later in itertools.pairwise(pieces)):
        pieces = sorted(pieces, key=lambda piece: (round(piece.middle / 30), piece.box[0]))
    start = page.at
    for number, piece in enumerate(pieces):
        text = lines[piece.line][0].text[piece.start : piece.end]
        if number + 1 == len(pieces):
            follow = after
        else:
            follow = " " if abs(pieces[number + 1].middle - piece.middle) <= 30 else "\n"
        _, end = page.add(text, _stretched(piece, letter), follow)
    return start, end


def _by_gaps(
    stacks: list[tuple[list[int], int, int]],
    lines: Lines,
    pieces: list[Piece],
    rulings: Rulings,
    letter: LetterBox,
) -> list[Grid]:
    """Tables whose rows are ruled and whose columns are parted by a gap that runs through all of them."""
    found = []
    for ys, left, right in stacks:
        if ys[1] - ys[0] > _HIGHEST_HEAD:
            continue
        area = left, ys[0], right, ys[-1]
        taken: list[tuple[int, int]] = []
        for piece in pieces:
            if meet(area, piece.box):
                taken += _extents(lines[piece.line][0], area, letter)
        xs = _gaps(sorted(taken), left, right)
        grid = grids.of_bands(ys, xs, rulings.shades) if xs else None
        if grid is not None:
            found.append(grid)
    return found


def _extents(line: RawLine, area: Tenths, letter: LetterBox) -> Iterator[tuple[int, int]]:
    """From where to where each word inside the area runs."""
    for start, end, index in words(line):
        first, last = letter(index), letter(min(line.last, index + end - start - 1))
        if first is not None and last is not None and area[1] <= (first[1] + first[3]) / 2 <= area[3]:
            yield first[0], max(first[2], last[2])


def _gaps(taken: list[tuple[int, int]], left: int, right: int) -> list[int]:
    """Borders of columns in the middle of every gap, or none where there is but one column."""
    if not taken:
        return []
    borders, reach = [left], taken[0][1]
    for start, end in taken:
        if start - reach >= _CLEAR_GAP:
            borders.append((start + reach) // 2)
        reach = max(reach, end)
    return [*borders, right] if len(borders) > 1 else []
