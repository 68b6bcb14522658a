"""Files inside Office files: a spreadsheet or a PDF that somebody put into a text is a document of its own."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

import olefile

from screening.engine.reading.papers.msg import OLE_ERRORS
from screening.engine.reading.papers.parts import Parts

_FOLDERS = ("word/embeddings/", "xl/embeddings/", "ppt/embeddings/")
_NATIVE = "\x01Ole10Native"


def files(parts: Parts) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each embedded file. Raises Unreadable, TooMuch."""
    for name in _names(parts):
        body = parts.read(name)
        yield name.rsplit("/", 1)[-1], inner(body) or body


def count(parts: Parts) -> int:
    return len(_names(parts))


def _names(parts: Parts) -> list[str]:
    """Embedded objects, and in a Word file whole pages in another format that it shows as its own (`altChunk`)."""
    inside = {name for name in parts.names if name.startswith(_FOLDERS) and not name.endswith("/")}
    main = parts.first_related("", "officeDocument") or ""
    if main.startswith("word/"):
        inside |= {path for what, path in parts.related(main).values() if what == "aFChunk" and path in parts}
    return sorted(inside)


def inner(body: bytes) -> bytes:
    """The file inside the wrapping of an OLE object; empty where it is of a kind of its own."""
    if not body.startswith(olefile.MAGIC):
        return b""
    try:
        with olefile.OleFileIO(io.BytesIO(body)) as ole:
            for stream in ("Package", "CONTENTS"):
                if ole.exists(stream):
                    return bytes(ole.openstream(stream).read())
            return _native(bytes(ole.openstream(_NATIVE).read())) if ole.exists(_NATIVE) else b""
    except OLE_ERRORS:
        return b""


def dragged_in(body: bytes) -> bytes:
    """The file in the data of a dragged-in object of a rich text, which do not tell their size first; or nothing."""
    try:
        return _native(bytes(4) + body)
    except (ValueError, struct.error):
        return b""


def _native(body: bytes) -> bytes:
    """The bytes of a dragged-in file: after three names that end with zero, and their lengths."""
    at = 6
    for _ in range(2):
        at = body.index(b"\0", at) + 1
    at += 4
    (length,) = struct.unpack_from("<I", body, at)
    at += 4 + length
    (size,) = struct.unpack_from("<I", body, at)
    return body[at + 4 : at + 4 + size]
