"""Finds tables that have lines across and none down: columns show in broken lines, or in gaps between words."""

from __future__ import annotations

from collections import Counter

from screening.engine.reading.lines import (
    MOST_LINES,
    NARROWEST,
    SAME,
    TOUCH,
    Line,
    as_long,
    joined,
    near,
    parted,
    spread,
)
from screening.engine.reading.rulings import Rulings

_AGREEING = 0.6
"""Of the lines of a table without column lines, this share is broken at the same places."""
_FEWEST_OPEN = 3
_HEADER = 500
"""The first row of a table under a line that is not broken is no higher than this."""


def broken(across: list[Line], rulings: Rulings) -> list[tuple[list[Line], list[Line]]]:
    """Tables without lines down whose lines across are broken where columns meet, with the lines down they imply.

    Such a table opens with a shaded row or a line close above, and may close with a line that is not broken.
    """
    tops = {shade[1] for shade in rulings.shades}
    bottoms = {shade[3] for shade in rulings.shades}
    runs: list[list[tuple[Line, set[int]]]] = [[]]
    for line in across:
        breaks, last = _breaks(line, rulings.across), runs[-1]
        known = {x for _, others in last for x in others}
        if not breaks and near(line[0], bottoms):
            keep = True
        elif not breaks:
            keep = bool(known) and not near(line[0], tops)
        elif known:
            keep = bool(breaks & known)
        else:
            keep = bool(last) and (near(last[-1][0][0], bottoms) or line[0] - last[-1][0][0] <= _HEADER)
        if not last or not keep or not as_long(last[-1][0], line):
            last, known = [], set()
            runs.append(last)
        last.append((line, breaks))
        if known and not breaks and not near(line[0], bottoms):
            runs.append([])
    return [found for run in runs if (found := _implied(run)) is not None]


def _implied(run: list[tuple[Line, set[int]]]) -> tuple[list[Line], list[Line]] | None:
    broken = [breaks for _, breaks in run if breaks]
    if len(broken) < 2:
        return None
    seen = Counter(x for breaks in broken for x in breaks)
    inner = [x for x, times in sorted(seen.items()) if times >= _AGREEING * len(broken)]
    lines = [line for line, _ in run]
    left, right = min(line[1] for line in lines), max(line[2] for line in lines)
    places = spread(sorted([left, *inner, right]), NARROWEST)
    return lines, [(x, lines[0][0], lines[-1][0]) for x in places]


def _breaks(line: Line, pieces: list[Line]) -> set[int]:
    """Where a line is put together from pieces, rounded so that two lines' breaks can be compared."""
    y, left, right = line
    ends = [
        end
        for place, x0, x1 in pieces
        if abs(place - y) <= SAME and x1 - x0 < 0.97 * (right - left) and left - TOUCH <= x0 and x1 <= right + TOUCH
        for end in (x0, x1)
        if left + NARROWEST < end < right - NARROWEST
    ]
    return {round(end / SAME) * SAME for end in ends}


def bands(rulings: Rulings, taken: list[tuple[int, int]]) -> list[tuple[list[int], int, int]]:
    """Stacks of lines across the page that no line crosses: (their places, from x, to x), for tables by gaps.

    Lines between `taken` tops and bottoms belong to other tables. A stack begins with a shaded row, or with a line
    that has the next one close below it.
    """
    across, down = joined(rulings.across), joined(rulings.down)
    if max(len(across), len(down)) > MOST_LINES:
        return []
    tops = {shade[1] for shade in rulings.shades}
    stacks: dict[tuple[int, int], list[list[int]]] = {}
    for y, x0, x1 in parted(across, down)[1]:
        if any(top - TOUCH <= y <= bottom + TOUCH for top, bottom in taken):
            continue
        key = next((key for key in stacks if abs(key[0] - x0) <= TOUCH and abs(key[1] - x1) <= TOUCH), (x0, x1))
        runs = stacks.setdefault(key, [[]])
        if near(y, tops) or (len(runs[-1]) == 1 and y - runs[-1][0] > _HEADER):
            runs.append([])
        runs[-1].append(y)
    return [(ys, *ends) for ends, runs in stacks.items() for ys in runs if len(ys) >= _FEWEST_OPEN]
