"""A workbook as plain rows: what came out of a file that somebody else opened, and what goes into one that we write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_CELLS = 500_000
"""Filled cells of one workbook. More than that nobody filled in by hand."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell. `formula` says that it is worked out by the program that wrote it, not typed."""

    text: str
    formula: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its filled cells by row and column, both counted from 0."""

    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)

    def text(self, row: int, column: int) -> str:
        found = self.cells.get((row, column))
        return "" if found is None else found.text.strip()

    def rows(self) -> Iterator[int]:
        """The numbers of the rows that hold anything, in order."""
        yield from sorted({row for row, _ in self.cells})

    def row(self, number: int) -> dict[int, Cell]:
        return {column: cell for (row, column), cell in self.cells.items() if row == number}


def address(row: int, column: int) -> str:
    """A cell's name as spreadsheets write it: `C7` for row 6, column 2."""
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


LONGEST_CELL = 32_000
"""What a cell may hold, counted as spreadsheets count: UTF-16 units of the escaped text. Their own limit is 32,767."""

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TO_ESCAPE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def escaped(text: str) -> str:
    """As XLSX keeps what XML cannot hold: `_x0007_` for a bell (ISO/IEC 29500-1, 22.9.2.19)."""
    return _TO_ESCAPE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def fits(text: str) -> bool:
    """Whether one cell can hold the text."""
    return 7 * len(text) <= LONGEST_CELL or _units(escaped(text)) <= LONGEST_CELL


def pieces(text: str) -> list[str]:
    """The text in as many parts as cells are needed for it; one, empty, for no text."""
    if fits(text):
        return [text]
    half = len(text) // 2
    return pieces(text[:half]) + pieces(text[half:])


def _units(text: str) -> int:
    return len(text) + sum(each > "\uffff" for each in text)
