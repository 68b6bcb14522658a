"""Turns the rulings of a page into grids: where the rows, columns and cells of its tables lie.

Pure geometry, in tenths of a point from the top left. Neighbouring fields of a grid with no line between them
are one merged cell.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass

from screening.engine.reading import unruled
from screening.engine.reading.lines import LOWEST, MOST_LINES, NARROWEST, SAME, TOUCH, Line, joined, parted, spread
from screening.engine.reading.placing import Tenths
from screening.engine.reading.rulings import Rulings

_OVERHANG = 80
_MOST_FIELDS = 6000
_LEAST_ALIKE = 0.5
"""Of a table's rows, this share has the same columns; in a form each row has its own."""


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

    Lines across the page that no line crosses and none breaks are left to `unruled.bands`.
    """
    across, down = joined(rulings.across), joined(rulings.down)
    if max(len(across), len(down)) > MOST_LINES:
        return []
    crossed, alone = parted(across, down)
    found: list[Grid] = []
    for own_across, own_down in [*_groups(crossed, down), *unruled.broken(alone, rulings)]:
        grid = _grid(own_across, own_down) if len(own_across) > 1 < len(own_down) else None
        if grid is not None and is_regular(grid):
            grid.heads = _shaded(grid, rulings.shades)
            found.append(grid)
    return sorted(_outermost_removed(found), key=lambda grid: grid.ys[0])


def of_bands(ys: list[int], xs: list[int], shades: list[Tenths]) -> Grid | None:
    """A grid whose fields are all cells of their own; None where too little is left of it."""
    ys, xs = spread(ys, LOWEST), spread(xs, NARROWEST)
    if len(ys) < 3 or len(xs) < 3:
        return None
    wide = len(xs) - 1
    grid = Grid(ys, xs, [[row * wide + column for column in range(wide)] for row in range(len(ys) - 1)])
    grid.heads = _shaded(grid, shades)
    return grid


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
            if x0 - TOUCH <= x <= x1 + TOUCH and y0 - TOUCH <= y <= y1 + TOUCH:
                parent[root(number)] = root(other)
    groups: dict[int, tuple[list[Line], list[Line]]] = {}
    for number, line in enumerate([*across, *down]):
        group = groups.setdefault(root(number), ([], []))
        group[number >= len(across)].append(line)
    return list(groups.values())


def _grid(across: list[Line], down: list[Line]) -> Grid | None:
    if not down:
        return None
    left = min(min(line[1] for line in across), min(line[0] for line in down))
    right = max(max(line[2] for line in across), max(line[0] for line in down))
    top = min(min(line[1] for line in down), min(line[0] for line in across))
    bottom = max(max(line[2] for line in down), max(line[0] for line in across))
    ys = _with_ends(sorted(line[0] for line in across), top, bottom, LOWEST)
    xs = _with_ends(sorted(line[0] for line in down), left, right, NARROWEST)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 2 or columns < 2 or rows * columns > _MOST_FIELDS:
        return None
    between = _covered(ys, xs, down, NARROWEST)
    below = _covered(xs, ys, across, LOWEST)
    return Grid(ys, xs, _cells(rows, columns, between, below))


def _with_ends(places: list[int], first: int, last: int, least: int) -> list[int]:
    """The places, and the ends where a line that is not drawn is wanted: a table open to the side or below."""
    kept = spread(places, least)
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
        if abs(places[number] - place) <= max(least, SAME):
            found[number].update(i for i, middle in enumerate(middles) if start - TOUCH <= middle <= end + TOUCH)
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
