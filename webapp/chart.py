"""The line of a campaign: how many answers were in on each day, as points for a drawing that the server makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from questionnaires.returning import Returns

WIDTH, HEIGHT = 640.0, 160.0
"""Of the drawing, in its own units."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A line that climbs by steps. `line` is for an SVG polyline; places are in its units."""

    line: str
    due_x: float
    today_x: float
    start: date
    end: date
    top: int
    """How many answers the upper edge stands for: everybody who was invited."""


def returns_chart(
    returns: Returns, by_day: Sequence[tuple[date, int]], *, start: date, due: date, today: date
) -> Chart:
    """From the day of the start to the due day, or to today where that is later.

    `by_day`: how many answers were in at the end of each day that brought any.
    """
    last = max(due, today, *(day for day, _ in by_day), start)
    days = max(1, (last - start).days)
    top = max(1, returns.invited)

    def x(value: date) -> float:
        return round(WIDTH * min(max(0, (value - start).days), days) / days, 1)

    def y(count: int) -> float:
        return round(HEIGHT * (1 - count / top), 1)

    points, count = [(0.0, y(0))], 0
    for value, total in by_day:
        points += [(x(value), y(count)), (x(value), y(total))]
        count = total
    points.append((x(min(today, last)), y(count)))
    line = " ".join(f"{left:g},{down:g}" for left, down in points)
    return Chart(line, x(due), x(today), start, last, top)
