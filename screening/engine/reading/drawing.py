"""Draws pages of a PDF as PNG pictures, as they are displayed; only ever inside a caged child."""

from __future__ import annotations

import math
import struct
import zlib

import pypdfium2 as pdfium
from pypdfium2 import PdfiumError

from screening.engine.reading.frames import PNG_SIGNATURE
from screening.engine.reading.limits import Limits
from screening.engine.reading.pdfium import CannotOpen
from screening.engine.reasons import Reason

_TRUE_COLOUR, _FAST, _IN_METRES = 2, 3, 1
_POINTS_A_METRE, _MOST_DOTS_A_METRE = 72 / 0.0254, 2**31 - 1


def draw(document: pdfium.PdfDocument, number: int, width_px: int, limits: Limits) -> bytes:
    """Page `number` (from 1) as a PNG of this width. Raises CannotOpen where there is no such page."""
    if not 1 <= number <= len(document):
        raise CannotOpen(Reason.PAGE_FAILED)
    try:
        page = document[number - 1]
    except PdfiumError:
        raise CannotOpen(Reason.PAGE_FAILED) from None
    width, height = page.get_size()
    if not (math.isfinite(width) and math.isfinite(height)) or width <= 0 or height <= 0:
        raise CannotOpen(Reason.PAGE_FAILED)
    scale = width_px / width
    if width_px * math.ceil(height * scale) > limits.picture_pixels:
        scale = math.sqrt(limits.picture_pixels / (width * height)) * 0.99
    bitmap = page.render(scale=scale, rev_byteorder=True, force_bitmap_format=pdfium.raw.FPDFBitmap_BGR)
    picture = _png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, scale)
    page.close()
    return picture


def _png(pixels: bytes, width: int, height: int, stride: int, scale: float) -> bytes:
    """A PNG file (ISO/IEC 15948) of rows of red, green and blue bytes, so many dots to a point of the page."""
    rows = b"".join(b"\0" + pixels[y * stride : y * stride + 3 * width] for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, _TRUE_COLOUR, 0, 0, 0)
    dots_a_metre = min(_MOST_DOTS_A_METRE, round(scale * _POINTS_A_METRE))
    size = struct.pack(">IIB", dots_a_metre, dots_a_metre, _IN_METRES)
    chunks = ((b"IHDR", head), (b"pHYs", size), (b"IDAT", zlib.compress(rows, _FAST)), (b"IEND", b""))
    return PNG_SIGNATURE + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
