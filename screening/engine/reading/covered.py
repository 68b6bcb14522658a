"""Finds text that something was drawn over: a picture or a filled area that hides it from whoever looks at the page.

A picture over most of a page is how recognised scans are made: its text lies behind it by design.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass, field

import pypdfium2.raw as raw

from screening.engine.reading import calls
from screening.engine.reading.placing import Placing, Tenths

_MOST_COVERS = 60
"""A page with more is a drawing."""
_MOST_OBJECTS = 20_000
_MOST_OF_A_PAGE = 0.5
_LOWEST = 40
"""In tenths of a point: what is lower covers no line of print."""
_OPAQUE = 250


@dataclass(slots=True)
class Covered:
    """Places of print that lie under something drawn later: under pictures, and under filled areas."""

    by_pictures: list[Tenths] = field(default_factory=list)
    by_areas: list[Tenths] = field(default_factory=list)


def covered(
    page: int, textpage: int, lines: Sequence[tuple[int, Tenths]], placing: Placing, size: tuple[float, float]
) -> Covered:
    """The lines of print (index of the first letter, place) that something was drawn over. `page`: its handle."""
    result = Covered()
    count = calls.count_objects(page)
    if not lines or count > _MOST_OBJECTS:
        return result
    items = [calls.get_object(page, index) for index in range(count)]
    kinds = [calls.object_kind(item) for item in items]
    covers = _covers(items, kinds, placing, 100 * _MOST_OF_A_PAGE * size[0] * size[1])
    if not covers or len(covers) > _MOST_COVERS:
        return result
    order = {item: index for index, item in enumerate(items) if kinds[index] == raw.FPDF_PAGEOBJ_TEXT}
    for letter, place in lines:
        above = [index for index, box in covers if _inside(place, box)]
        at = order.get(calls.text_object(textpage, letter), count) if above else count
        for index in above:
            if at < index:
                is_picture = kinds[index] == raw.FPDF_PAGEOBJ_IMAGE
                (result.by_pictures if is_picture else result.by_areas).append(place)
    return result


def _covers(items: list[int], kinds: list[int], placing: Placing, largest: float) -> list[tuple[int, Tenths]]:
    """What is drawn after the first text and lets nothing through, with its number and place."""
    if raw.FPDF_PAGEOBJ_TEXT not in kinds:
        return []
    corners, found = calls.Numbers(4, ctypes.c_float), []
    for index in range(kinds.index(raw.FPDF_PAGEOBJ_TEXT) + 1, len(items)):
        if kinds[index] not in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH):
            continue
        box = _box(items[index], corners, placing)
        if box is None or box[3] - box[1] < _LOWEST or box[2] - box[0] < _LOWEST:
            continue
        if (box[2] - box[0]) * (box[3] - box[1]) < largest and _hides(items[index], kinds[index]):
            found.append((index, box))
    return found


def _box(item: int, corners: calls.Numbers, placing: Placing) -> Tenths | None:
    if not calls.object_bounds(item, *corners.at):
        return None
    left, bottom, right, top = corners.values()
    return placing.tenths(left, bottom, right, top)


def _hides(item: int, kind: int) -> bool:
    """Whether it lets nothing through: filled, and without transparency."""
    if calls.has_transparency(item):
        return False
    if kind == raw.FPDF_PAGEOBJ_IMAGE:
        return True
    drawing, colour = calls.Numbers(2, ctypes.c_int), calls.Numbers(4, ctypes.c_uint)
    calls.path_drawing(item, *drawing.at)
    calls.object_fill(item, *colour.at)
    is_box = calls.count_segments(item) in (4, 5)
    return bool(drawing.values()[0]) and colour.values()[3] >= _OPAQUE and is_box


def _inside(place: Tenths, box: Tenths) -> bool:
    """Whether nearly all of a line lies inside a box."""
    across = min(place[2], box[2]) - max(place[0], box[0])
    down = min(place[3], box[3]) - max(place[1], box[1])
    return across > 0.9 * (place[2] - place[0]) and down > 0.6 * (place[3] - place[1])
