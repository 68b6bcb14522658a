"""Files attached to a PDF, as a whole or at a place on one of its pages: each is a document of its own."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as raw

from screening.engine.reading.limits import Limits
from screening.engine.reading.papers import names
from screening.engine.reading.papers.archives import Entry
from screening.engine.reasons import Reason

_LONGEST_NAME = 4000
_MOST_ON_PAGE = 500


def count(document: Any, limits: Limits) -> int:
    """How many files are attached to the whole. `document` is pdfium's handle."""
    return max(0, min(limits.members, int(raw.FPDFDoc_GetAttachmentCount(document))))


def count_on_page(page: Any) -> int:
    """How many files are attached to places on a page. `page` is pdfium's handle."""
    return sum(1 for _ in _on_page(page))


def files(document: Any, first: int, limits: Limits) -> Iterator[Entry]:
    """The attached files from number `first` (from 1) on, with their bytes: those of the whole, then page by page."""
    for number, attachment in enumerate(_all(document, limits), start=1):
        if number > limits.members:
            return
        if number >= first:
            yield _entry(number, attachment, limits)


def _all(document: Any, limits: Limits) -> Iterator[Any]:
    for index in range(count(document, limits)):
        yield raw.FPDFDoc_GetAttachment(document, index)
    for index in range(min(limits.pages, raw.FPDF_GetPageCount(document))):
        page = raw.FPDF_LoadPage(document, index)
        if page:
            try:
                yield from _on_page(page)
            finally:
                raw.FPDF_ClosePage(page)


def _on_page(page: Any) -> Iterator[Any]:
    for index in range(min(_MOST_ON_PAGE, raw.FPDFPage_GetAnnotCount(page))):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            if raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_FILEATTACHMENT:
                yield raw.FPDFAnnot_GetFileAttachment(annotation)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _entry(number: int, attachment: Any, limits: Limits) -> Entry:
    name = names.safe(_name(attachment)) if attachment else "file"
    size = ctypes.c_ulong()
    if not attachment or not raw.FPDFAttachment_GetFile(attachment, None, 0, size):
        return Entry(number, name, 0, Reason.BROKEN)
    if size.value > limits.file_bytes:
        return Entry(number, name, size.value, Reason.TOO_LARGE)
    buffer = ctypes.create_string_buffer(max(1, size.value))
    raw.FPDFAttachment_GetFile(attachment, buffer, size.value, size)
    body = buffer.raw[: size.value]
    return Entry(number, name, len(body), None if body else Reason.EMPTY_FILE, body or None)


def _name(attachment: Any) -> str:
    size = raw.FPDFAttachment_GetName(attachment, None, 0)
    if not 2 < size <= _LONGEST_NAME:
        return ""
    buffer = (ctypes.c_ushort * (size // 2))()
    raw.FPDFAttachment_GetName(attachment, buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace")
