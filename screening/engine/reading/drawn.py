"""Finds the lines that are drawn on the picture of a page, which tables are made of, and takes them out of it.

A line beside a letter is read as a letter, and one under a word swallows it. Only ever inside a caged child.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

_SHORTEST_ACROSS, _SHORTEST_DOWN = 0.5, 0.28
"""Inches: the longest strokes of letters are shorter."""
_PIECE_ACROSS, _PIECE_DOWN = 0.2, 0.12
"""Inches without a gap: a line that does not lie quite level passes from one row of dots to the next."""
_GAP = 0.03
"""Inches of a line that may be missing in one place: worn print."""
_THICKEST = 0.03
_CLEAR = 0.02
"""Inches above and below a line that are empty beside most of it."""
_BARE = 0.75
"""Of its length: a row of letters has others of their strokes above and below."""
_STEEPEST = 0.05
_ALONG, _THERE = 0.02, 0.5
"""Inches by which pieces of one line lie beside each other at most, and the share of it that must be there."""
_BREAK_ACROSS, _BREAK_DOWN = 0.8, 0.12
"""Inches between pieces of one line. Down the page tables with lines at the same places follow each other closely."""
_FAINT, _DARK = 205, 140
"""Of 255: fine lines are often printed paler than letters."""
_MOST = 600
"""More lines than this are a drawing or a photograph."""
_PIECES = 4
"""A line may be printed in so many: with more than that of each there are no lines, and no time is spent on them."""
_MOST_RUNS = 20_000
"""So many rows of dots too, of which a printed page at 300 dots an inch has some six thousand."""


@dataclass(slots=True)
class Drawn:
    """A line along the rows of a mask: its pieces, each a row with where it begins and ends."""

    pieces: list[tuple[int, int, int]]

    @property
    def start(self) -> int:
        return min(piece[1] for piece in self.pieces)

    @property
    def end(self) -> int:
        return max(piece[2] for piece in self.pieces)

    @property
    def place(self) -> int:
        """The row of dots that most of it lies upon."""
        dots = sum(end - start for _, start, end in self.pieces)
        return round(sum(row * (end - start) for row, start, end in self.pieces) / dots)


def lines(grey: Any, dots_an_inch: float) -> tuple[list[Drawn], list[Drawn]]:
    """The drawn lines of an evened and level picture: those across the page, and those down it."""
    dots = np.asarray(grey)
    across = _lines(dots, dots_an_inch, _PIECE_ACROSS, _SHORTEST_ACROSS, _BREAK_ACROSS)
    down = _lines(np.ascontiguousarray(dots.T), dots_an_inch, _PIECE_DOWN, _SHORTEST_DOWN, _BREAK_DOWN)
    return (across, down) if len(across) + len(down) <= _MOST else ([], [])


def without(grey: Any, across: list[Drawn], down: list[Drawn]) -> Any:
    """The picture without these lines; letters that a line runs through stay."""
    dots = np.array(grey)
    for line in across:
        _wipe(dots, line)
    for line in down:
        _wipe(dots.T, line)
    return Image.fromarray(dots)


def _lines(dots: Any, dots_an_inch: float, piece: float, shortest: float, apart: float) -> list[Drawn]:
    """Lines along the rows of this picture."""
    gap = max(1, round(_GAP * dots_an_inch))
    runs = _runs(dots < _FAINT, gap, max(6, round(piece * dots_an_inch)))
    found = _joined(runs) if len(runs) <= _MOST_RUNS else []
    thickest, clear = max(3, round(_THICKEST * dots_an_inch)), max(2, round(_CLEAR * dots_an_inch))
    kept = []
    for line in found:
        long = line.end - line.start
        thick = sum(end - start for _, start, end in line.pieces) / long
        rows = [row for row, _, _ in line.pieces]
        if long < shortest * dots_an_inch or thick > thickest or max(rows) - min(rows) > thickest + _STEEPEST * long:
            continue
        if _is_bare(dots, line, clear):
            kept.append(line)
    return _whole(kept, _ALONG * dots_an_inch, apart * dots_an_inch) if len(kept) <= _PIECES * _MOST else []


def _whole(lines_: list[Drawn], apart: float, gap: float) -> list[Drawn]:
    """The lines with pieces of one line, such as faint print leaves of it, put together."""
    found: list[Drawn] = []
    for line in sorted(lines_, key=lambda line: line.start):
        before = next(
            (
                other
                for other in found
                if abs(other.place - line.place) <= apart
                and line.start - other.end <= gap
                and sum(one.end - one.start for one in (other, line)) >= _THERE * (line.end - other.start)
            ),
            None,
        )
        if before is None:
            found.append(line)
        else:
            before.pieces += line.pieces
    return found


def _runs(dark: Any, gap: int, shortest: int) -> list[tuple[int, int, int]]:
    """Rows of dots that follow each other, small gaps bridged: (row, start, end), from the top down."""
    height, width = dark.shape
    padded = np.zeros((height, width + gap + 1), dtype=np.int8)
    padded[:, :width] = dark
    edges = np.flatnonzero(np.diff(padded.ravel(), prepend=np.int8(0)))
    starts, ends = edges[::2], edges[1::2]
    if not len(starts):
        return []
    apart = np.flatnonzero(starts[1:] - ends[:-1] > gap)
    starts, ends = starts[np.concatenate(([0], apart + 1))], ends[np.concatenate((apart, [len(ends) - 1]))]
    long = ends - starts >= shortest
    rows, first = np.divmod(starts[long], width + gap + 1)
    return [
        (int(row), int(x0), int(x1)) for row, x0, x1 in zip(rows, first, first + (ends - starts)[long], strict=True)
    ]


def _joined(runs: list[tuple[int, int, int]]) -> list[Drawn]:
    """Runs that touch each other, row by row, as one line each."""
    found: list[Drawn] = []
    open_ones: list[Drawn] = []
    for row, start, end in runs:
        open_ones = [line for line in open_ones if row - line.pieces[-1][0] <= 2]
        touching = [
            line
            for line in open_ones
            if any(row - last <= 2 and start <= x1 + 2 and x0 <= end + 2 for last, x0, x1 in line.pieces[-4:])
        ]
        if not touching:
            touching = [Drawn([])]
            found.append(touching[0])
            open_ones.append(touching[0])
        for other in touching[1:]:
            touching[0].pieces += other.pieces
            found.remove(other)
            open_ones.remove(other)
        touching[0].pieces.append((row, start, end))
    return found


def _is_bare(dots: Any, line: Drawn, clear: int) -> bool:
    """Whether nothing stands close above and below most of a line."""
    start, end = line.start, line.end
    tops, bottoms = np.full(end - start, dots.shape[0]), np.full(end - start, -1)
    for row, x0, x1 in line.pieces:
        part = slice(x0 - start, x1 - start)
        tops[part], bottoms[part] = np.minimum(tops[part], row), np.maximum(bottoms[part], row)
    there = np.flatnonzero(bottoms >= 0)
    columns = there + start
    above = dots[np.maximum(tops[there] - clear, 0), columns] < _DARK
    below = dots[np.minimum(bottoms[there] + clear, dots.shape[0] - 1), columns] < _DARK
    return float((above | below).mean()) <= 1 - _BARE


def _wipe(dots: Any, line: Drawn) -> None:
    """Paint a line white, except where dark dots go on above and below it: letters."""
    last = dots.shape[0] - 1
    rows = [row for row, _, _ in line.pieces]
    top, bottom = max(0, min(rows) - 2), min(last, max(rows) + 2)
    for row, start, end in line.pieces:
        for near in range(max(0, row - 1), min(last, row + 1) + 1):
            through = (dots[top, start:end] < _DARK) & (dots[bottom, start:end] < _DARK)
            dots[near, start:end][~through] = 255
