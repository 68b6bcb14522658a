"""Turns places in a PDF page's own coordinates into places on the page as people see it."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from screening.engine.reading import calls

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
        spot, handle = calls.Numbers(2, ctypes.c_int), calls.handle(page)
        spots = []
        for px, py in ((0.0, 0.0), (1000.0, 0.0), (0.0, 1000.0)):
            calls.on_screen(handle, 0, 0, wide, high, 0, px, py, *spot.at)
            x, y = spot.values()
            spots.append((x / _FINE, y / _FINE))
        (ox, oy), (ax, ay), (bx, by) = spots
        return cls(((ax - ox) / 1000, (bx - ox) / 1000, ox), ((ay - oy) / 1000, (by - oy) / 1000, oy))

    @property
    def is_plain(self) -> bool:
        """Whether the page is neither turned nor mirrored: nearly every page."""
        return not self.down[0] and not self.across[1] and self.across[0] > 0 > self.down[1]

    def tenths(self, left: float, bottom: float, right: float, top: float) -> Tenths | None:
        """x0, top, x1, bottom in tenths of a point from the top left; None where a number is none."""
        (a, c, e), (b, d, f) = self.across, self.down
        try:
            if not b and not c and a > 0 > d:  # As `is_plain`.
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

    def spans(self, ends: Sequence[float]) -> list[Tenths | None]:
        """The places that reach from one letter to another: for each the left, top, right and bottom of both.

        On a page that is not turned this takes a quarter of the time of asking `tenths` for each.
        """
        (a, _, e), (_, d, f) = self.across, self.down
        each = iter(ends)
        letters = zip(each, each, each, each, each, each, each, each, strict=True)
        try:
            if self.is_plain:
                return [
                    (
                        round(10 * (a * (x0 if x0 < left else left) + e)),
                        round(10 * (d * (y1 if y1 > top else top) + f)),
                        round(10 * (a * (x1 if x1 > right else right) + e)),
                        round(10 * (d * (y0 if y0 < bottom else bottom) + f)),
                    )
                    for left, top, right, bottom, x0, y1, x1, y0 in letters
                ]
        except (ValueError, OverflowError):
            return [found for at in range(0, len(ends), 8) for found in self._each(ends[at : at + 8])]
        return self._each(ends)

    def _each(self, ends: Sequence[float]) -> list[Tenths | None]:
        each = iter(ends)
        return [
            self.tenths(
                x0 if x0 < left else left,
                y0 if y0 < bottom else bottom,
                x1 if x1 > right else right,
                y1 if y1 > top else top,
            )
            for left, top, right, bottom, x0, y1, x1, y0 in zip(*[each] * 8, strict=True)
        ]
