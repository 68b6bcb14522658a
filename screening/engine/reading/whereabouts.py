"""Asks pdfium for the letters of a page and where they stand, for all lines of the page at once."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat

from screening.engine.reading import calls
from screening.engine.reading.cleaning import RawLine
from screening.engine.reading.pieces import LetterBox
from screening.engine.reading.placing import Placing, Tenths

Shade = tuple[int, int, int, int]
"""Red, green, blue, and how little it lets through; each of 255."""
_AT_ONCE = 256
"""Lines whose places are asked for in one go."""
_USUAL = 8192
"""Letters of a page that there is room for from the start."""


@dataclass(frozen=True, slots=True)
class Printed:
    """The lines of an open page that have a place, and the piece of print that each of them begins with."""

    textpage: calls.Handle
    lines: Sequence[tuple[RawLine, Tenths]]
    objects: Sequence[calls.Handle]

    @classmethod
    def of(cls, textpage: calls.Handle, lines: Sequence[tuple[RawLine, Tenths | None]]) -> Printed:
        placed = [(line, box) for line, box in lines if box is not None]
        firsts = [line[0] for line, _ in placed]
        return cls(textpage, placed, list(map(calls.text_object, repeat(textpage), firsts)))


@cache
def _numbers() -> tuple[calls.Numbers, calls.Numbers]:
    """Places and colours of many lines: the addresses of so many numbers cost as much as a page, and are made once."""
    return calls.Numbers(8 * _AT_ONCE, ctypes.c_float), calls.Numbers(4 * _AT_ONCE, ctypes.c_uint)


class Whereabouts:
    """Answers for one open page after the other; holds the buffers that pdfium writes into."""

    def __init__(self) -> None:
        self._corners = calls.Numbers(4, ctypes.c_float)
        self._ends, self._colours = _numbers()
        self._first, self._last = self._ends.at[::8], self._ends.at[4::8]
        self._parts = [self._colours.at[part::4] for part in range(4)]
        self._make_room(_USUAL)

    def units(self, textpage: calls.Handle) -> str:
        """The page's text, one unit (UTF-16) for each of pdfium's characters."""
        count = calls.count_letters(textpage)
        if count <= 0:
            return ""
        if 2 * count + 2 > len(self._room):
            self._make_room(2 * count)
        written = calls.text_of(textpage, 0, count, self._address)
        if written == count + 1:
            return str(memoryview(self._room)[: 2 * count], "utf-16-le", "surrogatepass")
        units = (calls.letter_of(textpage, index) & 0xFFFF for index in range(count))
        return b"".join(unit.to_bytes(2, "little") for unit in units).decode("utf-16-le", "surrogatepass")

    def _make_room(self, letters: int) -> None:
        self._room = bytearray(2 * letters)
        self._address = (ctypes.c_char * len(self._room)).from_buffer(self._room)

    def boxes(self, textpage: calls.Handle, lines: Sequence[RawLine], placing: Placing) -> list[Tenths | None]:
        """The places of lines: each from its first to its last letter, at the height of their fonts.

        Two questions a line. Asking pdfium for the rectangles of the line (three of them on average, in
        our measurements) takes three times as long.
        """
        found: list[Tenths | None] = []
        for start in range(0, len(lines), _AT_ONCE):
            some = lines[start : start + _AT_ONCE]
            first = list(map(calls.letter_box, repeat(textpage), [line[0] for line in some], self._first))
            last = list(map(calls.letter_box, repeat(textpage), [line[1] for line in some], self._last))
            ends = self._ends.first(8 * len(some))
            if 0 in last:
                for number, known in enumerate(last):
                    if not known:
                        ends[8 * number + 4 : 8 * number + 8] = ends[8 * number : 8 * number + 4]
            boxes = placing.spans(ends)
            found += [box if known else None for known, box in zip(first, boxes, strict=True)] if 0 in first else boxes
        return found

    def shades(self, printed: Printed) -> list[Shade | None]:
        """The colours in which lines begin; None where there is none to tell."""
        found: list[Shade | None] = []
        for start in range(0, len(printed.lines), _AT_ONCE):
            firsts = [line.first for line, _ in printed.lines[start : start + _AT_ONCE]]
            told = list(map(calls.fill_colour, repeat(printed.textpage), firsts, *self._parts))
            numbers = iter(self._colours.first(4 * len(firsts)))
            colours = zip(numbers, numbers, numbers, numbers, strict=True)
            found += [shade if known else None for known, shade in zip(told, colours, strict=True)]
        return found

    def letter(self, textpage: calls.Handle, placing: Placing) -> LetterBox:
        """Asks for the place of a letter by its index."""
        ask, at, read, tenths = calls.letter_box, self._corners.at[0], self._corners.values, placing.tenths
        (a, _, e), (_, d, f) = placing.across, placing.down

        def letter(index: int) -> Tenths | None:
            if not ask(textpage, index, at):
                return None
            x0, top, x1, bottom = read()
            return tenths(x0, bottom, x1, top)

        def quick(index: int) -> Tenths | None:
            if not ask(textpage, index, at):
                return None
            x0, top, x1, bottom = read()
            try:  # As `Placing.tenths`, which another call for each letter would double the cost of.
                return (
                    round(10 * (a * x0 + e)),
                    round(10 * (d * top + f)),
                    round(10 * (a * x1 + e)),
                    round(10 * (d * bottom + f)),
                )
            except (ValueError, OverflowError):
                return None

        return quick if placing.is_plain else letter
