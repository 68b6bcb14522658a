"""Finds text that something was drawn over: a picture or a filled area that hides it from whoever looks at the page.

A picture over most of a page is how recognised scans are made: its text lies behind it by design. A filled area over
all of it is how one text is put in the place of another.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass, field

from screening.engine.reading import calls
from screening.engine.reading.cleaning import RawLine
from screening.engine.reading.placing import Placing, Tenths

_MOST_COVERS = 60
"""A page with more is a drawing."""
_MOST_OF_A_PAGE = 0.5
_OPAQUE = 250


@dataclass(slots=True)
class Covered:
    """Places of print that lie under something drawn later: under pictures, and under filled areas."""

    by_pictures: list[Tenths] = field(default_factory=list)
    by_areas: list[Tenths] = field(default_factory=list)
    printed_over: bool = False
    """Other words were printed upon an area where it hides some."""


def covered(
    page: int,
    textpage: int,
    lines: Sequence[tuple[RawLine, Tenths | None]],
    later: Sequence[tuple[int, int, Tenths | None]],
    placing: Placing,
    size: tuple[float, float],
) -> Covered:
    """The lines of print that something was drawn over.

    `page` is its handle; `later` are pictures and areas drawn after some of the text (see `rulings.Finder`).
    """
    result = Covered()
    corners, largest = calls.Numbers(4, ctypes.c_float), 100 * _MOST_OF_A_PAGE * size[0] * size[1]
    suspects = []
    for index, item, known in later[: _MOST_COVERS * 4]:
        box = known or _box(item, corners, placing)
        if box is None or (known is None and (box[2] - box[0]) * (box[3] - box[1]) >= largest):
            continue
        under = [(line, place) for line, place in lines if place is not None and _inside(place, box)]
        if under and _hides(item, is_picture=known is None):
            suspects.append((index, known is None, under))
    if not suspects or len(suspects) > _MOST_COVERS:
        return result
    order = {calls.get_object(page, index): index for index in range(max(index for index, _, _ in suspects))}

    def is_before(index: int, letter: int) -> bool:
        return order.get(calls.text_object(textpage, letter), index) < index

    for index, is_picture, under in suspects:
        hidden = [(line, place) for line, place in under if is_before(index, line.first)]
        (result.by_pictures if is_picture else result.by_areas).extend(place for _, place in hidden)
        result.printed_over |= not is_picture and any(not is_before(index, line.last) for line, _ in hidden)
    return result


def _box(item: int, corners: calls.Numbers, placing: Placing) -> Tenths | None:
    if not calls.object_bounds(item, *corners.at):
        return None
    left, bottom, right, top = corners.values()
    return placing.tenths(left, bottom, right, top)


def _hides(item: int, *, is_picture: bool) -> bool:
    """Whether it lets nothing through: filled, and without transparency."""
    if calls.has_transparency(item):
        return False
    if is_picture:
        return True
    drawing, colour = calls.Numbers(2, ctypes.c_int), calls.Numbers(4, ctypes.c_uint)
    calls.path_drawing(item, *drawing.at)
    calls.object_fill(item, *colour.at)
    is_box = calls.count_segments(item) in (4, 5)
    return bool(drawing.values()[0]) and colour.values()[3] >= _OPAQUE and is_box


def _inside(place: Tenths, box: Tenths) -> bool:
    """Whether nearly all of a line lies inside a box."""
    if place[1] >= box[3] or place[3] <= box[1]:
        return False
    across = min(place[2], box[2]) - max(place[0], box[0])
    down = min(place[3], box[3]) - max(place[1], box[1])
    return across > 0.9 * (place[2] - place[0]) and down > 0.6 * (place[3] - place[1])
