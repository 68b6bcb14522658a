"""Puts two columns of running text, which a file gives row by row, one after the other again.

Most files give a column from top to bottom, and nothing is done. Where lines run on over a gap that stands at one place
in many of them, and on both sides of it sentences go on from line to line, the left side is read before the right
one. Labels with their values, and tables, have lines that begin anew: they stay rows. Pure geometry and words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from screening.engine.reading.cleaning import RawLine
from screening.engine.reading.pieces import LetterBox, words
from screening.engine.reading.placing import Tenths

Lines = list[tuple[RawLine, Tenths | None]]
_SAMPLE, _FEWEST = 6, 5
"""Lines that are asked at first, and rows that two columns have at least."""
_LONG = 30
"""Characters of a line that may hold two."""
_GAP = 0.9
"""Of the height of print: the narrowest room between two columns."""
_SAME = 60
"""Gaps whose middles lie within so many tenths of a point of each other are one."""
_MOST = 0.6
"""Of the lines that are asked: so many have the gap."""
_GOES_ON = 0.3
"""Of the lines on either side: so many begin in the middle of a sentence, with a small letter."""
_MIDDLE = 0.3
"""Of a line's letters: two columns part between here and as far from its end."""
_SHORTEST = 12
"""Characters of a column's usual line."""


@dataclass(frozen=True, slots=True)
class _Halves:
    """A line that holds one of each column."""

    whole: tuple[RawLine, Tenths]
    left: tuple[RawLine, Tenths]
    right: tuple[RawLine, Tenths]


def ordered(lines: Lines, letter: LetterBox) -> Lines:
    """The lines in the order in which people read them; the very same list where there is nothing to do."""
    gutter = _gutter(lines, letter)
    if gutter is None:
        return lines
    result: Lines = []
    block: list[tuple[RawLine, Tenths | None] | _Halves] = []
    for line, box in lines:
        if box is None or box[2] <= gutter or box[0] >= gutter:
            block.append((line, box))
            continue
        halves = _halves(line, box, gutter, letter)
        if halves is None:  # It runs over both columns: what stands above it is read first.
            result += _in_columns(block, gutter)
            block = []
            result.append((line, box))
        else:
            block.append(halves)
    return result + _in_columns(block, gutter)


def _gutter(lines: Lines, letter: LetterBox) -> int | None:
    """Where the gap between two columns stands, from a few of the longer lines."""
    long = [(line, box) for line, box in lines if box is not None and len(line.text) >= _LONG]
    if len(long) < _FEWEST:
        return None
    sample = long[:: max(1, len(long) // _SAMPLE)][:_SAMPLE]
    middles: list[int] = []
    for asked, (line, box) in enumerate(sample):
        gap = _widest_gap(line, box, letter)
        if gap is not None:
            middles.append(gap)
        elif asked + 1 - len(middles) > (1 - _MOST) * len(sample):  # Most pages are known by the first few lines.
            return None
    middle = median(middles)
    near = [gap for gap in middles if abs(gap - middle) <= _SAME]
    return round(median(near)) if len(near) >= _MOST * len(sample) else None


def _places(line: RawLine, letter: LetterBox, *, middle: bool = False) -> Iterator[tuple[int, int, Tenths]]:
    """Start and end of each word in the line's text, and its place; of those in the middle alone, if so asked."""
    low, high = (_MIDDLE * len(line.text), (1 - _MIDDLE) * len(line.text)) if middle else (0.0, len(line.text))
    for start, end, index in words(line):
        if end < low or start > high:
            continue
        first, last = letter(index), letter(min(line.last, index + end - start - 1))
        if first is not None and last is not None:
            yield start, end, (min(first[0], last[0]), min(first[1], last[1]), max(first[2], last[2]), last[3])


def _widest_gap(line: RawLine, box: Tenths, letter: LetterBox) -> int | None:
    """The middle of the widest room between two words, where it is wide enough to part columns."""
    least = _GAP * (box[3] - box[1])
    gaps = [
        (other[0] - one[2], (one[2] + other[0]) // 2)
        for (_, _, one), (_, _, other) in pairwise(_places(line, letter, middle=True))
    ]
    wide, middle = max(gaps, default=(0, 0))
    return middle if wide >= least else None


def _halves(line: RawLine, box: Tenths, gutter: int, letter: LetterBox) -> _Halves | None:
    """The line cut at the gap; None where print runs across it."""
    placed = list(_places(line, letter))
    lead = len(line.text) - len(line.text.lstrip())
    for (_, end, one), (start, _, other) in pairwise(placed):
        if one[2] <= gutter <= other[0] and other[0] - one[2] >= 0.5 * _GAP * (box[3] - box[1]):
            cut = line.first + start - lead
            left = RawLine(line.first, line.first + end - lead - 1, line.text[:end])
            right = RawLine(cut, line.last, line.text[start:])
            return _Halves(
                (line, box), (left, (box[0], box[1], one[2], box[3])), (right, (other[0], box[1], box[2], box[3]))
            )
    return None


def _in_columns(block: Sequence[tuple[RawLine, Tenths | None] | _Halves], gutter: int) -> Lines:
    """The left column, then the right one; row by row where these are no columns of running text."""
    lefts, rights = Lines(), Lines()
    for each in block:
        if isinstance(each, _Halves):
            lefts.append(each.left)
            rights.append(each.right)
        else:
            (rights if each[1] is not None and each[1][0] >= gutter else lefts).append(each)
    halves = sum(isinstance(each, _Halves) for each in block)
    if halves >= _FEWEST and _is_running(lefts) and _is_running(rights):
        return lefts + rights
    return [each.whole if isinstance(each, _Halves) else each for each in block]


def _is_running(column: Lines) -> bool:
    texts = [line.text.strip() for line, box in column if box is not None and line.text.strip()]
    if not texts or median(map(len, texts)) < _SHORTEST:
        return False
    return sum(text[0].islower() for text in texts) >= _GOES_ON * len(texts)
