"""The handful of pdfium functions that are called for every line, bound with plain types because that is faster.

The bindings of pypdfium2 build a pointer object for every answer; here handles and addresses are integers.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import pypdfium2.raw as raw

_HANDLE, _INT = ctypes.c_void_p, ctypes.c_int


def address(handle: Any) -> int:
    """A pypdfium2 handle or function as the integer that these functions take."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def _bind(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    return ctypes.CFUNCTYPE(result, *arguments)(address(function))


letter_box = _bind(raw.FPDFText_GetLooseCharBox, _INT, _HANDLE, _INT, _HANDLE)
drawn_box = _bind(raw.FPDFText_GetCharBox, _INT, _HANDLE, _INT, _HANDLE, _HANDLE, _HANDLE, _HANDLE)
has_no_letter = _bind(raw.FPDFText_HasUnicodeMapError, _INT, _HANDLE, _INT)
text_object = _bind(raw.FPDFText_GetTextObject, _HANDLE, _HANDLE, _INT)
font_of = _bind(raw.FPDFTextObj_GetFont, _HANDLE, _HANDLE)
render_mode = _bind(raw.FPDFTextObj_GetTextRenderMode, _INT, _HANDLE)
count_marks = _bind(raw.FPDFPageObj_CountMarks, _INT, _HANDLE)
mark = _bind(raw.FPDFPageObj_GetMark, _HANDLE, _HANDLE, ctypes.c_ulong)
mark_name = _bind(raw.FPDFPageObjMark_GetName, _INT, _HANDLE, _HANDLE, ctypes.c_ulong, ctypes.POINTER(ctypes.c_ulong))
clip_path = _bind(raw.FPDFPageObj_GetClipPath, _HANDLE, _HANDLE)
count_clips = _bind(raw.FPDFClipPath_CountPaths, _INT, _HANDLE)
count_clip_segments = _bind(raw.FPDFClipPath_CountPathSegments, _INT, _HANDLE, _INT)
clip_segment = _bind(raw.FPDFClipPath_GetPathSegment, _HANDLE, _HANDLE, _INT, _INT)
count_inside = _bind(raw.FPDFFormObj_CountObjects, _INT, _HANDLE)
get_inside = _bind(raw.FPDFFormObj_GetObject, _HANDLE, _HANDLE, ctypes.c_ulong)
fill_colour = _bind(raw.FPDFText_GetFillColor, _INT, _HANDLE, _INT, _HANDLE, _HANDLE, _HANDLE, _HANDLE)
count_objects = _bind(raw.FPDFPage_CountObjects, _INT, _HANDLE)
get_object = _bind(raw.FPDFPage_GetObject, _HANDLE, _HANDLE, _INT)
object_kind = _bind(raw.FPDFPageObj_GetType, _INT, _HANDLE)
object_bounds = _bind(raw.FPDFPageObj_GetBounds, _INT, _HANDLE, _HANDLE, _HANDLE, _HANDLE, _HANDLE)
object_fill = _bind(raw.FPDFPageObj_GetFillColor, _INT, _HANDLE, _HANDLE, _HANDLE, _HANDLE, _HANDLE)
has_transparency = _bind(raw.FPDFPageObj_HasTransparency, _INT, _HANDLE)
path_drawing = _bind(raw.FPDFPath_GetDrawMode, _INT, _HANDLE, _HANDLE, _HANDLE)
stroke_width = _bind(raw.FPDFPageObj_GetStrokeWidth, _INT, _HANDLE, _HANDLE)
object_matrix = _bind(raw.FPDFPageObj_GetMatrix, _INT, _HANDLE, _HANDLE)
count_segments = _bind(raw.FPDFPath_CountSegments, _INT, _HANDLE)
path_segment = _bind(raw.FPDFPath_GetPathSegment, _HANDLE, _HANDLE, _INT)
segment_kind = _bind(raw.FPDFPathSegment_GetType, _INT, _HANDLE)
segment_point = _bind(raw.FPDFPathSegment_GetPoint, _INT, _HANDLE, _HANDLE, _HANDLE)


class Numbers:
    """Numbers that pdfium writes into, with their addresses."""

    def __init__(self, count: int, kind: Any) -> None:
        self._array = (kind * count)()
        first, step = ctypes.addressof(self._array), ctypes.sizeof(kind)
        self.at = tuple(first + step * index for index in range(count))

    def values(self) -> Any:
        """The numbers, as a list."""
        return self._array[:]  # Five times as fast as a list of it, and asked for each letter that matters.
