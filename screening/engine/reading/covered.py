"""Finds text that something was drawn over: a picture or a filled area that hides it from whoever looks at the page.

A picture over most of a page is how recognised scans are made: its text lies behind it by design. A filled area over
all of it is how one text is put in the place of another.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from screening.engine.reading import calls
from screening.engine.reading.opened import OpenPage
from screening.engine.reading.placing import Placing, Tenths
from screening.engine.reading.whereabouts import Printed

_MOST_COVERS = 60
"""A page with more is a drawing."""
_MOST_OF_A_PAGE = 0.5
_OPAQUE = 250
_THICK = 4.0
"""In points: a line that covers print."""


class _Cover(Enum):
    PICTURE, BOX = auto(), auto()
    SHAPE = auto()
    """Of any form: the drawn page says whether it hides what lies under it."""


@dataclass(slots=True)
class Covered:
    """Places of print that lie under something drawn later: under pictures, and under filled areas."""

    by_pictures: list[Tenths] = field(default_factory=list)
    by_areas: list[Tenths] = field(default_factory=list)
    printed_over: bool = False
    """Other words were printed upon an area where it hides some."""


def covered(
    page: OpenPage,
    printed: Printed,
    later: Sequence[tuple[int, calls.Handle, Tenths | None]],
    placing: Placing,
) -> Covered:
    """The lines of print that something was drawn over.

    `later` are pictures and areas drawn after some of the text (see `rulings.Finder`).
    """
    result = Covered()
    corners, largest = calls.Numbers(4, ctypes.c_float), 100 * _MOST_OF_A_PAGE * page.width * page.height
    suspects = []
    for index, item, known in later[: _MOST_COVERS * 4]:
        box = known or _box(item, corners, placing)
        if box is None or (known is None and (box[2] - box[0]) * (box[3] - box[1]) >= largest):
            continue
        under = [(line, place) for line, place in printed.lines if _inside(place, box)]
        cover = _hides(item, is_picture=known is None) if under else None
        if cover is not None:
            suspects.append((index, cover, under))
    if not suspects or len(suspects) > _MOST_COVERS:
        return result
    before = page.things.items[: max(index for index, _, _ in suspects)]
    order = {item.value: index for index, item in enumerate(before)}

    def is_before(index: int, letter: int) -> bool:
        return order.get(calls.text_object(printed.textpage, letter).value, index) < index

    for index, cover, under in suspects:
        hidden = [(line, place) for line, place in under if is_before(index, line.first)]
        (result.by_pictures if cover is _Cover.PICTURE else result.by_areas).extend(place for _, place in hidden)
        result.printed_over |= cover is _Cover.BOX and any(not is_before(index, line.last) for line, _ in hidden)
    return result


def _box(item: calls.Handle, corners: calls.Numbers, placing: Placing) -> Tenths | None:
    if not calls.object_bounds(item, *corners.at):
        return None
    left, bottom, right, top = corners.values()
    return placing.tenths(left, bottom, right, top)


def _hides(item: calls.Handle, *, is_picture: bool) -> _Cover | None:
    """Whether it lets nothing through: a picture, or filled, or a stroke as thick as print, without transparency."""
    if calls.has_transparency(item):
        return None
    if is_picture:
        return _Cover.PICTURE
    drawing, colour = calls.Numbers(2, ctypes.c_int), calls.Numbers(4, ctypes.c_uint)
    calls.path_drawing(item, *drawing.at)
    calls.object_fill(item, *colour.at)
    filled, stroked = drawing.values()
    if filled and colour.values()[3] >= _OPAQUE:
        return _Cover.BOX if calls.count_segments(item) in (4, 5) else _Cover.SHAPE
    width = calls.Numbers(1, ctypes.c_float)
    if stroked and calls.stroke_width(item, *width.at) and width.values()[0] >= _THICK:
        return _Cover.SHAPE
    return None


def _inside(place: Tenths, box: Tenths) -> bool:
    """Whether nearly all of a line lies inside a box."""
    if place[1] >= box[3] or place[3] <= box[1]:
        return False
    across = min(place[2], box[2]) - max(place[0], box[0])
    down = min(place[3], box[3]) - max(place[1], box[1])
    return across > 0.9 * (place[2] - place[0]) and down > 0.6 * (place[3] - place[1])
