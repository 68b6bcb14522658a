"""Turns places in a PDF page's own coordinates into places on the page as people see it."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as raw

Tenths = tuple[int, int, int, int]
"""x0, top, x1, bottom in tenths of a point: whole numbers are quicker to send than broken ones."""

_FINE = 100
"""Steps a point when pdfium turns page places into screen places: it answers in whole steps."""


@dataclass(frozen=True, slots=True)
class Placing:
    """Turns a place in a page's own coordinates into points from the top left of the page as displayed."""

    across: tuple[float, float, float]
    down: tuple[float, float, float]

    @classmethod
    def of(cls, page: Any, width: float, height: float) -> Placing:
        """Ask pdfium where three known points fall: rotation and cropping are in its answer."""
        wide, high = max(1, int(width * _FINE)), max(1, int(height * _FINE))
        x, y = ctypes.c_int(), ctypes.c_int()
        spots = []
        for px, py in ((0.0, 0.0), (1000.0, 0.0), (0.0, 1000.0)):
            raw.FPDF_PageToDevice(page, 0, 0, wide, high, 0, px, py, x, y)
            spots.append((x.value / _FINE, y.value / _FINE))
        (ox, oy), (ax, ay), (bx, by) = spots
        return cls(((ax - ox) / 1000, (bx - ox) / 1000, ox), ((ay - oy) / 1000, (by - oy) / 1000, oy))

    def tenths(self, left: float, bottom: float, right: float, top: float) -> Tenths | None:
        """x0, top, x1, bottom in tenths of a point from the top left; None where a number is none."""
        (a, c, e), (b, d, f) = self.across, self.down
        try:
            if not b and not c and a > 0 > d:  # Not rotated: nearly every page.
                return (
                    round(10 * (a * left + e)),
                    round(10 * (d * top + f)),
                    round(10 * (a * right + e)),
                    round(10 * (d * bottom + f)),
                )
            x0, x1 = sorted((a * left + c * bottom + e, a * right + c * top + e))
            y0, y1 = sorted((b * left + d * bottom + f, b * right + d * top + f))
            return round(10 * x0), round(10 * y0), round(10 * x1), round(10 * y1)
        except (ValueError, OverflowError):
            return None

    def rows(self, corners: Sequence[float]) -> list[Tenths | None]:
        """As `tenths` for many places at once: left, top, right and bottom one after the other, as a reader gives them.

        On a page that is not rotated this takes a third of the time of asking for each.
        """
        (a, c, e), (b, d, f) = self.across, self.down
        each = iter(corners)
        places = zip(each, each, each, each, strict=True)
        if b or c or not a > 0 > d:
            return [self.tenths(left, bottom, right, top) for left, top, right, bottom in places]
        try:
            return [
                (
                    round(10 * (a * left + e)),
                    round(10 * (d * top + f)),
                    round(10 * (a * right + e)),
                    round(10 * (d * bottom + f)),
                )
                for left, top, right, bottom in places
            ]
        except (ValueError, OverflowError):
            return [self.tenths(*(corners[at + part] for part in (0, 3, 2, 1))) for at in range(0, len(corners), 4)]
