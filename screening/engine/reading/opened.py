"""One open page of a PDF: how large it is, what it draws, and how it or a part of it looks in grey."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from pypdfium2 import PdfiumError

from screening.engine.reading import calls

_MOST_THINGS = 20_000
"""A page of more drawn things is a map or a plan: they are not kept in memory."""
_WHITE = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Look:
    """Shades of grey, a byte a pixel, row by row: of the part of a page that begins at `left` and `top`."""

    pixels: bytes
    width: int
    height: int
    left: int = 0
    top: int = 0

    def row(self, y: int, x0: int, x1: int) -> bytes:
        """The pixels of row `y` of the page from x0 up to x1, as far as they lie in this part."""
        start, end = max(x0 - self.left, 0), min(x1 - self.left, self.width)
        if not self.top <= y < self.top + self.height or start >= end:
            return b""
        at = (y - self.top) * self.width
        return self.pixels[at + start : at + end]


class Things(NamedTuple):
    """What a page draws: the things, and of each its kind."""

    items: list[calls.Handle]
    kinds: list[int]


class OpenPage:
    """Open until it is closed; `raw` is the handle as the bindings know it. Raises PdfiumError."""

    def __init__(self, document: pdfium.PdfDocument, number: int) -> None:
        self.raw = raw.FPDF_LoadPage(document.raw, number - 1)
        if not self.raw:
            raise PdfiumError("no such page")
        self.handle = calls.handle(self.raw)
        self._form = document.formenv.raw if document.formenv is not None else None
        if self._form is not None:
            raw.FORM_OnAfterLoadPage(self.raw, self._form)
        self.width, self.height = _size(raw.FPDF_GetPageWidthF(self.raw)), _size(raw.FPDF_GetPageHeightF(self.raw))
        self.notes: int = raw.FPDFPage_GetAnnotCount(self.raw)
        """So many things were laid upon the page: remarks, links, form fields."""
        self._things: Things | None = None

    @property
    def rotation(self) -> int:
        """By how many quarters, with the clock, the page is shown turned."""
        return int(raw.FPDFPage_GetRotation(self.raw)) % 4

    def turn(self, quarters: int) -> None:
        """Have it shown turned by so many quarters from now on; its width and height may change places."""
        raw.FPDFPage_SetRotation(self.raw, quarters)
        self.width, self.height = _size(raw.FPDF_GetPageWidthF(self.raw)), _size(raw.FPDF_GetPageHeightF(self.raw))

    def close(self) -> None:
        if self._form is not None:
            raw.FORM_OnBeforeClosePage(self.raw, self._form)
        raw.FPDF_ClosePage(self.raw)

    @property
    def things(self) -> Things:
        """All that the page draws, in the order in which it is drawn; nothing where that is too much to keep."""
        if self._things is None:
            count = calls.count_objects(self.handle)
            items = list(map(calls.get_object, repeat(self.handle), range(count if count <= _MOST_THINGS else 0)))
            self._things = Things(items, list(map(calls.object_kind, items)))
        return self._things

    def each(self) -> Iterator[tuple[calls.Handle, int]]:
        """Each thing that the page draws with its kind, however many there are."""
        if self.things.items:
            return zip(*self.things, strict=True)
        items = map(calls.get_object, repeat(self.handle), range(calls.count_objects(self.handle)))
        return ((item, calls.object_kind(item)) for item in items)

    def look(self, scale: float = 1, part: tuple[int, int, int, int] | None = None) -> Look:
        """The page as it is displayed, at so many pixels a point; `part` is in pixels, from the left and from the top.

        A part costs a fraction of the whole, and shows the same.
        """
        wide, high = math.ceil(self.width * scale), math.ceil(self.height * scale)
        x0, y0, x1, y1 = part or (0, 0, wide, high)
        x0, y0, x1, y1 = max(0, x0), max(0, y0), min(wide, x1), min(high, y1)
        if x0 >= x1 or y0 >= y1:
            return Look(b"", 0, 0)
        pixels = ctypes.create_string_buffer((x1 - x0) * (y1 - y0))
        bitmap = raw.FPDFBitmap_CreateEx(x1 - x0, y1 - y0, raw.FPDFBitmap_Gray, pixels, x1 - x0)
        try:
            raw.FPDFBitmap_FillRect(bitmap, 0, 0, x1 - x0, y1 - y0, _WHITE)
            where = (-x0, -y0, wide, high, 0, raw.FPDF_GRAYSCALE | raw.FPDF_ANNOT)
            raw.FPDF_RenderPageBitmap(bitmap, self.raw, *where)
            if self._form is not None:
                raw.FPDF_FFLDraw(self._form, bitmap, self.raw, *where)
        finally:
            raw.FPDFBitmap_Destroy(bitmap)
        return Look(pixels.raw, x1 - x0, y1 - y0, x0, y0)


def _size(told: float) -> float:
    return told if math.isfinite(told) else 0.0
