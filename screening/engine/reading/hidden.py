"""Finds text on a page that a person looking at it would not see.

At once: text outside the page, too small or too narrow to be read, drawn as invisible (rendering mode 3) where no
picture lies, or over other print. By drawing the page: text as pale as paper or of the colour of what lies under it,
text whose outline alone is drawn or that only cuts a hole (modes 1, 5 and 7), text cut away by a clip, text on a layer
that may be switched off, and whatever lies under an annotation. Invisible text on top of a picture is how recognised
scans are made, and is not called hidden.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

from screening.engine.reading import calls, grounds
from screening.engine.reading.opened import Look, OpenPage
from screening.engine.reading.placing import Placing, Tenths
from screening.engine.reading.whereabouts import Printed, Shade

_INVISIBLE = 3
_DRAWN_OTHERWISE = frozenset({1, 5, 7})
"""Stroked, stroked as a clip, and a clip alone: their colour is not the one that is asked for."""
_USUAL_MODES = frozenset({0, 2, 4, 6})
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
_LARGE_PART = 0.5
"""Of a page: a smaller part of it is drawn alone."""
_NEAR_SHADES = 16
"""Shades of grey, of 256, that nobody tells apart in print."""


class Watch:
    """Looks at the start of every line while a page is read; the dear checks come only where one is suspect."""

    def __init__(self, page: OpenPage, placing: Placing) -> None:
        self._page, self._placing = page, placing
        self._right, self._bottom = 10 * page.width, 10 * page.height
        self._unreadable = False
        """Whether some line is outside the page, or so small that it might as well be."""
        self._invisible: list[Tenths] = []
        self._pale: list[Tenths] = []
        self._suspect: list[Tenths] = []
        """Seen or not seen as the drawn page shows."""
        self._shown: list[Tenths] = []
        self._shades: Sequence[Shade | None] = []
        """All other lines, and their colours."""
        self._drawn: Look | None = None
        """The drawn page, once all of it was needed."""

    def see(self, printed: Printed, shades: Sequence[Shade | None]) -> None:
        """Note the lines of a page and the colours that they begin in."""
        aside = self._set_aside(printed)
        pale = {shade for shade in set(shades) if shade is None or _is_pale(shade)}
        if not aside and not pale:
            self._shown, self._shades = [box for _, box in printed.lines], shades
            return
        seen = [
            (box, shade)
            for number, ((_, box), shade) in enumerate(zip(printed.lines, shades, strict=True))
            if shade is not None and number not in aside
        ]
        self._pale = [box for box, shade in seen if shade in pale]
        self._shown = [box for box, shade in seen if shade not in pale]
        self._shades = [shade for _, shade in seen if shade not in pale]

    def _set_aside(self, printed: Printed) -> set[int]:
        """Note the lines at which another look is needed than at their colour; gives their numbers."""
        aside = self._too_small(printed)
        self._unreadable = bool(aside)
        modes = list(map(calls.render_mode, printed.objects))
        if not _USUAL_MODES.issuperset(modes):
            for number, ((_, box), mode) in enumerate(zip(printed.lines, modes, strict=True)):
                if number not in aside and (mode == _INVISIBLE or mode in _DRAWN_OTHERWISE):
                    (self._invisible if mode == _INVISIBLE else self._suspect).append(box)
                    aside.add(number)
        for number in grounds.held(printed.objects, [box for _, box in printed.lines], self._placing):
            if number not in aside:
                self._suspect.append(printed.lines[number][1])
                aside.add(number)
        return aside

    def _too_small(self, printed: Printed) -> set[int]:
        """Numbers of the lines outside of the page, or so small that nobody reads them."""
        right, low = self._right, self._bottom
        odd = [
            (number, line, box)
            for number, (line, box) in enumerate(printed.lines)
            if box[0] > right
            or box[1] > low
            or (high := box[3] - box[1]) <= _NARROWEST
            or (wide := box[2] - box[0]) <= _NARROWEST
            or wide <= _SQUEEZED * (line.last - line.first + 1) * high
            or box[2] < 0
            or box[3] < 0
        ]  # Nearly all lines are told at once.
        return {
            number
            for number, line, (x0, top, x1, bottom) in odd
            if (x1 < 0 or bottom < 0 or x0 > right or top > low or 0 <= bottom - top <= _TINY)
            or (
                _is_narrow((x0, top, x1, bottom), line.last - line.first + 1)
                and _is_squeezed(printed.textpage, line.first, line.last)
            )
        }

    def finds(self, fills: Sequence[grounds.Fill], notes: Sequence[Tenths]) -> bool:
        """Whether the page holds text that is not seen; `fills` are its filled areas, `notes` places of annotations."""
        if self._unreadable or (self._invisible and self._finds_invisible()):
            return True
        suspects = self._suspect + (self._without_background() if self._pale else [])
        suspects += self._on_own_colour(fills) if fills else []
        if notes:
            suspects += [box for box in self._shown if any(_covers(place, box) for place in notes)]
        return bool(suspects) and self.sees_none_of(suspects)

    def _on_own_colour(self, fills: Sequence[grounds.Fill]) -> list[Tenths]:
        """The lines on areas that are nearly of the line's own colour."""
        own = {shade[:3] for shade in set(self._shades) if shade is not None}
        near = {ground for ground in {colour for _, colour in fills} if any(grounds.is_near(ground, o) for o in own)}
        return [
            box
            for place, ground in fills
            if ground in near
            for box, shade in zip(self._shown, self._shades, strict=True)
            if shade is not None and _covers(place, box) and grounds.is_near(ground, shade[:3])
        ]

    def _finds_invisible(self) -> bool:
        """Whether invisible text lies over print, or where no picture is that it could have been recognised on."""
        pictures = grounds.pictures(self._page, self._placing)
        bare = [box for box in self._invisible if not any(_covers(picture, box) for picture in pictures)]
        over = len(self._shown) > len(self._invisible) and any(
            _covers(shown, box) for box in self._invisible for shown in self._shown
        )
        return bool(bare) or over

    def sees_none_of(self, boxes: Sequence[Tenths]) -> bool:
        """Whether the page as it is drawn shows nothing at one of these places."""
        if not boxes or max(self._right, self._bottom) > 10 * _WIDEST_PX:
            return False
        drawn = self._drawn or self._look(boxes)
        return any(_is_even(drawn, box) for box in boxes)

    def _look(self, boxes: Sequence[Tenths]) -> Look:
        """The part of the page that holds these places, or all of it where that is not much more."""
        x0, y0 = (max(0, min(box[side] for box in boxes) // 10) for side in (0, 1))
        x1, y1 = (max(box[side] for box in boxes) // 10 + 1 for side in (2, 3))
        if 100 * (x1 - x0) * (y1 - y0) < _LARGE_PART * self._right * self._bottom:
            return self._page.look(part=(x0, y0, x1, y1))
        self._drawn = self._page.look()
        return self._drawn

    def _without_background(self) -> list[Tenths]:
        """The pale lines behind which no dark area, shading or picture lies."""
        found = grounds.dark(self._page, self._placing)
        return [box for box in self._pale if not any(_covers(ground, box) for ground in found)]


def _is_pale(shade: Shade) -> bool:
    red, green, blue, alpha = shade
    return alpha < _NEARLY_CLEAR or (red >= _NEARLY_WHITE and min(green, blue) >= _NEARLY_WHITE)


def _is_squeezed(textpage: calls.Handle, first: int, last: int) -> bool:
    """Whether not only the ends of a line lie close to each other, but all of its letters."""
    sides = calls.Numbers(4, ctypes.c_double)
    found = []
    for index in range(first, last + 1, max(1, (last - first) // _MOST_ASKED)):
        if calls.drawn_box(textpage, index, *sides.at):
            found.append(sides.values())
    if not found:
        return False
    wide = max(box[1] for box in found) - min(box[0] for box in found)
    high = max(box[3] for box in found) - min(box[2] for box in found)
    return _is_narrow((0, 0, round(10 * wide), round(10 * high)), last - first + 1)


def _is_narrow(box: Tenths, letters: int) -> bool:
    """Whether so many letters have too little room in this place, whichever way they run."""
    wide, high = max(1, abs(box[2] - box[0])), max(1, abs(box[3] - box[1]))
    most = _SQUEEZED * letters
    is_narrow = min(wide, high) <= _NARROWEST or (wide < most * high and high < most * wide)
    return letters >= _FEWEST_SQUEEZED and is_narrow


def _covers(ground: Tenths, box: Tenths) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return ground[0] <= x <= ground[2] and ground[1] <= y <= ground[3]


def _is_even(drawn: Look, box: Tenths) -> bool:
    """Whether the drawn page (one pixel a point) shows hardly more than one shade in the box."""
    x0, x1 = box[0] // 10, box[2] // 10 + 1
    y0, y1 = max(drawn.top, box[1] // 10), min(drawn.top + drawn.height, box[3] // 10 + 1)
    rows = [drawn.row(y, x0, x1) for y in range(y0, y1)]
    found = [row for row in rows if row]
    return bool(found) and max(map(max, found)) - min(map(min, found)) <= _NEAR_SHADES
