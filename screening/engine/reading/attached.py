"""Files attached to a PDF: each is a document of its own."""

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


def count(document: Any, limits: Limits) -> int:
    """How many files are attached. `document` is pdfium's handle."""
    return max(0, min(limits.members, int(raw.FPDFDoc_GetAttachmentCount(document))))


def files(document: Any, first: int, limits: Limits) -> Iterator[Entry]:
    """The attached files from number `first` (from 1) on, with their bytes."""
    for number in range(first, count(document, limits) + 1):
        attachment = raw.FPDFDoc_GetAttachment(document, number - 1)
        name = names.safe(_name(attachment) if attachment else "") if attachment else "file"
        size = ctypes.c_ulong()
        if not attachment or not raw.FPDFAttachment_GetFile(attachment, None, 0, size):
            yield Entry(number, name, 0, Reason.BROKEN)
            continue
        if size.value > limits.file_bytes:
            yield Entry(number, name, size.value, Reason.TOO_LARGE)
            continue
        buffer = ctypes.create_string_buffer(max(1, size.value))
        raw.FPDFAttachment_GetFile(attachment, buffer, size.value, size)
        body = buffer.raw[: size.value]
        yield Entry(number, name, len(body), None if body else Reason.EMPTY_FILE, body or None)


def _name(attachment: Any) -> str:
    size = raw.FPDFAttachment_GetName(attachment, None, 0)
    if not 2 < size <= _LONGEST_NAME:
        return ""
    buffer = (ctypes.c_ushort * (size // 2))()
    raw.FPDFAttachment_GetName(attachment, buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace")
