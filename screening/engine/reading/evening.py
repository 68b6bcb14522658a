"""Gives the picture of a page even light, with dark print on white, and says how crooked it lies.

Pictures are images of Pillow in grey. Only ever inside a caged child.
"""

from __future__ import annotations

from math import radians, tan
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

_GROUND_PX = 8
"""The ground of a page is looked at on a picture that is so many times smaller."""
_GROUND_WIDE = 13
"""Of these: higher than half of it a dark bar must be, and lower than that large letters."""
_EVEN = 0.85
"""Of the brightest ground: what is darker nowhere needs no evening."""
_PAPER = 0.55
"""The same: a darker ground is one that light letters may stand on. Paper in deep shade is as dark."""
_AROUND_PX = 32
"""Whether letters are lighter or darker than their ground is asked in squares of so many dots and their neighbours."""
_PLAINLY = 4.0
"""Print in shade must weigh so many times what stands out lighter there."""
_STEEPEST, _COARSE, _FINE = 4.0, 0.4, 0.05
"""Degrees: as crooked as a page may lie, and the steps in which that is looked for."""
_LEVEL = 0.06
"""Degrees that are not worth turning a page for: over the width of one they are two dots."""
_MOST_DOTS = 60_000
_LOOK_PX = 900


def evened(grey: Any) -> Any:
    """The picture with its ground made white: shadows, tinted rows and dark bars with light letters are gone."""
    small = grey.resize((max(1, grey.width // _GROUND_PX), max(1, grey.height // _GROUND_PX)), Image.Resampling.BOX)
    white = max(1.0, float(np.percentile(np.asarray(small), 80)))
    ground = small.filter(ImageFilter.MedianFilter(_GROUND_WIDE)).filter(ImageFilter.GaussianBlur(1))
    if np.asarray(ground).min() > _EVEN * white:
        return grey.point([min(255, round(255 * shade / white)) for shade in range(256)])
    under = np.asarray(ground.resize(grey.size, Image.Resampling.BILINEAR)).astype(np.float32)
    found = np.asarray(grey).astype(np.float32)
    light = found / np.maximum(under, 1.0)
    turned = (255.0 - found) / np.maximum(255.0 - under, 1.0)
    dark = under < _PAPER * white
    even = np.where(dark & ~_shaded_print(found - under), turned, light) if dark.any() else light
    return Image.fromarray((255 * np.clip(even, 0.0, 1.0)).astype(np.uint8))


def _shaded_print(above: Any) -> Any:
    """Where the print is darker than its dark ground: there hardly a dot stands out above the ground.

    `above` is the picture less its ground. Nothing but print so plain is taken for it: at the edges of a dark bar
    both are found.
    """
    lighter, darker = (_around(np.square(np.maximum(side, 0.0))) for side in (above, -above))
    size = above.shape[1], above.shape[0]
    found = Image.fromarray((darker > _PLAINLY * lighter).astype(np.uint8)).resize(size, Image.Resampling.NEAREST)
    return np.asarray(found) > 0


def _around(dots: Any) -> Any:
    """What the dots add up to in each square and its eight neighbours."""
    height, width = dots.shape
    size = max(1, width // _AROUND_PX), max(1, height // _AROUND_PX)
    near = np.pad(np.asarray(Image.fromarray(dots).resize(size, Image.Resampling.BOX)), 1, mode="edge")
    return sum(near[down : down + size[1], right : right + size[0]] for down in range(3) for right in range(3))


def crookedness(grey: Any) -> float:
    """Degrees by which the lines of an evened picture fall to the left; 0 where it lies level, or shows no lines.

    The lines of print lie level where rows of dots are the most unlike each other: full, empty, full.
    """
    scale = min(1.0, _LOOK_PX / max(grey.size))
    size = max(1, round(grey.width * scale)), max(1, round(grey.height * scale))
    small = np.asarray(grey.resize(size, Image.Resampling.BOX))
    down, across = np.nonzero(small < 200)
    if len(down) < 200:
        return 0.0
    step = max(1, len(down) // _MOST_DOTS)
    down, across = down[::step].astype(np.float32), across[::step].astype(np.float32)
    best = _steepest(down, across, size[1], np.arange(-_STEEPEST, _STEEPEST + _COARSE / 2, _COARSE))
    best = _steepest(down, across, size[1], np.arange(best - _COARSE, best + _COARSE, _FINE))
    # Beyond what was looked at there are no lines of print, but the edge of a shadow.
    return best if _LEVEL <= abs(best) <= _STEEPEST else 0.0


def _steepest(down: Any, across: Any, height: int, angles: Any) -> float:
    best, chosen = -1.0, 0.0
    middle = across.mean()
    for angle in angles:
        rows = (down + (across - middle) * tan(radians(float(angle))) + height / 2).astype(np.int32)
        counts = np.bincount(np.clip(rows, 0, 2 * height), minlength=2 * height + 1).astype(np.float64)
        unlike = float(np.square(np.diff(counts)).sum())
        if unlike > best:
            best, chosen = unlike, float(angle)
    return chosen
