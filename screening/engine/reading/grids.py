"""Turns the rulings of a page into grids: where the rows, columns and cells of its tables lie.

Pure geometry, in tenths of a point from the top left. Neighbouring fields of a grid with no line between them
are one merged cell.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass

from screening.engine.reading.placing import Tenths
from screening.engine.reading.rulings import Rulings

Line = tuple[int, int, int]
"""Its place, and from where to where it runs."""
_SAME = 25
"""Lines closer than this are one line drawn twice."""
_TOUCH = 40
_NARROWEST, _LOWEST = 70, 50
"""Two rulings closer than this enclose no column and no row."""
_OVERHANG = 80
_MOST_LINES = 250
_MOST_FIELDS = 6000
_LEAST_ALIKE = 0.5
"""Of a table's rows, this share has the same columns; in a form each row has its own."""
_AGREEING = 0.6
"""Of the lines of a table without column lines, this share is broken at the same places."""
_FEWEST_OPEN = 3
_HEADER = 500
"""The first row of a table under a line that is not broken is no higher than this."""


@dataclass(slots=True)
class Grid:
    """A table's borders and cells. Field (row, column) belongs to the cell of number `cells[row][column]`."""

    ys: list[int]
    xs: list[int]
    cells: list[list[int]]
    heads: int = 0
    """So many rows from the top are shaded, where the row below them is not."""

    @property
    def box(self) -> Tenths:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def spans(self) -> dict[int, tuple[int, int, int, int]]:
        """For each cell its first row, first column, last row and last column."""
        found: dict[int, tuple[int, int, int, int]] = {}
        for row, numbers in enumerate(self.cells):
            for column, cell in enumerate(numbers):
                top, left, _, right = found.get(cell, (row, column, row, column))
                found[cell] = (top, min(left, column), row, max(right, column))
        return found

    def at(self, x: float, y: float) -> tuple[int, int] | None:
        """The field that holds this place."""
        if not (self.xs[0] <= x < self.xs[-1] and self.ys[0] <= y < self.ys[-1]):
            return None
        return bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1


def grids(rulings: Rulings) -> list[Grid]:
    """Every ruled grid of two rows and two columns or more, from the top down.

    Lines across the page that no line crosses and none breaks are left to `bands`.
    """
    across, down = _joined(rulings.across), _joined(rulings.down)
    if max(len(across), len(down)) > _MOST_LINES:
        return []
    crossed, alone = _parted(across, down)
    found: list[Grid] = []
    for own_across, own_down in [*_groups(crossed, down), *_broken(alone, rulings)]:
        grid = _grid(own_across, own_down) if len(own_across) > 1 < len(own_down) else None
        if grid is not None and is_regular(grid):
            grid.heads = _shaded(grid, rulings.shades)
            found.append(grid)
    return sorted(_outermost_removed(found), key=lambda grid: grid.ys[0])


def bands(rulings: Rulings, taken: list[Grid]) -> list[tuple[list[int], int, int]]:
    """Stacks of lines across the page that no line crosses: (their places, from x, to x), for tables by gaps.

    A stack begins with a shaded row, or with a line that has the next one close below it.
    """
    across, down = _joined(rulings.across), _joined(rulings.down)
    if max(len(across), len(down)) > _MOST_LINES:
        return []
    tops = {shade[1] for shade in rulings.shades}
    stacks: dict[tuple[int, int], list[list[int]]] = {}
    for y, x0, x1 in _parted(across, down)[1]:
        if any(grid.ys[0] - _TOUCH <= y <= grid.ys[-1] + _TOUCH for grid in taken):
            continue
        key = next((key for key in stacks if abs(key[0] - x0) <= _TOUCH and abs(key[1] - x1) <= _TOUCH), (x0, x1))
        runs = stacks.setdefault(key, [[]])
        if _near(y, tops) or (len(runs[-1]) == 1 and y - runs[-1][0] > _HEADER):
            runs.append([])
        runs[-1].append(y)
    return [(ys, *ends) for ends, runs in stacks.items() for ys in runs if len(ys) >= _FEWEST_OPEN]


def of_bands(ys: list[int], xs: list[int], shades: list[Tenths]) -> Grid | None:
    """A grid whose fields are all cells of their own; None where too little is left of it."""
    ys, xs = _spread(ys, _LOWEST), _spread(xs, _NARROWEST)
    if len(ys) < 3 or len(xs) < 3:
        return None
    wide = len(xs) - 1
    grid = Grid(ys, xs, [[row * wide + column for column in range(wide)] for row in range(len(ys) - 1)])
    grid.heads = _shaded(grid, shades)
    return grid


def _joined(lines: list[Line]) -> list[Line]:
    """Lines along the same place, as one line where they touch."""
    found: list[Line] = []
    group: list[Line] = []
    for line in sorted(lines):
        if group and line[0] - group[0][0] > _SAME:
            found += _runs(group)
            group = []
        group.append(line)
    return found + _runs(group) if group else found


def _runs(group: list[Line]) -> list[Line]:
    place = sorted(line[0] for line in group)[len(group) // 2]
    runs: list[Line] = []
    for _, start, end in sorted(group, key=lambda line: line[1]):
        if runs and start <= runs[-1][2] + _TOUCH:
            runs[-1] = (place, runs[-1][1], max(runs[-1][2], end))
        else:
            runs.append((place, start, end))
    return runs


def _parted(across: list[Line], down: list[Line]) -> tuple[list[Line], list[Line]]:
    """The lines across that touch a line down, and those that touch none."""
    crossed: list[Line] = []
    alone: list[Line] = []
    for y, x0, x1 in across:
        touches = any(
            x0 - _TOUCH <= x <= x1 + _TOUCH and y0 - _TOUCH <= y <= y1 + _TOUCH and y1 - y0 > _LOWEST
            for x, y0, y1 in down
        )
        (crossed if touches else alone).append((y, x0, x1))
    return crossed, alone


def _groups(across: list[Line], down: list[Line]) -> list[tuple[list[Line], list[Line]]]:
    """Lines that hang together: each group is one table, frame or form."""
    parent = list(range(len(across) + len(down)))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for number, (y, x0, x1) in enumerate(across):
        for other, (x, y0, y1) in enumerate(down, start=len(across)):
            if x0 - _TOUCH <= x <= x1 + _TOUCH and y0 - _TOUCH <= y <= y1 + _TOUCH:
                parent[root(number)] = root(other)
    groups: dict[int, tuple[list[Line], list[Line]]] = {}
    for number, line in enumerate([*across, *down]):
        group = groups.setdefault(root(number), ([], []))
        group[number >= len(across)].append(line)
    return list(groups.values())


def _broken(across: list[Line], rulings: Rulings) -> list[tuple[list[Line], list[Line]]]:
    """Tables without lines down whose lines across are broken where columns meet, with the lines down they imply.

    Such a table opens with a shaded row or a line close above, and may close with a line that is not broken.
    """
    tops = {shade[1] for shade in rulings.shades}
    bottoms = {shade[3] for shade in rulings.shades}
    runs: list[list[tuple[Line, set[int]]]] = [[]]
    for line in across:
        breaks, last = _breaks(line, rulings.across), runs[-1]
        known = {x for _, others in last for x in others}
        if not breaks and _near(line[0], bottoms):
            keep = True
        elif not breaks:
            keep = bool(known) and not _near(line[0], tops)
        elif known:
            keep = bool(breaks & known)
        else:
            keep = bool(last) and (_near(last[-1][0][0], bottoms) or line[0] - last[-1][0][0] <= _HEADER)
        if not last or not keep or not _as_long(last[-1][0], line):
            last, known = [], set()
            runs.append(last)
        last.append((line, breaks))
        if known and not breaks and not _near(line[0], bottoms):
            runs.append([])
    return [found for run in runs if (found := _implied(run)) is not None]


def _near(place: int, places: set[int]) -> bool:
    return any(abs(place - other) <= _SAME for other in places)


def _as_long(one: Line, other: Line) -> bool:
    """Whether two lines end at the same place to the right and lie under each other for the most part."""
    shorter = min(one[2] - one[1], other[2] - other[1])
    return abs(one[2] - other[2]) <= _TOUCH and 2 * shorter >= max(one[2] - one[1], other[2] - other[1])


def _implied(run: list[tuple[Line, set[int]]]) -> tuple[list[Line], list[Line]] | None:
    broken = [breaks for _, breaks in run if breaks]
    if len(broken) < 2:
        return None
    seen = Counter(x for breaks in broken for x in breaks)
    inner = [x for x, times in sorted(seen.items()) if times >= _AGREEING * len(broken)]
    lines = [line for line, _ in run]
    left, right = min(line[1] for line in lines), max(line[2] for line in lines)
    places = _spread(sorted([left, *inner, right]), _NARROWEST)
    return lines, [(x, lines[0][0], lines[-1][0]) for x in places]


def _breaks(line: Line, pieces: list[Line]) -> set[int]:
    """Where a line is put together from pieces, rounded so that two lines' breaks can be compared."""
    y, left, right = line
    ends = [
        end
        for place, x0, x1 in pieces
        if abs(place - y) <= _SAME and x1 - x0 < 0.97 * (right - left) and left - _TOUCH <= x0 and x1 <= right + _TOUCH
        for end in (x0, x1)
        if left + _NARROWEST < end < right - _NARROWEST
    ]
    return {round(end / _SAME) * _SAME for end in ends}


def _spread(places: list[int], least: int) -> list[int]:
    """The places without those that follow another too closely."""
    kept: list[int] = []
    for place in places:
        if not kept or place - kept[-1] >= least:
            kept.append(place)
    return kept


def _grid(across: list[Line], down: list[Line]) -> Grid | None:
    if not down:
        return None
    left = min(min(line[1] for line in across), min(line[0] for line in down))
    right = max(max(line[2] for line in across), max(line[0] for line in down))
    top = min(min(line[1] for line in down), min(line[0] for line in across))
    bottom = max(max(line[2] for line in down), max(line[0] for line in across))
    ys = _with_ends(sorted(line[0] for line in across), top, bottom, _LOWEST)
    xs = _with_ends(sorted(line[0] for line in down), left, right, _NARROWEST)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 2 or columns < 2 or rows * columns > _MOST_FIELDS:
        return None
    between = _covered(ys, xs, down, _NARROWEST)
    below = _covered(xs, ys, across, _LOWEST)
    return Grid(ys, xs, _cells(rows, columns, between, below))


def _with_ends(places: list[int], first: int, last: int, least: int) -> list[int]:
    """The places, and the ends where a line that is not drawn is wanted: a table open to the side or below."""
    kept = _spread(places, least)
    if kept[0] - first > _OVERHANG:
        kept.insert(0, first)
    if last - kept[-1] > _OVERHANG:
        kept.append(last)
    return kept


def _covered(along: list[int], places: list[int], lines: list[Line], least: int) -> list[set[int]]:
    """For each place, the intervals of `along` over which a line is drawn there."""
    middles = [(one + other) / 2 for one, other in itertools.pairwise(along)]
    found: list[set[int]] = [set() for _ in places]
    for place, start, end in lines:
        number = max(0, bisect_right(places, place) - 1)
        if number + 1 < len(places) and places[number + 1] - place < place - places[number]:
            number += 1
        if abs(places[number] - place) <= max(least, _SAME):
            found[number].update(i for i, middle in enumerate(middles) if start - _TOUCH <= middle <= end + _TOUCH)
    return found


def _cells(rows: int, columns: int, between: list[set[int]], below: list[set[int]]) -> list[list[int]]:
    """Number the cells: a field takes the number of its neighbour to the left or above where no line parts them."""
    cells = [[0] * columns for _ in range(rows)]
    for row in range(rows):
        for column in range(columns):
            if column and row not in between[column]:
                cells[row][column] = cells[row][column - 1]
            elif row and column not in below[row]:
                cells[row][column] = cells[row - 1][column]
            else:
                cells[row][column] = row * columns + column
    return cells


def is_regular(grid: Grid) -> bool:
    """Whether this is a table and not a form or a frame: two columns or more, most rows with the same ones."""
    shapes = Counter(
        tuple(row[column] != row[column - 1] for column in range(1, len(row)))
        for row in grid.cells
        if len(set(row)) > 1  # A line of the table that runs over its whole width is a heading in it.
    )
    if not shapes:
        return False
    (shape, times), *_ = shapes.most_common(1)
    return times >= 2 and sum(shape) >= 1 and times >= _LEAST_ALIKE * sum(shapes.values())


def _shaded(grid: Grid, shades: list[Tenths]) -> int:
    """How many rows at the top are shaded, when the next one is not."""
    middle = [(one + other) / 2 for one, other in zip(grid.xs, grid.xs[1:], strict=False)]

    def is_shaded(row: int) -> bool:
        y = (grid.ys[row] + grid.ys[row + 1]) / 2
        return all(any(s[0] <= x <= s[2] and s[1] <= y <= s[3] for s in shades) for x in middle)

    rows = len(grid.cells)
    count = 0
    while count < min(rows, 3) and is_shaded(count):
        count += 1
    return count if count < rows and (count < 3 or not is_shaded(count)) else 0


def _outermost_removed(found: list[Grid]) -> list[Grid]:
    """Without grids that hold another one: a frame around tables."""
    return [
        grid
        for grid in found
        if not any(
            other is not grid
            and grid.xs[0] <= other.xs[0]
            and grid.ys[0] <= other.ys[0]
            and other.xs[-1] <= grid.xs[-1]
            and other.ys[-1] <= grid.ys[-1]
            and len(other.cells) * (len(other.xs) - 1) > len(grid.cells) * (len(grid.xs) - 1)
            for other in found
        )
    ]
