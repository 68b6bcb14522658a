"""Opens picture files (JPEG, PNG, TIFF with several pages and others) and reads what is printed on them.

Only ever inside a caged child. Without a recogniser each picture is a page that says it was not read.
"""

from __future__ import annotations

import contextlib
import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any

from PIL import Image, ImageFile, ImageOps, ImageSequence, UnidentifiedImageError, features

from screening.engine.reading import printed
from screening.engine.reading.limits import Limits
from screening.engine.reading.recognising import Recogniser
from screening.engine.reasons import Reason
from screening.engine.results import PageStatus

FORMATS = ("JPEG", "PNG", "TIFF", "GIF", "BMP", "WEBP", "JPEG2000")
_POINTS_AN_INCH, _USUAL_DPI = 72.0, 200.0
_FEWEST_DPI, _MOST_DPI = 50.0, 1200.0
_LARGEST_PAGE, _USUAL_PAGE = 24.0, 11.7
"""Inches, of the longer side: a photograph says of itself what its screen had, and would be a page of two metres."""
BROKEN = (UnidentifiedImageError, OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, OverflowError,
          ZeroDivisionError, AttributeError, EOFError, RuntimeError, struct.error, zlib.error)  # fmt: skip
"""What the library raises on a picture that is not as it should be."""


def answers(source: Any, limits: Limits, recogniser: Recogniser | None) -> Iterator[dict[str, Any]]:
    """The pages of a picture file as answers to the parent. Raises what `BROKEN` holds where it cannot be opened."""
    Image.MAX_IMAGE_PIXELS = limits.opened_pixels
    ImageFile.LOAD_TRUNCATED_IMAGES = True  # Of a picture that was cut off, the part that came is read.
    with _opened(source) as file:
        if file.width * file.height > limits.opened_pixels:
            raise MemoryError
        several = file.format == "TIFF"
        for number, frame in enumerate(ImageSequence.Iterator(file) if several else [file], start=1):
            if number > limits.pages:
                return
            if frame.width * frame.height > limits.opened_pixels:
                raise MemoryError
            yield page(number, frame, limits, recogniser)


def _opened(source: Any) -> Any:
    try:
        return Image.open(source, formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise MemoryError from error


def why_not(source: Any) -> Reason:
    """Why a picture could not be opened: it is damaged, or of a kind that the library was built without."""
    with contextlib.suppress(*BROKEN, MemoryError), _opened(source) as file:
        if file.format == "JPEG2000" and not features.check("jpg_2000"):
            return Reason.NOT_SUPPORTED
    return Reason.BROKEN


def drawn(source: Any, number: int, width_px: int, limits: Limits) -> bytes:
    """Picture `number` (from 1) as a PNG of this width, upright. Raises what `BROKEN` holds."""
    Image.MAX_IMAGE_PIXELS = limits.opened_pixels
    with _opened(source) as file:
        if number > 1:
            file.seek(number - 1)
        if file.width * file.height > limits.opened_pixels:
            raise ValueError("too many pixels")
        upright = (ImageOps.exif_transpose(file) or file).convert("RGB")
    scale = min(width_px / upright.width, (limits.picture_pixels / (upright.width * upright.height)) ** 0.5)
    small = upright.resize((max(1, round(upright.width * scale)), max(1, round(upright.height * scale))))
    kept = io.BytesIO()
    small.save(kept, "PNG", compress_level=3)
    return kept.getvalue()


def page(number: int, frame: Any, limits: Limits, recogniser: Recogniser | None) -> dict[str, Any]:
    """One picture as a page: its size in points, and its words with their places where they can be recognised."""
    dpi = _dpi(frame)
    upright = ImageOps.exif_transpose(frame) or frame
    width, height = upright.size
    answer: dict[str, Any] = {
        "page": number, "width": round(width * _POINTS_AN_INCH / dpi, 1),
        "height": round(height * _POINTS_AN_INCH / dpi, 1), "pictures": True,
    }  # fmt: skip
    even = upright.convert("L").getextrema()
    if even[0] == even[1]:
        return {**answer, "text": "", "status": PageStatus.NO_TEXT, "reason": Reason.BLANK}
    unread = {**answer, "text": "", "status": PageStatus.NO_TEXT, "reason": Reason.IMAGES_ONLY}
    if recogniser is None:
        return unread
    scale = min(1.0, (limits.picture_pixels / (width * height)) ** 0.5)
    small = upright if scale == 1.0 else upright.resize((max(1, int(width * scale)), max(1, int(height * scale))))
    told = printed.told(_grey(small), dpi * scale, recogniser, limits)
    return unread if told is None else {**answer, **told}


def _grey(image: Any) -> Any:
    """The picture in grey, on white where it is clear."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        ground = Image.new("RGBA", image.size, "white")
        ground.alpha_composite(image.convert("RGBA"))
        return ground.convert("L")
    return image.convert("L")


def _dpi(frame: Any) -> float:
    """Dots an inch: as the file says, where that makes a page of it that people could hold."""
    longest = max(frame.size)
    try:
        told = float(frame.info.get("dpi", (0.0,))[0])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        told = 0.0
    dpi = told if _FEWEST_DPI <= told <= _MOST_DPI else _USUAL_DPI
    return dpi if longest <= _LARGEST_PAGE * dpi else longest / _USUAL_PAGE
