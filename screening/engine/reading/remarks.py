"""Reads what people wrote onto a PDF page afterwards: notes, comments on marked text, typed-in words."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as raw

from screening.engine.reading import cleaning
from screening.engine.reading.placing import Placing, Tenths

_KINDS = frozenset(
    {
        raw.FPDF_ANNOT_TEXT, raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_HIGHLIGHT, raw.FPDF_ANNOT_UNDERLINE,
        raw.FPDF_ANNOT_SQUIGGLY, raw.FPDF_ANNOT_STRIKEOUT, raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_CARET,
        raw.FPDF_ANNOT_INK, raw.FPDF_ANNOT_SQUARE, raw.FPDF_ANNOT_CIRCLE, raw.FPDF_ANNOT_LINE,
        raw.FPDF_ANNOT_FILEATTACHMENT, raw.FPDF_ANNOT_POLYGON, raw.FPDF_ANNOT_POLYLINE, raw.FPDF_ANNOT_REDACT,
    }
)  # fmt: skip
_SEEN_THROUGH = frozenset({raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP})
_MOST = 500
_LONGEST = 200_000
_EMPTY = 2
"""Bytes of an empty string as pdfium counts them: its closing zero."""


_UNSEEN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW


def remarks(page: Any, placing: Placing) -> Iterator[tuple[str, Tenths | None, bool]]:
    """The words of each remark on a page, its place, and whether it is seen. `page` is pdfium's handle."""
    for index in range(min(_MOST, raw.FPDFPage_GetAnnotCount(page))):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            if raw.FPDFAnnot_GetSubtype(annotation) not in _KINDS:
                continue
            words, place = _words(annotation), _place(annotation, placing)
            is_seen = not raw.FPDFAnnot_GetFlags(annotation) & _UNSEEN
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
        if words:
            yield words, place, is_seen


def places(page: Any, placing: Placing) -> list[Tenths]:
    """The places of everything that was laid upon a page afterwards and may cover its print."""
    found = []
    for index in range(min(_MOST, raw.FPDFPage_GetAnnotCount(page))):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            if raw.FPDFAnnot_GetSubtype(annotation) not in _SEEN_THROUGH:
                found.append(_place(annotation, placing))
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
    return [place for place in found if place is not None]


def _words(annotation: Any) -> str:
    size = raw.FPDFAnnot_GetStringValue(annotation, b"Contents", None, 0)
    if size <= _EMPTY or size > _LONGEST:
        return ""
    buffer = (ctypes.c_ushort * (size // 2))()
    raw.FPDFAnnot_GetStringValue(annotation, b"Contents", buffer, size)
    text = bytes(buffer)[: size - 2].decode("utf-16-le", "replace")
    return cleaning.clean(text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _place(annotation: Any, placing: Placing) -> Tenths | None:
    rect = raw.FS_RECTF()
    if not raw.FPDFAnnot_GetRect(annotation, rect):
        return None
    return placing.tenths(rect.left, rect.bottom, rect.right, rect.top)
