"""Cuts the lines of a page into pieces that each lie in one cell of a table, or in none.

A reader runs the words of neighbouring cells together into one line, and sometimes two lines into one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from screening.engine.reading.cleaning import RawLine
from screening.engine.reading.grids import Grid
from screening.engine.reading.placing import Tenths

LetterBox = Callable[[int], Tenths | None]
"""The place of the letter of this index, as the reader counts."""
_WORD = re.compile(r"\S+")
_WIDEST_LETTER = 1.1
"""Of its height: a word of so many letters of this width that stays inside its cell needs no second look."""
_NARROW_LETTER = 0.3
"""Of its height: letters of a line that has come back from another cell would be narrower than this."""
_ONE_LINE = 1.4
"""Of a letter's height: a line that is higher runs over two lines of print."""
_FEW = 4
"""A line of no more letters than this cannot lie in two cells and come back to the first."""
_SAME_HEIGHT = 0.55


@dataclass(slots=True)
class Piece:
    """Some words in a row: text[start:end] of the line of number `line`, between two letters of the reader."""

    line: int
    start: int
    end: int
    first: int
    last: int
    box: Tenths
    """Of its first letter, or of the whole piece where that is known already."""
    grid: int = -1
    cell: int = -1
    whole: bool = False
    """The box is that of the whole piece."""
    field: Tenths = (0, 0, 0, 0)
    """The field of the grid that its first letter lies in."""

    @property
    def middle(self) -> float:
        return (self.box[1] + self.box[3]) / 2


def whole_line(number: int, line: RawLine, box: Tenths) -> Piece:
    return Piece(number, 0, len(line.text), line.first, line.last, box)


def meet(one: Tenths, other: Tenths) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def words(line: RawLine) -> Iterator[tuple[int, int, int]]:
    """Start and end of each word in the line's text, and the reader's index of its first letter."""
    text = line.text
    lead = len(text) - len(text.lstrip())
    length = len(text.strip())
    if line.last - line.first + 1 not in (length, length - 1):  # Signs were cleaned away: letters cannot be counted.
        yield lead, lead + length, line.first
        return
    for word in _WORD.finditer(text):
        yield word.start(), word.end(), min(line.last, line.first + word.start() - lead)


def cut(whole: Piece, line: RawLine, found: list[Grid], near: list[int], letter: LetterBox) -> Iterator[Piece]:
    """The line cut where its words pass from one cell to another, or to another height."""
    at_once = _in_one_cell(whole, line.text, found, near, letter)
    if at_once is not None:
        yield at_once
        return
    last: Piece | None = None
    for start, end, index in words(line):
        box = letter(index) or (last.box if last is not None else whole.box)
        if last is not None and _stays(last, box, end - start):
            last.end, last.last = end, index + end - start - 1
            continue
        for piece in _split_word(whole.line, start, end, index, box, found, near, letter):
            if (
                last is not None
                and (last.grid, last.cell) == (piece.grid, piece.cell)
                and abs(last.middle - piece.middle) <= _SAME_HEIGHT * max(10, piece.box[3] - piece.box[1])
                and (piece.box[0] >= last.box[0] or piece.grid < 0)
            ):
                last.end, last.last = piece.end, piece.last
                continue
            if last is not None:
                yield last
            last = piece
    if last is not None:
        if (last.first, last.last) == (line.first, line.last):
            last.box, last.whole = whole.box, True
        yield last


def _in_one_cell(whole: Piece, text: str, found: list[Grid], near: list[int], letter: LetterBox) -> Piece | None:
    """The line as one piece, where it begins, is half-way and ends in one cell, at one height.

    It could only have been in another cell meanwhile if it came back to the very line it had left, and then its
    letters would have to be narrower than letters are.
    """
    x0, top, x1, bottom = whole.box
    length = whole.last - whole.first + 1
    half = letter((whole.first + whole.last) // 2) if length > _FEW else whole.box
    if half is None:
        return None
    high = half[3] - half[1]
    if bottom - top > _ONE_LINE * high or length * _NARROW_LETTER * high > x1 - x0 + high:
        return None
    grid, cell, _ = _cell_at((x0, top, x0 + 1, bottom), found, near)
    if grid < 0 or any(_cell_at(place, found, near)[:2] != (grid, cell) for place in ((x1 - 1, top, x1, bottom), half)):
        return None
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    return Piece(whole.line, start, end, whole.first, whole.last, whole.box, grid, cell, whole=True)


def _stays(last: Piece, box: Tenths, length: int) -> bool:
    """Whether a word of this length whose first letter is at `box` goes on in the same field at the same height."""
    left, top, right, bottom = last.field
    x0, y0, x1, y1 = box
    high = max(10, y1 - y0)
    return (
        left <= x0
        and max(x1, x0 + _WIDEST_LETTER * length * high) < right
        and top <= y0
        and y1 <= bottom
        and x0 >= last.box[0]
        and abs(y0 + y1 - last.box[1] - last.box[3]) <= 2 * _SAME_HEIGHT * high
    )


def _split_word(
    line: int, start: int, end: int, index: int, box: Tenths, found: list[Grid], near: list[int], letter: LetterBox
) -> Iterator[Piece]:
    """A word as one piece, or letter by letter where it runs over the border of a cell."""
    length = end - start
    grid, cell, field = _cell_at(box, found, near)
    reach = box[0] + _WIDEST_LETTER * length * max(10, box[3] - box[1])
    if length == 1 or (grid >= 0 and reach < field[2]):
        yield Piece(line, start, end, index, index + length - 1, box, grid, cell, field=field)
        return
    ending = letter(index + length - 1)
    if ending is None or _cell_at(ending, found, near)[:2] == (grid, cell):
        yield Piece(line, start, end, index, index + length - 1, box, grid, cell, field=field)
        return
    for step in range(length):
        place = letter(index + step) or box
        grid, cell, _ = _cell_at(place, found, near)
        yield Piece(line, start + step, start + step + 1, index + step, index + step, place, grid, cell)


def _cell_at(box: Tenths, found: list[Grid], near: list[int]) -> tuple[int, int, Tenths]:
    """The grid and cell that hold the middle of a letter, and its field of the grid; -1 outside of all."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    for number in near:
        spot = found[number].at(x, y)
        if spot is not None:
            row, column = spot
            grid = found[number]
            field = grid.xs[column], grid.ys[row], grid.xs[column + 1], grid.ys[row + 1]
            return number, grid.cells[row][column], field
    return -1, -1, (0, 0, 0, 0)
