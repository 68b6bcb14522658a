"""Finds text on a page that a person looking at it would not see.

At once: text outside the page, too small or too narrow to be read, drawn as invisible (rendering mode 3) where no
picture lies, or over other print. By drawing the page: text as pale as paper or of the colour of what lies under it,
text whose outline alone is drawn or that only cuts a hole (modes 1, 5 and 7), text cut away by a clip, text on a layer
that may be switched off, and whatever lies under an annotation. Invisible text on top of a picture is how recognised
scans are made, and is not called hidden.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Sequence

import pypdfium2 as pdfium

from screening.engine.reading import calls, grounds
from screening.engine.reading.placing import Placing, Tenths

_INVISIBLE = 3
_DRAWN_OTHERWISE = frozenset({1, 5, 7})
"""Stroked, stroked as a clip, and a clip alone: their colour is not the one that is asked for."""
_TINY = 14
"""In tenths of a point, with the room above and below: print of one point and less is read by nobody."""
_NARROWEST = 20
"""The same for a whole line, whichever way it runs."""
_SQUEEZED = 0.14
"""Of its height: letters that are narrower than this on average are read by nobody."""
_FEWEST_SQUEEZED, _MOST_ASKED = 8, 60
_NEARLY_WHITE = 235
_NEARLY_CLEAR = 16
_WIDEST_PX = 3000
_NEAR_SHADES = 16
"""Shades of grey, of 256, that nobody tells apart in print."""

Shown = tuple[int, int, Tenths]
"""A line: pdfium's index of its first and of its last letter, and its place."""


class Watch:
    """Looks at the start of every line while a page is read; the dear checks come only where one is suspect."""

    def __init__(self, textpage: int, placing: Placing, width: float, height: float) -> None:
        self._textpage, self._placing = textpage, placing
        self._right, self._bottom = 10 * width, 10 * height
        self._unreadable = 0
        """Outside the page, or so small that it might as well be."""
        self._invisible: list[Tenths] = []
        self._pale: list[Tenths] = []
        self._suspect: list[Tenths] = []
        """Seen or not seen as the drawn page shows."""
        self._shown: list[tuple[Tenths, tuple[int, int, int]]] = []
        """All other lines, with their colour."""
        self._colour = calls.Numbers(4, ctypes.c_uint)
        self._sides = calls.Numbers(4, ctypes.c_double)
        self._clips = grounds.Clips(placing)
        self._drawn: tuple[bytes, int, int, int] | None = None
        """Pixels, bytes a row, width and height of the drawn page, once it was needed."""

    def see(self, lines: Iterable[Shown]) -> None:
        """Note lines."""
        textpage, text_object, render_mode = self._textpage, calls.text_object, calls.render_mode
        fill_colour, at, values = calls.fill_colour, self._colour.at, self._colour.values
        for first, last, box in lines:
            x0, top, x1, bottom = box
            if x1 < 0 or bottom < 0 or x0 > self._right or top > self._bottom or 0 <= bottom - top <= _TINY:
                self._unreadable += 1
                continue
            letters, high, wide = last - first + 1, bottom - top, x1 - x0
            # Nearly all lines are far wider than that, and are told at once.
            may_be = wide <= _SQUEEZED * letters * high or high <= _NARROWEST or wide <= _NARROWEST
            if may_be and _is_narrow(box, letters) and self._is_squeezed(first, last):
                self._unreadable += 1
                continue
            item = text_object(textpage, first)
            mode = render_mode(item)
            if mode == _INVISIBLE:
                self._invisible.append(box)
            elif mode in _DRAWN_OTHERWISE or self._clips.may_hide(item, box) or grounds.is_on_layer(item):
                self._suspect.append(box)
            elif fill_colour(textpage, first, *at):
                red, green, blue, alpha = values()
                if alpha < _NEARLY_CLEAR or (red >= _NEARLY_WHITE and min(green, blue) >= _NEARLY_WHITE):
                    self._pale.append(box)
                else:
                    self._shown.append((box, (red, green, blue)))

    def _is_squeezed(self, first: int, last: int) -> bool:
        """Whether not only the ends of a line lie close to each other, but all of its letters."""
        found = []
        for index in range(first, last + 1, max(1, (last - first) // _MOST_ASKED)):
            if calls.drawn_box(self._textpage, index, *self._sides.at):
                found.append(self._sides.values())
        if not found:
            return False
        wide = max(box[1] for box in found) - min(box[0] for box in found)
        high = max(box[3] for box in found) - min(box[2] for box in found)
        return _is_narrow((0, 0, round(10 * wide), round(10 * high)), last - first + 1)

    def finds(self, page: pdfium.PdfPage, fills: Sequence[grounds.Fill], notes: Sequence[Tenths]) -> bool:
        """Whether the page holds text that is not seen; `fills` are its filled areas, `notes` places of annotations."""
        if self._unreadable or self._finds_invisible(page):
            return True
        suspects = self._suspect + (self._without_background(page) if self._pale else [])
        colours = {colour for _, colour in self._shown}
        near = {ground for ground in {own for _, own in fills} if any(grounds.is_near(ground, own) for own in colours)}
        for place, ground in fills if near else ():
            if ground in near:
                suspects += [box for box, own in self._shown if _covers(place, box) and grounds.is_near(ground, own)]
        if notes:
            suspects += [box for box, _ in self._shown if any(_covers(place, box) for place in notes)]
        return bool(suspects) and self.sees_none_of(page, suspects)

    def _finds_invisible(self, page: pdfium.PdfPage) -> bool:
        """Whether invisible text lies over print, or where no picture is that it could have been recognised on."""
        if not self._invisible:
            return False
        pictures = grounds.pictures(page, self._placing)
        bare = [box for box in self._invisible if not any(_covers(picture, box) for picture in pictures)]
        over = len(self._shown) > len(self._invisible) and any(
            _covers(shown, box) for box in self._invisible for shown, _ in self._shown
        )
        return bool(bare) or over

    def sees_none_of(self, page: pdfium.PdfPage, boxes: Sequence[Tenths]) -> bool:
        """Whether the page as it is drawn shows nothing at one of these places."""
        if not boxes or max(self._right, self._bottom) > 10 * _WIDEST_PX:
            return False
        if self._drawn is None:
            bitmap = page.render(scale=1, grayscale=True)
            self._drawn = bytes(bitmap.buffer), bitmap.stride, bitmap.width, bitmap.height
        return any(_is_even(*self._drawn, box) for box in boxes)

    def _without_background(self, page: pdfium.PdfPage) -> list[Tenths]:
        """The pale lines behind which no dark area, shading or picture lies."""
        found = grounds.dark(page, self._placing)
        return [box for box in self._pale if not any(_covers(ground, box) for ground in found)]


def _is_narrow(box: Tenths, letters: int) -> bool:
    """Whether so many letters have too little room in this place, whichever way they run."""
    wide, high = max(1, abs(box[2] - box[0])), max(1, abs(box[3] - box[1]))
    most = _SQUEEZED * letters
    is_narrow = min(wide, high) <= _NARROWEST or (wide < most * high and high < most * wide)
    return letters >= _FEWEST_SQUEEZED and is_narrow


def _covers(ground: Tenths, box: Tenths) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return ground[0] <= x <= ground[2] and ground[1] <= y <= ground[3]


def _is_even(pixels: bytes, stride: int, width: int, height: int, box: Tenths) -> bool:
    """Whether the drawn page (one pixel a point) shows hardly more than one shade in the box."""
    x0, x1 = max(0, box[0] // 10), min(width, box[2] // 10 + 1)
    y0, y1 = max(0, box[1] // 10), min(height, box[3] // 10 + 1)
    rows = [pixels[y * stride + x0 : y * stride + x1] for y in range(y0, y1)]
    found = [row for row in rows if row]
    return bool(found) and max(map(max, found)) - min(map(min, found)) <= _NEAR_SHADES
