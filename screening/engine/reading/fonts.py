"""Finds print whose font says other letters than it shows, or does not say at all what its letters are.

A font holds two things that need not agree: the shapes that people see, and the letters that a program is told. Shapes
are not recognised here, only their heights: whoever shows one text and tells another has letters that stand too high,
or reach below the line, for what they are said to be. Digits and capitals, all of one height, give nothing away.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, repeat
from statistics import median

from screening.engine.reading import calls
from screening.engine.reading.cleaning import RawLine
from screening.engine.reading.placing import Tenths
from screening.engine.reading.whereabouts import Printed

_LOW = re.compile("[acemnorsuvwxzагежимнопстхшыяαεινοπστω]")
"""Letters that stand as high as an x, without anything above or below."""
_NAMELESS = re.compile("(?:[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ue000-\uf8ff\ufffd\ufdd0-\ufdef\uffff] ?){3,}")
"""Signs in a row that are no letters of any writing; one alone is a bullet."""
_A_LINE, _WHOLE_LINE = 5, 60
"""Letters of a line that are looked at, and of one that looks odd."""
_MOST_PARTS = 2 * _A_LINE - 1
"""So many parts a line falls into, of a fifth of its letters each, rounded down."""
_FEWEST = 8
"""A shorter line tells nothing."""
_OFF = 0.12
"""Of the height of a line: where a low letter stands so much higher or lower than others of its line, it is another."""
_ODD_LETTERS, _ODD_SHARE = 3, 0.2
_MOST_LINES, _LINES_A_FONT = 1000, 3
"""Of a page; and of those that begin and end in the same fonts, for a font lies on all of its lines."""
_FEW_NAMELESS, _MOST_NAMELESS = 16, 0.3
"""Signs of a page: up to so many are a bar code; above this share nobody can read its text."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What speaks against the letters of a page."""

    other_letters: bool = False
    """On some line the shapes are not those of the letters that were told."""
    no_letters: bool = False
    """Most of it is no text at all."""


class Letters:
    """Looks at a few letters of every line; keeps the numbers that pdfium writes into."""

    def __init__(self) -> None:
        self._drawn = calls.Numbers(4 * _MOST_PARTS, ctypes.c_double)
        self._loose = calls.Numbers(4, ctypes.c_float)

    def doubt(self, printed: Printed, units: str, *, turned: bool) -> Doubt:
        """`units` are the page's letters, empty where all are ordinary; `turned` says that it is shown on its side."""
        nameless = _nameless(units)
        unknown = seen = 0
        other = nameless > _FEW_NAMELESS
        textpage = printed.textpage
        for line, box in _some_of_each_font(printed):
            seen += 1
            if calls.has_no_letter(textpage, line.first) == 1:
                unknown += calls.has_no_letter(textpage, (line.first + line.last) // 2) == 1
            if not other:
                across, down = box[2] - box[0], box[3] - box[1]
                other = self._shows_others(textpage, line, min(across, down), upright=(across >= down) is not turned)
        # What is known from the numbers of the shapes alone was guessed, and may happen to be right.
        guessed = unknown > _MOST_NAMELESS * max(1, seen)
        if _is_mostly(nameless, units) or (guessed and other):
            return Doubt(no_letters=True)
        return Doubt(other_letters=bool(other or unknown))

    def _shows_others(self, textpage: calls.Handle, line: RawLine, high: int, *, upright: bool) -> bool:
        """Whether low letters of this line do not stand as high as each other. `high` is its height in tenths."""
        text = line.text
        lead = line.first - (len(text) - len(text.lstrip()))
        if line.last - line.first + 1 != len(text.strip()) or not self._may_differ(textpage, lead, text, high, upright):
            return False
        found = [lead + low.start() for low in _LOW.finditer(text)]
        every = found[:: max(1, len(found) // _WHOLE_LINE)]
        odd = self._odd(textpage, every, upright=upright)
        return odd >= _ODD_LETTERS and odd > _ODD_SHARE * len(every)

    def _may_differ(self, textpage: calls.Handle, lead: int, text: str, high: int, upright: bool) -> bool:
        """Whether a few letters, spread over the line, differ so much in height that all are worth a look."""
        step = max(1, len(text) // _A_LINE)
        parts = (_LOW.search(text, start, start + step) for start in range(0, len(text), step))
        some = [lead + low.start() for low in parts if low is not None]
        at = self._drawn.at
        told = list(map(calls.drawn_box, repeat(textpage), some, at[::4], at[1::4], at[2::4], at[3::4]))
        sides = self._drawn.first(4 * len(some))
        feet, heads = (sides[2::4], sides[3::4]) if upright else (sides[::4], sides[1::4])
        if 0 in told:
            feet, heads = list(compress(feet, told)), list(compress(heads, told))
        if len(feet) < _ODD_LETTERS:
            return False
        off = _OFF * high / 10
        return bool(max(feet) - min(feet) > off or max(heads) - min(heads) > off)

    def _odd(self, textpage: calls.Handle, letters: Sequence[int], *, upright: bool) -> int:
        """How many of these letters reach higher or lower than most of them."""
        reach: list[tuple[float, float]] = []
        for index in letters:
            if not calls.drawn_box(textpage, index, *self._drawn.at[:4]):
                continue
            if not calls.letter_box(textpage, index, self._loose.at[0]):
                continue
            left, right, bottom, top = self._drawn.first(4)
            x0, y1, x1, y0 = self._loose.values()
            low, high, foot, head = (y0, y1, bottom, top) if upright else (x0, x1, left, right)
            if high > low and head > foot:
                reach.append(((foot - low) / (high - low), (head - low) / (high - low)))
        if len(reach) < _ODD_LETTERS:
            return 0
        foot, head = median(feet for feet, _ in reach), median(heads for _, heads in reach)
        return sum(abs(feet - foot) > _OFF or abs(heads - head) > _OFF for feet, heads in reach)


def is_no_text(text: str) -> bool:
    """Whether most of a text is signs that stand for nothing: its font does not say what its letters are."""
    return _is_mostly(_nameless(text), text)


def _nameless(text: str) -> int:
    return sum(len(found[0].replace(" ", "")) for found in _NAMELESS.finditer(text))


def _is_mostly(nameless: int, text: str) -> bool:
    return nameless > 0 and nameless > _MOST_NAMELESS * max(_FEW_NAMELESS, sum(map(len, text.split())))


def _some_of_each_font(printed: Printed) -> Iterator[tuple[RawLine, Tenths]]:
    """A few lines for each pair of fonts that lines begin and end in, spread over the page."""
    long = [
        (line, item)
        for line, item in zip(printed.lines[:_MOST_LINES], printed.objects, strict=False)
        if line[0][1] - line[0][0] >= _FEWEST <= len(line[0][2])
    ]
    ends = map(calls.text_object, repeat(printed.textpage), [line[0][1] for line, _ in long])
    fonts = zip(map(calls.font_of, [item for _, item in long]), map(calls.font_of, ends), strict=True)
    of_font: dict[tuple[int | None, int | None], list[tuple[RawLine, Tenths]]] = {}
    for (line, _), pair in zip(long, fonts, strict=True):
        of_font.setdefault(pair, []).append(line)
    for found in of_font.values():
        yield from found[:: max(1, -(-len(found) // _LINES_A_FONT))]
