"""Draws tables as different programs draw them, so that a test knows every cell."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from fpdf import FPDF

Cells = Sequence[Sequence[str]]

CHECKLIST = (
    ("Question", "Answer", "Comment"),
    ("41. Are the emergency exits unlocked during work?", "No", "The cellar door was locked, a chair stood behind it"),
    ("42. Are fire drills held?", "Yes", "Two a year"),
    ("43. Are contracts written?", "Yes", ""),
)
PLAN = (
    ("No.", "Finding", "Root cause", "Corrective action", "Responsible", "Due date", "Status"),
    ("1", "Passports kept in the office", "No lockers", "Hand back, buy lockers", "HR manager", "2026-03-31", "open"),
    ("2", "Exit locked at night", "Fear of theft", "Install a panic bar", "EHS manager", "2026-01-15", "closed"),
)


class Style(StrEnum):
    BOXES = "boxes"
    """A rectangle around each cell."""
    LINES = "lines"
    """Lines from one end of the table to the other."""
    BARS = "bars"
    """Thin filled rectangles, as word processors draw lines."""
    BROKEN = "broken"
    """Lines below each cell, none between columns, under a shaded header."""
    ACROSS = "across"
    """Lines across the whole table, none between columns, under a shaded header."""
    PLAIN = "plain"
    """Nothing drawn."""


@dataclass(frozen=True, slots=True)
class Look:
    """Places and sizes in points."""

    style: Style = Style.BOXES
    left: float = 50
    widths: tuple[float, ...] = (220, 60, 210)
    height: float = 40
    size: float = 9
    shaded: bool = False
    by_column: bool = False
    """Write the text column after column, as some programs do."""


def sheet(*, landscape: bool = False) -> FPDF:
    page = FPDF(orientation="landscape" if landscape else "portrait", unit="pt", format="A4")
    page.set_auto_page_break(False)
    page.set_font("helvetica", size=9)
    page.add_page()
    return page


def line(page: FPDF, words: str, y: float, x: float = 50) -> None:
    page.set_font("helvetica", size=11)
    page.text(x, y, words)


def draw(page: FPDF, cells: Cells, top: float, look: Look | None = None) -> float:
    """Draw a table and answer where it ends."""
    look = look or Look()
    xs = [look.left]
    for width in look.widths:
        xs.append(xs[-1] + width)
    ys = [top + look.height * number for number in range(len(cells) + 1)]
    page.set_draw_color(90, 90, 90)
    page.set_line_width(0.6)
    _rule(page, xs, ys, look)
    places = [(row, column) for row in range(len(cells)) for column in range(len(look.widths))]
    if look.by_column:
        places.sort(key=lambda place: (place[1], place[0]))
    for row, column in places:
        write(page, cells[row][column], xs[column], ys[row], look.widths[column], look.size)
    return ys[-1]


def write(page: FPDF, words: str, x: float, y: float, width: float, size: float = 9) -> None:
    """Write into a cell, breaking lines between words."""
    page.set_font("helvetica", size=size)
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and page.get_string_width(longer) > width - 8:
            lines.append(word)
        else:
            lines[-1] = longer
    for number, text in enumerate(lines, start=1):
        page.text(x + 4, y + 3 + number * size * 1.2, text)


def _rule(page: FPDF, xs: Sequence[float], ys: Sequence[float], look: Look) -> None:
    if look.shaded or look.style in (Style.BROKEN, Style.ACROSS):
        page.set_fill_color(210, 220, 230)
        page.rect(xs[0], ys[0], xs[-1] - xs[0], ys[1] - ys[0], style="F")
    match look.style:
        case Style.BOXES:
            for (x0, x1), (y0, y1) in itertools.product(itertools.pairwise(xs), itertools.pairwise(ys)):
                page.rect(x0, y0, x1 - x0, y1 - y0)
        case Style.LINES:
            _rule_with_lines(page, xs, ys)
        case Style.BARS:
            _rule_with_bars(page, xs, ys)
        case Style.BROKEN:
            for y, (x0, x1) in itertools.product(ys[2:], itertools.pairwise(xs)):
                page.line(x0, y, x1, y)
        case Style.ACROSS:
            for y in ys[2:]:
                page.line(xs[0], y, xs[-1], y)


def _rule_with_lines(page: FPDF, xs: Sequence[float], ys: Sequence[float]) -> None:
    for y in ys:
        page.line(xs[0], y, xs[-1], y)
    for x in xs:
        page.line(x, ys[0], x, ys[-1])


def _rule_with_bars(page: FPDF, xs: Sequence[float], ys: Sequence[float]) -> None:
    page.set_fill_color(0, 0, 0)
    for y in ys:
        page.rect(xs[0], y, xs[-1] - xs[0], 0.7, style="F")
    for x in xs:
        page.rect(x, ys[0], 0.7, ys[-1] - ys[0], style="F")


def finished(page: FPDF) -> bytes:
    return bytes(page.output())


def of(cells: Cells, look: Look | None = None, *, landscape: bool = False) -> bytes:
    """A page with a sentence, a table, and a sentence."""
    page = sheet(landscape=landscape)
    line(page, "The visit took place in spring.", 60)
    bottom = draw(page, cells, 100, look)
    line(page, "The management signed the list.", bottom + 40)
    return finished(page)
