"""Finds tables that nothing is drawn around: columns parted by blanks, under words that are known names of columns.

Such a table is believed only by its header, for blanks alone also part two columns of a text. Pure geometry and
words, in tenths of a point; only ever inside a caged child.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from screening.engine import headers
from screening.engine.reading import grids
from screening.engine.reading.cleaning import RawLine
from screening.engine.reading.grids import Grid
from screening.engine.reading.pieces import LetterBox, words
from screening.engine.reading.placing import Tenths

_LONGEST_HEADER = 160
_WIDE = 0.62
"""Of its height: where the letters of a line are wider than this on average, blanks part its words."""
_PARTS, _PARTS_ROWS, _SLACK = 0.9, 0.45, 0.8
"""Of a letter's height: a blank between two names of columns, one between two cells, and a start a little early."""
_FEWEST_COLUMNS, _FEWEST_ROWS, _DEEPEST = 3, 2, 3
_FARTHEST = 4.5
"""Of a letter's height: rows that are farther apart belong to different tables."""
_NEW_ROW = 1.25
"""A line is that much farther from the one above than the closest lines are, where it begins a row."""
_ALONE = 1.1
"""The same, where it has words in the first column alone and so may be a heading."""


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    box: Tenths

    @property
    def middle(self) -> float:
        return (self.box[1] + self.box[3]) / 2


Printed = list[Word]
"""The words of one height, from left to right."""


def may_head(lines: Sequence[tuple[RawLine, Tenths | None]]) -> bool:
    """Whether some line may be a header over columns, by what costs next to nothing to ask."""
    before: Tenths | None = None
    band = ""
    for line, box in lines:
        if box is not None:
            high = box[3] - box[1]
            beside = before is not None and box[0] > before[2] + high and abs(box[1] - before[1]) < high / 2
            band = f"{band} {line.text}" if beside else line.text
            is_wide = beside or box[2] - box[0] > _WIDE * len(band) * high > 0
            if is_wide and 8 < len(band) < _LONGEST_HEADER and headers.may_name_columns(band):
                return True
            before = box
    return False


def tables(lines: Sequence[tuple[RawLine, Tenths | None]], letter: LetterBox, taken: Sequence[Grid]) -> list[Grid]:
    """The tables of a page that are parted by blanks, outside of those that are known already."""
    boxes = [grid.box for grid in taken]
    outside = [(line, box) for line, box in lines if box is not None and not _is_inside(box, boxes)]
    if not may_head(outside):
        return []
    printed = _printed(outside, letter)
    found: list[Grid] = []
    number = 0
    while number < len(printed):
        head = _head(printed, number)
        grid, after = _below(printed, number, head) if head is not None else (None, number + 1)
        if grid is not None:
            found.append(grid)
        number = after
    return found


def _is_inside(box: Tenths, taken: Sequence[Tenths]) -> bool:
    return any(one[1] < (box[1] + box[3]) / 2 < one[3] for one in taken)


def _printed(lines: Sequence[tuple[RawLine, Tenths]], letter: LetterBox) -> list[Printed]:
    """All words, those of one height together, from the top down."""
    all_words = []
    for line, _ in lines:
        for start, end, index in words(line):
            first, last = letter(index), letter(min(line.last, index + end - start - 1))
            if first is not None and last is not None:
                place = first[0], min(first[1], last[1]), max(first[2], last[2]), max(first[3], last[3])
                all_words.append(Word(line.text[start:end], place))
    rows: list[Printed] = []
    for word in sorted(all_words, key=lambda word: word.middle):
        high = word.box[3] - word.box[1]
        if rows and abs(word.middle - median(other.middle for other in rows[-1][-8:])) <= 0.5 * high:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda word: word.box[0]) for row in rows]


def _head(printed: list[Printed], start: int) -> tuple[int, list[tuple[int, int]]] | None:
    """How many lines a header has that begins here, and from where to where its names run; None where none does."""
    best: tuple[int, int, list[tuple[int, int]]] | None = None
    for deep in range(1, _DEEPEST + 1):
        band = printed[start : start + deep]
        if len(band) < deep or (deep > 1 and _pitch(band[-2], band[-1]) > 1.6 * _high(band[-1])):
            break
        runs = _runs([word.box for row in band for word in row], _PARTS * _high(band[0]))
        names = [" ".join(word.text for row in band for word in row if _within(word, run)) for run in runs]
        if len(runs) >= _FEWEST_COLUMNS and headers.is_header(names):
            known = sum(column is not None for column in headers.columns_of(names))
            if best is None or known > best[0]:
                best = known, deep, runs
    return None if best is None else best[1:]


def _within(word: Word, run: tuple[int, int]) -> bool:
    return run[0] <= word.box[0] <= run[1]


def _runs(boxes: list[Tenths], blank: float) -> list[tuple[int, int]]:
    """From where to where print runs, seen from above, where no wider blank parts it."""
    runs: list[tuple[int, int]] = []
    for box in sorted(boxes):
        if runs and box[0] - runs[-1][1] < blank:
            runs[-1] = runs[-1][0], max(runs[-1][1], box[2])
        else:
            runs.append((box[0], box[2]))
    return runs


def _below(printed: list[Printed], start: int, head: tuple[int, list[tuple[int, int]]]) -> tuple[Grid | None, int]:
    """The table under a header, and the number of the line after it."""
    deep, runs = head
    first = start + deep
    lefts = [run[0] for run in runs]
    high = _high(printed[start])
    after = first
    while after < len(printed) and _goes_on(printed, after, lefts, high):
        after += 1
    rows = _rows(printed[first:after], lambda word: _column(word, lefts, high), high)
    filled = [len({_column(word, lefts, high) for row in lines for word in row}) for lines in rows]
    if len(rows) < _FEWEST_ROWS or 2 * sum(count > 1 for count in filled) <= len(rows):
        return None, start + 1
    every = [printed[start:first], *rows]
    return grids.of_bands(_ys(every, high), _xs(every, lefts, high), []), start + deep + sum(map(len, rows))


def _goes_on(printed: list[Printed], number: int, lefts: list[int], high: float) -> bool:
    """Whether this line still fits into the columns: near enough, and no word over a border."""
    row = printed[number]
    if _pitch(printed[number - 1], row) > _FARTHEST * high or row[0].box[0] < lefts[0] - 2 * high:
        return False
    for word in row:
        column = _column(word, lefts, high)
        if column + 1 < len(lefts) and word.box[2] > lefts[column + 1]:
            return False
    return all(
        _column(one, lefts, high) == _column(other, lefts, high) or other.box[0] - one.box[2] >= _PARTS_ROWS * high
        for one, other in itertools.pairwise(row)
    )


def _column(word: Word, lefts: list[int], high: float) -> int:
    return max((number for number, left in enumerate(lefts) if left - _SLACK * high <= word.box[0]), default=0)


def _rows(lines: list[Printed], column: Callable[[Word], int], high: float) -> list[list[Printed]]:
    """The lines of each row, up to a line that stands alone under the first name: a heading after the table."""
    pitches = [_pitch(one, other) for one, other in itertools.pairwise(lines)]
    closest = min((pitch for pitch in pitches if pitch > 0.6 * high), default=0.0)
    is_spaced = any(pitch > _NEW_ROW * closest for pitch in pitches)
    rows: list[list[Printed]] = []
    for number, line in enumerate(lines):
        columns = {column(word) for word in line}
        begins = not rows or (
            pitches[number - 1] > _NEW_ROW * closest if is_spaced else 0 in columns and len(columns) > 1
        )
        if columns == {0} and (begins or pitches[number - 1] > _ALONE * closest):
            break
        if begins:
            rows.append([line])
        else:
            rows[-1].append(line)
    return rows


def _ys(rows: list[list[Printed]], high: float) -> list[int]:
    """Borders of rows, in the middle between the print of two."""
    tops = [min(word.box[1] for line in lines for word in line) for lines in rows]
    bottoms = [max(word.box[3] for line in lines for word in line) for lines in rows]
    between = [round((bottom + top) / 2) for bottom, top in zip(bottoms, tops[1:], strict=False)]
    return [round(tops[0] - high / 2), *between, round(bottoms[-1] + high / 2)]


def _xs(rows: list[list[Printed]], lefts: list[int], high: float) -> list[int]:
    """Borders of columns: in the middle of blanks through all rows, or before each name where these are not clear."""
    boxes = [word.box for lines in rows for line in lines for word in line]
    runs = _runs(boxes, _PARTS_ROWS * high)
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    if len(runs) == len(lefts):
        inner = [(one[1] + other[0]) // 2 for one, other in itertools.pairwise(runs)]
    else:
        inner = [round(each - _SLACK * high) for each in lefts[1:]]
    return [round(left - high), *inner, round(right + high)]


def _pitch(one: Printed, other: Printed) -> float:
    return median(word.middle for word in other) - median(word.middle for word in one)


def _high(row: Printed) -> float:
    return max(10, median(word.box[3] - word.box[1] for word in row))
