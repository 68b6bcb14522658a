"""Tells of a page of Chinese, Japanese or Korean print whether it runs down the page, for its order may then be wrong.

A file may hold such columns in any order, and its reader takes them for lines. Where each sign stands beside the one
that is told before it, as seen by the sign itself, tells how the print runs; so it does not matter how a page is shown.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable, Iterator
from math import cos, sin

from screening.engine.reading import calls

_SIGN = "\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff"
_SIGNS = re.compile(f"[{_SIGN}]")
_PAIR = re.compile(f"[{_SIGN}](?=(?:\r\n| )?([{_SIGN}]))")
_GLANCE, _FEW = 600, 8
"""Characters from which on only some are looked at for signs, and so many signs among them make it worth asking."""
_FEWEST, _MOST = 16, 60
"""Pairs of signs that tell how a page runs, and places, spread over the page, at which one is looked for."""
_LONGEST = 4
"""Characters of a pair with a line end between them."""
_BESIDE, _NEAR, _FAR = 0.5, 0.4, 2.0
"""Of a sign's height: how far another may stand off its line or column, and how far along a column."""
_FAR_ALONG_LINE = 1.5
_DOWN, _LEVEL = 0.3, 0.2
"""Of the pairs: from so many that run down, or up to so few that run on in a line, nobody can be sure of the order."""


def may_run(units: str) -> bool:
    """Whether there are signs enough that could run downward; a glance that costs next to nothing."""
    if units.isascii():
        return False
    # No multiple of three: a sign on a line of its own comes with two characters of line end.
    step = 3 * (len(units) // _GLANCE) + 1
    return len(_SIGNS.findall(units[::step])) >= _FEW


class Running:
    """Asks where signs stand on one page after the other; holds the numbers that pdfium writes into."""

    def __init__(self) -> None:
        self._corners = calls.Numbers(4, ctypes.c_float)

    def is_downward(self, textpage: calls.Handle, units: str) -> bool:
        """Whether much of the page's print runs downward. `units` are its letters as the reader counts them."""
        step = max(1, len(units) // _MOST)
        pairs = (_PAIR.search(units, start, start + max(step, _LONGEST)) for start in range(0, len(units), step))
        some = {found.start(): found.start(1) for found in pairs if found is not None}
        moves = list(self._moves(textpage, some.items()))
        if len(moves) < _FEWEST:
            return False
        down = sum(abs(across) < _BESIDE and -_FAR < up < -_NEAR for across, up in moves)
        level = sum(abs(up) < _BESIDE and _NEAR < across < _FAR_ALONG_LINE for across, up in moves)
        return down >= _DOWN * len(moves) or level <= _LEVEL * len(moves)

    def _moves(self, textpage: calls.Handle, pairs: Iterable[tuple[int, int]]) -> Iterator[tuple[float, float]]:
        """How far right of and above the first sign of each pair the second one stands, in heights of the sign."""
        for first, second in pairs:
            one, other = self._box(textpage, first), self._box(textpage, second)
            if one is None or other is None:
                continue
            size = max(abs(one[2] - one[0]), abs(one[1] - one[3]))
            angle = calls.letter_angle(textpage, first)
            if size <= 0 or angle < 0:
                continue
            x = (other[0] + other[2] - one[0] - one[2]) / 2 / size
            y = (other[1] + other[3] - one[1] - one[3]) / 2 / size
            yield x * cos(angle) - y * sin(angle), x * sin(angle) + y * cos(angle)

    def _box(self, textpage: calls.Handle, index: int) -> list[float] | None:
        return self._corners.values() if calls.letter_box(textpage, index, self._corners.at[0]) else None
