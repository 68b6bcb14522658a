"""Finds text on a page that a person looking at it would not see.

First version: text drawn as invisible (PDF text rendering mode 3), text outside the page, and white or
transparent text with nothing darker behind it, confirmed by drawing the page. Invisible text on top of a
picture is how recognised scans are made, and is not called hidden.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from screening.engine.reading import calls
from screening.engine.reading.placing import Placing, Tenths

_INVISIBLE = 3
_TINY = 10
"""In tenths of a point: print of one point and less is read by nobody."""
_NEARLY_WHITE = 240
_NEARLY_CLEAR = 16
_WIDEST_PX = 3000
_BACKGROUNDS = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING, raw.FPDF_PAGEOBJ_PATH)


class Watch:
    """Looks at the start of every line while a page is read; the dear checks come only where one is suspect."""

    def __init__(self, textpage: int, placing: Placing, width: float, height: float) -> None:
        self._textpage, self._placing = textpage, placing
        self._right, self._bottom = 10 * width, 10 * height
        self._invisible = self._outside = 0  # Outside the page, or so small that it might as well be.
        self._pale: list[Tenths] = []
        self._colour = calls.Numbers(4, ctypes.c_uint)

    def see(self, lines: Iterable[tuple[int, Tenths]]) -> None:
        """Note lines, each by pdfium's index of its first character and by its place."""
        textpage, text_object, render_mode = self._textpage, calls.text_object, calls.render_mode
        fill_colour, at, values = calls.fill_colour, self._colour.at, self._colour.values
        for index, box in lines:
            x0, top, x1, bottom = box
            if x1 < 0 or bottom < 0 or x0 > self._right or top > self._bottom or 0 <= bottom - top <= _TINY:
                self._outside += 1
            elif render_mode(text_object(textpage, index)) == _INVISIBLE:
                self._invisible += 1
            elif fill_colour(textpage, index, *at):
                red, green, blue, alpha = values()
                if alpha < _NEARLY_CLEAR or (red >= _NEARLY_WHITE and min(green, blue) >= _NEARLY_WHITE):
                    self._pale.append(box)

    def finds(self, page: pdfium.PdfPage) -> bool:
        """Whether the page holds text that is not seen."""
        if self._outside or (self._invisible and not _is_scan(page)):
            return True
        bare = self._without_background(page) if self._pale else []
        return bool(bare) and self._unseen(page, bare)

    def sees_none_of(self, page: pdfium.PdfPage, boxes: list[Tenths]) -> bool:
        """Whether the page as it is drawn shows nothing at one of these places."""
        return bool(boxes) and self._unseen(page, boxes)

    def _without_background(self, page: pdfium.PdfPage) -> list[Tenths]:
        """The pale lines behind which no dark area, shading or picture lies."""
        grounds = list(_grounds(page, self._placing))
        return [box for box in self._pale if not any(_covers(ground, box) for ground in grounds)]

    def _unseen(self, page: pdfium.PdfPage, boxes: list[Tenths]) -> bool:
        if max(self._right, self._bottom) > 10 * _WIDEST_PX:
            return False
        bitmap = page.render(scale=1, grayscale=True)
        pixels, stride = bytes(bitmap.buffer), bitmap.stride
        return any(_is_even(pixels, stride, bitmap.width, bitmap.height, box) for box in boxes)


def _covers(ground: Tenths, box: Tenths) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return ground[0] <= x <= ground[2] and ground[1] <= y <= ground[3]


def _grounds(page: pdfium.PdfPage, placing: Placing) -> list[Tenths]:
    handle = calls.address(page.raw)
    corners, colour = calls.Numbers(4, ctypes.c_float), calls.Numbers(4, ctypes.c_uint)
    drawing = calls.Numbers(2, ctypes.c_int)
    found: list[Tenths] = []
    for index in range(calls.count_objects(handle)):
        item = calls.get_object(handle, index)
        kind = calls.object_kind(item)
        if kind not in _BACKGROUNDS:
            continue
        if kind == raw.FPDF_PAGEOBJ_PATH:
            calls.object_fill(item, *colour.at)
            calls.path_drawing(item, *drawing.at)
            if not drawing.values()[0] or min(colour.values()[:3]) >= _NEARLY_WHITE:
                continue
        if calls.object_bounds(item, *corners.at):
            left, bottom, right, top = corners.values()
            place = placing.tenths(left, bottom, right, top)
            if place is not None:
                found.append(place)
    return found


def _is_even(pixels: bytes, stride: int, width: int, height: int, box: Tenths) -> bool:
    """Whether the drawn page (one pixel a point) shows one single shade in the box."""
    x0, x1 = max(0, box[0] // 10), min(width, box[2] // 10 + 1)
    y0, y1 = max(0, box[1] // 10), min(height, box[3] // 10 + 1)
    shades = {shade for y in range(y0, y1) for shade in pixels[y * stride + x0 : y * stride + x1]}
    return len(shades) == 1


def _is_scan(page: pdfium.PdfPage) -> bool:
    handle = calls.address(page.raw)
    return any(
        calls.object_kind(calls.get_object(handle, index)) == raw.FPDF_PAGEOBJ_IMAGE
        for index in range(calls.count_objects(handle))
    )
