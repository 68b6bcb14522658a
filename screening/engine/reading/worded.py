"""Puts the recognised words of a picture into the text of a page, its tables in rows where words stand in columns.

A page that lies crooked is straightened in thought: lines of a table are found by height, and over the width of a
page half a degree is as much as a line.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from statistics import median
from typing import Any

from screening.engine.reading import tabling
from screening.engine.reading.cleaning import RawLine
from screening.engine.reading.placing import Tenths
from screening.engine.reading.rulings import Rulings

_LONG = 3
"""Words in a line from which on it tells how crooked the page lies."""
_STEEPEST = 0.05


@dataclass(frozen=True, slots=True)
class Placed:
    """A recognised word in the page's text: from where to where, its box, and whether a line ends behind it."""

    start: int
    end: int
    box: Tenths
    ends_line: bool


def in_rows(text: str, words: list[Placed], rulings: Rulings | None = None) -> dict[str, Any] | None:
    """The page's text anew with its tables in rows, as the parent is told it; None where it has none.

    `rulings` are the lines that are drawn on the page, where it lies level.
    """
    lines = _lines(words)
    slope = _slope(lines)
    starts = [word.start for word in words]
    level = [_moved(word.box, -slope) for word in words]

    def letter(index: int) -> Tenths:
        """A letter's place, as if all letters of its word were of one width."""
        number = max(0, bisect_right(starts, index) - 1)
        word, (x0, top, x1, bottom) = words[number], level[number]
        step = (x1 - x0) / max(1, word.end - word.start)
        at = x0 + step * min(index - word.start, word.end - word.start - 1)
        return round(at), top, round(at + step), bottom

    printed: list[tuple[RawLine, Tenths | None]] = []
    for own in lines:
        first, last = own[0].start, own[-1].end
        boxes = [_moved(word.box, -slope) for word in own]
        around = min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
        printed.append((RawLine(first, last - 1, text[first:last]), around))
        if text[last : last + 2] == "\n\n":
            printed.append((RawLine(-1, -1, ""), None))
    flow = tabling.flow(printed, rulings or Rulings(), letter)
    if flow is None:
        return None
    places: list[int] = []
    numbers = iter(flow.places)
    for start, end, *box in zip(*[numbers] * 6, strict=True):
        places += (start, end, *_moved((box[0], box[1], box[2], box[3]), slope))
    return {"text": "".join(flow.texts), "lines": places, "tables": flow.tables}


def _lines(words: list[Placed]) -> list[list[Placed]]:
    lines: list[list[Placed]] = [[]]
    for word in words:
        lines[-1].append(word)
        if word.ends_line:
            lines.append([])
    return [line for line in lines if line]


def _slope(lines: list[list[Placed]]) -> float:
    """How much lower a line of print is for each step to the right."""
    slopes = [
        (_middle(line[-1].box) - _middle(line[0].box)) / (line[-1].box[0] - line[0].box[0])
        for line in lines
        if len(line) > _LONG and line[-1].box[0] > line[0].box[0]
    ]
    found = median(slopes) if slopes else 0.0
    return found if abs(found) <= _STEEPEST else 0.0


def _middle(box: Tenths) -> float:
    return (box[1] + box[3]) / 2


def _moved(box: Tenths, slope: float) -> Tenths:
    """A box as high or low as it would be on a page turned by this slope."""
    by = round(slope * (box[0] + box[2]) / 2)
    return box[0], box[1] + by, box[2], box[3] + by
