"""Has print that does not lie level as its page is shown, on its side or on its head, read as if the page were turned.

The reader orders lines by where they are shown: of a page whose print stands on its side it gives the last line first,
of one on its head the last word. Turned until the print lies level, it gives what people read who turn their heads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import pi

from screening.engine.reading import calls

_ASKED = 24
"""Letters, spread over the page, that are asked how they stand."""
_MOST = 0.7
"""Of them, standing one way: else the page holds some turned labels, and is read as it is shown."""
_NUMBERS_A_LINE = 6


def may_be(lines: Sequence[int], *, plain: bool) -> bool:
    """Whether print may lie otherwise than level: on a turned page, or where a line in the middle is higher than wide.

    `lines` are as `answers.page_of` takes them. Next to nothing is asked of an ordinary page.
    """
    at = len(lines) // _NUMBERS_A_LINE // 2 * _NUMBERS_A_LINE
    return bool(lines) and (not plain or lines[at + 5] - lines[at + 3] > lines[at + 4] - lines[at + 2])


def rotation_for(textpage: calls.Handle, count: int) -> int | None:
    """By how many quarters, with the clock, the page is to be turned for its print to lie level; None where unsure.

    `count` is the number of its letters. Counted from the page as it was made, as its own `Rotate` is.
    """
    angles = (calls.letter_angle(textpage, index) for index in range(0, count, max(1, count // _ASKED)))
    found = Counter(-round(angle / (pi / 2)) % 4 for angle in angles if angle >= 0)
    if not found:
        return None
    quarters, times = found.most_common(1)[0]
    return quarters if times >= _MOST * found.total() else None


def as_shown(lines: Sequence[int], width: float, height: float, quarters: int) -> list[int]:
    """The places of lines of a page of this size, which is then turned by so many quarters with the clock."""
    result: list[int] = []
    each = iter(lines)
    for start, end, *box in zip(*[each] * _NUMBERS_A_LINE, strict=True):
        wide, high = round(10 * width), round(10 * height)
        x0, top, x1, bottom = box
        for _ in range(quarters % 4):
            x0, top, x1, bottom = high - bottom, x0, high - top, x1
            wide, high = high, wide
        result += (start, end, x0, top, x1, bottom)
    return result
