"""Finds the drawn lines of a page that tables are made of: rulings, thin bars, edges of boxes and of shaded areas."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field

import pypdfium2.raw as raw

from screening.engine.reading import calls
from screening.engine.reading.opened import OpenPage
from screening.engine.reading.placing import Placing, Tenths

_MOST_RULINGS = 3000
_FEWEST = 4
"""Fewer lines than this make no table."""
_THIN = 30
"""In tenths of a point: what is no thicker is a line, however it was drawn."""
_SHORT = 60
LOWEST_COVER = 40
"""What is lower or narrower covers no line of print."""
_MOST_SEGMENTS, _MOST_FILLS = 400, 500
_STRAIGHT = (raw.FPDF_SEGMENT_LINETO, raw.FPDF_SEGMENT_MOVETO)
_LINE_SEGMENTS, _BOX_SEGMENTS = 2, (4, 5)
_NEARLY_WHITE = 250


@dataclass(slots=True)
class Rulings:
    """Lines of one page in tenths of a point from the top left; each as (place, from, to)."""

    across: list[tuple[int, int, int]] = field(default_factory=list)
    """Horizontal ones: y, from x, to x."""
    down: list[tuple[int, int, int]] = field(default_factory=list)
    """Vertical ones: x, from y, to y."""
    shades: list[Tenths] = field(default_factory=list)
    """Areas filled with a colour."""

    def add(self, box: Tenths) -> None:
        """A thin bar, as the line along its middle."""
        x0, y0, x1, y1 = box
        if y1 - y0 <= _THIN:
            if x1 - x0 > _SHORT:
                self.across.append(((y0 + y1) // 2, x0, x1))
        elif x1 - x0 <= _THIN and y1 - y0 > _SHORT:
            self.down.append(((x0 + x1) // 2, y0, y1))

    def add_edges(self, box: Tenths) -> None:
        x0, y0, x1, y1 = box
        self.across += ((y0, x0, x1), (y1, x0, x1))
        self.down += ((x0, y0, y1), (x1, y0, y1))

    @property
    def enough(self) -> bool:
        return len(self.across) + len(self.down) >= _FEWEST and len(self.across) > 2


class Finder:
    """Looks through the drawn things of one page after the other; keeps the numbers pdfium writes into."""

    def __init__(self) -> None:
        self._corners = calls.Numbers(4, ctypes.c_float)
        self._point = calls.Numbers(2, ctypes.c_float)
        self._drawing = calls.Numbers(2, ctypes.c_int)
        self._width = calls.Numbers(1, ctypes.c_float)
        self._colour = calls.Numbers(4, ctypes.c_uint)
        self.later: list[tuple[int, calls.Handle, Tenths | None]] = []
        """Pictures and areas that the last page draws after some of its text: number, handle, place where known."""
        self.fills: list[tuple[Tenths, tuple[int, int, int]]] = []
        """Areas that the last page fills with a colour."""

    def forget(self) -> None:
        """Let go of what was found on the page before."""
        self.later, self.fills = [], []

    def rulings(self, page: OpenPage, placing: Placing) -> Rulings:
        """The rulings of a page; empty where it draws so much that it is no table."""
        found = Rulings()
        paths = self._paths(page)
        if len(paths) > _MOST_RULINGS or not paths:
            return found
        bounds, at = calls.object_bounds, self._corners.at
        for index, item in paths:
            box = placing.tenths(*self._corners.values()) if bounds(item, *at) else None
            if box is not None:
                self._add(item, box, placing, found)
                if index >= 0 and box[3] - box[1] >= LOWEST_COVER <= box[2] - box[0]:
                    self.later.append((index, item, box))
        return found

    def _paths(self, page: OpenPage) -> list[tuple[int, calls.Handle]]:
        """The drawn paths of a page, each with its number where text was drawn before it, else -1."""
        self.forget()
        items, kinds = page.things
        if raw.FPDF_PAGEOBJ_TEXT not in kinds:
            return [(-1, item) for item, kind in zip(items, kinds, strict=True) if kind == raw.FPDF_PAGEOBJ_PATH]
        text = kinds.index(raw.FPDF_PAGEOBJ_TEXT)
        if raw.FPDF_PAGEOBJ_IMAGE in kinds:
            images = [number for number, kind in enumerate(kinds) if kind == raw.FPDF_PAGEOBJ_IMAGE]
            self.later = [(number, items[number], None) for number in images if number > text]
        paths = [number for number, kind in enumerate(kinds) if kind == raw.FPDF_PAGEOBJ_PATH]
        return [(number if number > text else -1, items[number]) for number in paths]

    def _add(self, item: calls.Handle, box: Tenths, placing: Placing, found: Rulings) -> None:
        width, height = box[2] - box[0], box[3] - box[1]
        if width <= _THIN or height <= _THIN:
            found.add(box)
            return
        if min(width, height) < _SHORT:
            return
        segments = calls.count_segments(item)
        if segments == _LINE_SEGMENTS or segments > _MOST_SEGMENTS:
            return
        calls.path_drawing(item, *self._drawing.at)
        filled, stroked = self._drawing.values()
        filled = bool(filled) and self._is_coloured(item, box)
        if not filled and not stroked:
            return
        lines = self._segments(item, segments)
        if lines is None:
            return
        if filled:
            found.shades.append(box)
            found.across += ((box[1], box[0], box[2]), (box[3], box[0], box[2]))
        if stroked and segments in _BOX_SEGMENTS:
            found.add_edges(self._without_stroke(item, box))
        elif stroked:
            self._add_segments(item, lines, placing, found)

    def _is_coloured(self, item: calls.Handle, box: Tenths) -> bool:
        """Whether an area is filled with another colour than white; notes it either way."""
        calls.object_fill(item, *self._colour.at)
        red, green, blue, _ = self._colour.values()
        if len(self.fills) < _MOST_FILLS:
            self.fills.append((box, (red, green, blue)))
        return bool(min(red, green, blue) < _NEARLY_WHITE)

    def _without_stroke(self, item: calls.Handle, box: Tenths) -> Tenths:
        """A box as it was drawn: pdfium's bounds reach out by the width of the line."""
        calls.stroke_width(item, *self._width.at)
        wide = min(round(10 * self._width.values()[0]), _THIN)
        return box[0] + wide, box[1] + wide, box[2] - wide, box[3] - wide

    def _segments(self, item: calls.Handle, count: int) -> list[tuple[float, float, float, float]] | None:
        """The straight pieces of a path along an axis, in its own coordinates; None where it is no such path."""
        lines: list[tuple[float, float, float, float]] = []
        x = y = 0.0
        for index in range(count):
            segment = calls.path_segment(item, index)
            kind = calls.segment_kind(segment)
            if kind not in _STRAIGHT or not calls.segment_point(segment, *self._point.at):
                return None
            before_x, before_y = x, y
            x, y = self._point.values()
            if kind == raw.FPDF_SEGMENT_LINETO:
                if abs(x - before_x) > 1 and abs(y - before_y) > 1:
                    return None
                lines.append((before_x, before_y, x, y))
        return lines

    def _add_segments(
        self, item: calls.Handle, lines: list[tuple[float, float, float, float]], placing: Placing, found: Rulings
    ) -> None:
        matrix = raw.FS_MATRIX()
        if not calls.object_matrix(item, ctypes.byref(matrix)):
            return
        for x0, y0, x1, y1 in lines:
            ax, ay = _moved(matrix, x0, y0)
            bx, by = _moved(matrix, x1, y1)
            box = placing.tenths(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
            if box is not None:
                found.add(box)


def _moved(matrix: raw.FS_MATRIX, x: float, y: float) -> tuple[float, float]:
    return matrix.a * x + matrix.c * y + matrix.e, matrix.b * x + matrix.d * y + matrix.f
