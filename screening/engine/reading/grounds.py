"""What lies behind and around the print of a page: pictures, dark areas, clips that cut it, layers that hold it."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from screening.engine.reading import calls
from screening.engine.reading.placing import Placing, Tenths

Colour = tuple[int, int, int]
Fill = tuple[Tenths, Colour]
"""A filled area: its place and its colour."""
_NEARLY_WHITE = 240
_SAME = 14
"""Steps of 256 in each of red, green and blue, between which nobody tells print from what it is printed on."""
_LAYER = "OC"
"""The mark of content that belongs to a layer, which may be switched off (ISO 32000-1, 8.11.3.2)."""
_LONGEST_MARK = 64
_MOST_MARKS, _MOST_CLIPS, _MOST_SEGMENTS = 8, 6, 8
_DEEPEST = 4
_MOST_INSIDE = 2000


def is_near(one: Colour, other: Colour) -> bool:
    return all(abs(a - b) <= _SAME for a, b in zip(one, other, strict=True))


def is_on_layer(item: int | None) -> bool:
    """Whether a piece of print belongs to a layer."""
    for number in range(min(_MOST_MARKS, calls.count_marks(item))):
        mark, size = calls.mark(item, number), ctypes.c_ulong()
        name = (ctypes.c_ushort * _LONGEST_MARK)()
        if not mark or not calls.mark_name(mark, name, ctypes.sizeof(name), size):
            continue
        if bytes(name)[: max(0, size.value - 2)].decode("utf-16-le", "replace") == _LAYER:
            return True
    return False


class Clips:
    """Tells of print whether the clip around it leaves it out."""

    def __init__(self, placing: Placing) -> None:
        self._placing = placing
        self._point = calls.Numbers(2, ctypes.c_float)

    def may_hide(self, item: int | None, box: Tenths) -> bool:
        """Whether the middle of a line lies outside of a clip of its own; of simple clips only."""
        clip = calls.clip_path(item)
        if not clip:
            return False
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        for number in range(min(_MOST_CLIPS, calls.count_clips(clip))):
            count = calls.count_clip_segments(clip, number)
            if not 0 < count <= _MOST_SEGMENTS:
                continue
            places = [place for place in self._points(clip, number, count) if place is not None]
            if not places:
                continue
            if not min(p[0] for p in places) <= x <= max(p[2] for p in places):
                return True
            if not min(p[1] for p in places) <= y <= max(p[3] for p in places):
                return True
        return False

    def _points(self, clip: int, number: int, count: int) -> Iterator[Tenths | None]:
        for index in range(count):
            if calls.segment_point(calls.clip_segment(clip, number, index), *self._point.at):
                x, y = self._point.values()
                yield self._placing.tenths(x, y, x, y)


def pictures(page: pdfium.PdfPage, placing: Placing) -> list[Tenths]:
    """The places of all pictures of a page; of those inside a form, that of the form."""
    handle = calls.address(page.raw)
    corners = calls.Numbers(4, ctypes.c_float)
    found = []
    for index in range(calls.count_objects(handle)):
        item = calls.get_object(handle, index)
        kind = calls.object_kind(item)
        if kind == raw.FPDF_PAGEOBJ_IMAGE or (kind == raw.FPDF_PAGEOBJ_FORM and _holds_picture(item, 0)):
            found.append(_place(item, corners, placing))
    return [place for place in found if place is not None]


def _holds_picture(form: int, depth: int) -> bool:
    for index in range(min(_MOST_INSIDE, calls.count_inside(form))):
        item = calls.get_inside(form, index)
        kind = calls.object_kind(item)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            return True
        if kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST and _holds_picture(item, depth + 1):
            return True
    return False


def dark(page: pdfium.PdfPage, placing: Placing) -> list[Tenths]:
    """Places on which pale print may be seen: pictures, shadings, forms that hold some, areas filled with a colour."""
    handle = calls.address(page.raw)
    corners, colour = calls.Numbers(4, ctypes.c_float), calls.Numbers(4, ctypes.c_uint)
    drawing = calls.Numbers(2, ctypes.c_int)
    found = []
    for index in range(calls.count_objects(handle)):
        item = calls.get_object(handle, index)
        kind = calls.object_kind(item)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            calls.object_fill(item, *colour.at)
            calls.path_drawing(item, *drawing.at)
            if not drawing.values()[0] or min(colour.values()[:3]) >= _NEARLY_WHITE:
                continue
        elif kind not in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING):
            continue
        found.append(_place(item, corners, placing))
    return [place for place in found if place is not None]


def _place(item: Any, corners: calls.Numbers, placing: Placing) -> Tenths | None:
    if not calls.object_bounds(item, *corners.at):
        return None
    left, bottom, right, top = corners.values()
    return placing.tenths(left, bottom, right, top)
