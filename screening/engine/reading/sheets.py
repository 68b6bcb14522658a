"""The picture of a page made ready for recognition: evenly lit, upright, level, and without its drawn lines.

What is found on it is told as a place on the picture that came. Only ever inside a caged child.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import cos, radians, sin
from typing import Any

from PIL import Image

from screening.engine.reading import drawn, evening
from screening.engine.reading.placing import Tenths
from screening.engine.reading.rulings import Rulings

_TENTHS_AN_INCH = 720
_SHARPEST, _LEAST_DPI, _MOST_TIMES = 300.0, 180.0, 3.0
"""Print of fewer dots an inch is recognised better when it is enlarged, up to so many."""
_QUARTERS = {1: Image.Transpose.ROTATE_90, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_270}

Dots = tuple[float, float, float, float]
"""A box in dots of the prepared picture."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A prepared picture, with what leads back to the one that came."""

    image: Any
    width: int
    height: int
    """Of the picture that came, in dots."""
    quarters: int
    """Quarter turns against the clock that it was given."""
    degrees: float
    """How far it was turned with the clock after that, to lie level."""
    dots_an_inch: float
    """Of the prepared picture."""
    times: float
    """How much larger it is than the one that came."""
    rulings: Rulings = field(default_factory=Rulings)
    """Its drawn lines, as level as it is."""

    def level(self, box: Dots) -> Tenths:
        """A box of the prepared picture in tenths of a point, on the level page."""
        step = _TENTHS_AN_INCH / self.dots_an_inch
        x0, top, x1, bottom = box
        return round(x0 * step), round(top * step), round(x1 * step), round(bottom * step)

    def back(self, place: Tenths) -> Tenths:
        """A place on the level page as one on the picture that came, in tenths of a point too."""
        step = _TENTHS_AN_INCH / self.dots_an_inch
        wide, high = (self.height, self.width) if self.quarters % 2 else (self.width, self.height)
        middle, centre = wide * self.times * step / 2, high * self.times * step / 2
        x, y = (place[0] + place[2]) / 2 - middle, (place[1] + place[3]) / 2 - centre
        angle = radians(self.degrees)
        x, y = x * cos(angle) + y * sin(angle), y * cos(angle) - x * sin(angle)
        across, down = (place[2] - place[0]) / 2, (place[3] - place[1]) / 2
        for _ in range(self.quarters):
            x, y, across, down, middle, centre = -y, x, down, across, centre, middle
        x, y = x + middle, y + centre
        return round(x - across), round(y - down), round(x + across), round(y + down)


def prepared(grey: Any, dots_an_inch: float, *, quarters: int = 0) -> Sheet:
    """A picture in grey, of so many dots an inch, turned by so many quarters against the clock and made ready."""
    width, height = grey.size
    times = min(_MOST_TIMES, _SHARPEST / dots_an_inch) if dots_an_inch < _LEAST_DPI else 1.0
    if times > 1.0:
        grey = grey.resize((round(width * times), round(height * times)), Image.Resampling.BICUBIC)
    if quarters:
        grey = grey.transpose(_QUARTERS[quarters])
    even = evening.evened(grey)
    degrees = evening.crookedness(even)
    level = even.rotate(-degrees, resample=Image.Resampling.BICUBIC, fillcolor=255) if degrees else even
    across, down = drawn.lines(level, dots_an_inch * times)
    bare = drawn.without(level, across, down) if across or down else level
    sheet = Sheet(bare, width, height, quarters, degrees, dots_an_inch * times, times)
    step = _TENTHS_AN_INCH / sheet.dots_an_inch
    for lines, found in ((across, sheet.rulings.across), (down, sheet.rulings.down)):
        found += [(round(line.place * step), round(line.start * step), round(line.end * step)) for line in lines]
    return sheet
