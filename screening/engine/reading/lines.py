"""Brings the drawn lines of a page into order: pieces of one line joined, lines drawn twice taken once."""

from __future__ import annotations

from collections.abc import Collection

Line = tuple[int, int, int]
"""Its place, and from where to where it runs, in tenths of a point."""
SAME = 25
"""Lines closer than this are one line drawn twice."""
TOUCH = 40
NARROWEST, LOWEST = 70, 50
"""Two rulings closer than this enclose no column and no row."""
MOST_LINES = 250
"""More lines than this in one direction are a drawing."""


def joined(lines: list[Line]) -> list[Line]:
    """Lines along the same place, as one line where they touch."""
    found: list[Line] = []
    group: list[Line] = []
    for line in sorted(lines):
        if group and line[0] - group[0][0] > SAME:
            found += _runs(group)
            group = []
        group.append(line)
    return found + _runs(group) if group else found


def _runs(group: list[Line]) -> list[Line]:
    place = sorted(line[0] for line in group)[len(group) // 2]
    runs: list[Line] = []
    for _, start, end in sorted(group, key=lambda line: line[1]):
        if runs and start <= runs[-1][2] + TOUCH:
            runs[-1] = (place, runs[-1][1], max(runs[-1][2], end))
        else:
            runs.append((place, start, end))
    return runs


def parted(across: list[Line], down: list[Line]) -> tuple[list[Line], list[Line]]:
    """The lines across that touch a line down, and those that touch none."""
    crossed: list[Line] = []
    alone: list[Line] = []
    for y, x0, x1 in across:
        touches = any(
            x0 - TOUCH <= x <= x1 + TOUCH and y0 - TOUCH <= y <= y1 + TOUCH and y1 - y0 > LOWEST for x, y0, y1 in down
        )
        (crossed if touches else alone).append((y, x0, x1))
    return crossed, alone


def spread(places: list[int], least: int) -> list[int]:
    """The places without those that follow another too closely."""
    kept: list[int] = []
    for place in places:
        if not kept or place - kept[-1] >= least:
            kept.append(place)
    return kept


def near(place: int, places: Collection[int]) -> bool:
    return any(abs(place - other) <= SAME for other in places)


def as_long(one: Line, other: Line) -> bool:
    """Whether two lines end at the same place to the right and lie under each other for the most part."""
    shorter = min(one[2] - one[1], other[2] - other[1])
    return abs(one[2] - other[2]) <= TOUCH and 2 * shorter >= max(one[2] - one[1], other[2] - other[1])
