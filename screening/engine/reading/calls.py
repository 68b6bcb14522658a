"""The pdfium functions that are called for every line, letter or drawn thing, bound so that a call costs least.

Three things make a call cheap, and together halve what it takes. Arguments are not converted: a handle or an address
is a `Handle` (an integer in its place would lose its upper half, which is why functions with other arguments are
bound with their types). The interpreter's lock is kept, for a caged child has no second thread. And where a function
is asked for many things of a page, `map` asks for all of them without a step of Python in between.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import pypdfium2.raw as raw

_INT = ctypes.c_int


class Handle(ctypes.c_void_p):
    """A thing of pdfium's, or an address that it writes to; false where there is none."""


def address(handle: Any) -> int:
    """A pypdfium2 handle or function as an integer."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def handle(known: Any) -> Handle:
    """A pypdfium2 handle as these functions take it."""
    return Handle(address(known))


def _bind(function: Any, result: Any, *kinds: Any) -> Callable[..., Any]:
    """With `kinds` the arguments are converted to these; without, they are taken as they are: see above."""
    return _kind(result, *kinds)(address(function))


@cache
def _kind(result: Any, *kinds: Any) -> Callable[[int], Callable[..., Any]]:
    return ctypes.PYFUNCTYPE(result, *kinds)


count_letters = _bind(raw.FPDFText_CountChars, _INT)
text_of = _bind(raw.FPDFText_GetText, _INT)
letter_of = _bind(raw.FPDFText_GetUnicode, ctypes.c_uint)
letter_angle = _bind(raw.FPDFText_GetCharAngle, ctypes.c_float)
letter_box = _bind(raw.FPDFText_GetLooseCharBox, _INT)
drawn_box = _bind(raw.FPDFText_GetCharBox, _INT)
has_no_letter = _bind(raw.FPDFText_HasUnicodeMapError, _INT)
text_object = _bind(raw.FPDFText_GetTextObject, Handle)
font_of = _bind(raw.FPDFTextObj_GetFont, ctypes.c_void_p)
render_mode = _bind(raw.FPDFTextObj_GetTextRenderMode, _INT)
count_marks = _bind(raw.FPDFPageObj_CountMarks, _INT)
mark = _bind(raw.FPDFPageObj_GetMark, Handle, Handle, ctypes.c_ulong)
mark_name = _bind(raw.FPDFPageObjMark_GetName, _INT, Handle, Handle, ctypes.c_ulong, Handle)
clip_path = _bind(raw.FPDFPageObj_GetClipPath, Handle)
count_clips = _bind(raw.FPDFClipPath_CountPaths, _INT)
count_clip_segments = _bind(raw.FPDFClipPath_CountPathSegments, _INT)
clip_segment = _bind(raw.FPDFClipPath_GetPathSegment, Handle)
count_inside = _bind(raw.FPDFFormObj_CountObjects, _INT)
get_inside = _bind(raw.FPDFFormObj_GetObject, Handle, Handle, ctypes.c_ulong)
fill_colour = _bind(raw.FPDFText_GetFillColor, _INT)
count_objects = _bind(raw.FPDFPage_CountObjects, _INT)
get_object = _bind(raw.FPDFPage_GetObject, Handle)
object_kind = _bind(raw.FPDFPageObj_GetType, _INT)
object_bounds = _bind(raw.FPDFPageObj_GetBounds, _INT)
object_fill = _bind(raw.FPDFPageObj_GetFillColor, _INT)
has_transparency = _bind(raw.FPDFPageObj_HasTransparency, _INT)
path_drawing = _bind(raw.FPDFPath_GetDrawMode, _INT)
stroke_width = _bind(raw.FPDFPageObj_GetStrokeWidth, _INT)
object_matrix = _bind(raw.FPDFPageObj_GetMatrix, _INT)
count_segments = _bind(raw.FPDFPath_CountSegments, _INT)
path_segment = _bind(raw.FPDFPath_GetPathSegment, Handle)
segment_kind = _bind(raw.FPDFPathSegment_GetType, _INT)
segment_point = _bind(raw.FPDFPathSegment_GetPoint, _INT)
on_screen = _bind(
    raw.FPDF_PageToDevice, _INT, Handle, *[_INT] * 5, ctypes.c_double, ctypes.c_double, Handle, Handle
)  # fmt: skip


class Numbers:
    """Numbers that pdfium writes into, with their addresses."""

    def __init__(self, count: int, kind: Any) -> None:
        self._array = (kind * count)()
        first, step = ctypes.addressof(self._array), ctypes.sizeof(kind)
        self.at = tuple(Handle(first + step * index) for index in range(count))
        self.values = partial(self._array.__getitem__, slice(None))
        """Gives the numbers as a list: five times as fast as a list of the array, and asked for each letter."""

    def first(self, count: int) -> Any:
        """The first `count` of the numbers, as a list."""
        return self._array[:count]
