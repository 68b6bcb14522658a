"""What lies behind and around the print of a page: pictures, dark areas, clips that cut it, layers that hold it."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence

import pypdfium2.raw as raw

from screening.engine.reading import calls
from screening.engine.reading.opened import OpenPage
from screening.engine.reading.placing import Placing, Tenths

Colour = tuple[int, int, int]
Fill = tuple[Tenths, Colour]
"""A filled area: its place and its colour."""
_NEARLY_WHITE = 240
_SAME = 14
"""Steps of 256 in each of red, green and blue, between which nobody tells print from what it is printed on."""
_LAYER = "OC".encode("utf-16-le")
"""The mark of content that belongs to a layer, which may be switched off (ISO 32000-1, 8.11.3.2)."""
_LONGEST_MARK = 64
_MOST_MARKS, _MOST_CLIPS, _MOST_SEGMENTS = 8, 6, 8
_DEEPEST = 4
_MOST_INSIDE = 2000


def is_near(one: Colour, other: Colour) -> bool:
    return all(abs(a - b) <= _SAME for a, b in zip(one, other, strict=True))


class Layers:
    """Tells of print whether it belongs to a layer."""

    def __init__(self) -> None:
        self._name = ctypes.create_string_buffer(2 * _LONGEST_MARK)
        self._size = calls.Numbers(1, ctypes.c_ulong)
        self._at = calls.Handle(ctypes.addressof(self._name))

    def hold(self, item: calls.Handle) -> bool:
        for number in range(min(_MOST_MARKS, calls.count_marks(item))):
            mark = calls.mark(item, number)
            if not mark or not calls.mark_name(mark, self._at, len(self._name), *self._size.at):
                continue
            size = self._size.values()[0]
            if self._name.raw[: max(0, size - 2)] == _LAYER:
                return True
        return False


def held(objects: Sequence[calls.Handle], boxes: Sequence[Tenths], placing: Placing) -> list[int]:
    """Numbers of those pieces of print that a clip around them may leave out, or that belong to a layer."""
    clips = enumerate(map(calls.count_clips, map(calls.clip_path, objects)))
    marks = enumerate(map(calls.count_marks, objects))
    clipped, marked = ([number for number, count in each if count > 0] for each in (clips, marks))
    around, layers = Clips(placing), Layers()
    found = {number for number in clipped if around.may_hide(objects[number], boxes[number])}
    return sorted(found.union(number for number in marked if layers.hold(objects[number])))


class Clips:
    """Tells of print whether the clip around it leaves it out."""

    def __init__(self, placing: Placing) -> None:
        self._placing = placing
        self._point = calls.Numbers(2, ctypes.c_float)

    def may_hide(self, item: calls.Handle, box: Tenths) -> bool:
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

    def _points(self, clip: calls.Handle, number: int, count: int) -> Iterator[Tenths | None]:
        for index in range(count):
            if calls.segment_point(calls.clip_segment(clip, number, index), *self._point.at):
                x, y = self._point.values()
                yield self._placing.tenths(x, y, x, y)


def pictures(page: OpenPage, placing: Placing) -> list[Tenths]:
    """The places of all pictures of a page; of those inside a form, that of the form."""
    corners = calls.Numbers(4, ctypes.c_float)
    found = []
    for item, kind in page.each():
        if kind == raw.FPDF_PAGEOBJ_IMAGE or (kind == raw.FPDF_PAGEOBJ_FORM and _holds_picture(item, 0)):
            found.append(_place(item, corners, placing))
    return [place for place in found if place is not None]


def _holds_picture(form: calls.Handle, depth: int) -> bool:
    for index in range(min(_MOST_INSIDE, calls.count_inside(form))):
        item = calls.get_inside(form, index)
        kind = calls.object_kind(item)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            return True
        if kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST and _holds_picture(item, depth + 1):
            return True
    return False


def dark(page: OpenPage, placing: Placing) -> list[Tenths]:
    """Places on which pale print may be seen: pictures, shadings, forms that hold some, areas filled with a colour."""
    corners, colour = calls.Numbers(4, ctypes.c_float), calls.Numbers(4, ctypes.c_uint)
    drawing = calls.Numbers(2, ctypes.c_int)
    found = []
    for item, kind in page.each():
        if kind == raw.FPDF_PAGEOBJ_PATH:
            calls.object_fill(item, *colour.at)
            calls.path_drawing(item, *drawing.at)
            if not drawing.values()[0] or min(colour.values()[:3]) >= _NEARLY_WHITE:
                continue
        elif kind not in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING):
            continue
        found.append(_place(item, corners, placing))
    return [place for place in found if place is not None]


def _place(item: calls.Handle, corners: calls.Numbers, placing: Placing) -> Tenths | None:
    if not calls.object_bounds(item, *corners.at):
        return None
    left, bottom, right, top = corners.values()
    return placing.tenths(left, bottom, right, top)
