"""Reads Outlook messages (MSG): sender, subject, words and attachments, from their properties in an OLE file.

The names of the properties and their types are those of the published format [MS-OXMSG] and [MS-OXPROPS].
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Any

from screening.engine.reading.limits import Limits
from screening.engine.reading.papers import mail, plain
from screening.engine.reading.papers.encodings import decoded
from screening.engine.reading.papers.pager import Pager

_SHOWN = (("0C1A", "From"), ("0E04", "To"), ("0E03", "Cc"), ("0037", "Subject"))
_SENDER_ADDRESS, _BODY, _HTML = "0C1F", "1000", "1013"
_LONG_NAME, _SHORT_NAME, _TITLE, _DATA = "3707", "3704", "3001", "3701"
_WIDE, _NARROW, _BYTES, _OBJECT = "001F", "001E", "0102", "000D"
_ATTACHED = "__attach_version1.0_"
_MOST_ATTACHED = 2000
OLE_ERRORS = (OSError, ValueError, IndexError, KeyError, TypeError, struct.error, zlib.error, AttributeError)


def is_message(ole: Any) -> bool:
    return bool(ole.exists("__properties_version1.0")) and any(
        entry[0].startswith(("__substg1.0_", "__nameid_version1.0")) for entry in ole.listdir(storages=True)
    )


def read(ole: Any, limits: Limits) -> Pager:
    """The message as pages. Raises TooMuch."""
    pager = Pager(limits)
    _write(ole, [], pager)
    return pager


def _write(ole: Any, folder: list[str], pager: Pager) -> None:
    for code, name in _SHOWN:
        value = " ".join(_text(ole, folder, code).split())
        if code == "0C1A":
            value = f"{value} {_text(ole, folder, _SENDER_ADDRESS)}".strip()
        if value:
            pager.line(f"{name}: {value}")
    pager.line("")
    words = _text(ole, folder, _BODY)
    page = b"" if words.strip() else _stream(ole, folder, _HTML, _BYTES)
    if page:
        mail.write_body(page, pager, is_html=True, charset=None)
    else:
        plain.write_text(words, pager)


def attachments(ole: Any) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each attachment; a message in a message is given as its text."""
    folders = sorted({entry[0] for entry in ole.listdir(storages=True) if entry[0].startswith(_ATTACHED)})
    for number, name in enumerate(folders[:_MOST_ATTACHED], start=1):
        folder = [name]
        called = _text(ole, folder, _LONG_NAME) or _text(ole, folder, _SHORT_NAME) or _text(ole, folder, _TITLE)
        inner = [name, f"__substg1.0_{_DATA}{_OBJECT}"]
        if ole.exists("/".join([*inner, "__properties_version1.0"])):
            yield f"{called or f'message-{number}'}.txt", _as_text(ole, inner)
            continue
        body = _stream(ole, folder, _DATA, _BYTES)
        if body:
            yield called or f"attachment-{number}", body


def _as_text(ole: Any, folder: list[str]) -> bytes:
    pager = Pager(Limits())
    _write(ole, folder, pager)
    return "\n".join(str(answer["text"]) for answer in pager.answers()).encode()


def _text(ole: Any, folder: list[str], code: str) -> str:
    wide = _stream(ole, folder, code, _WIDE)
    if wide:
        return wide.decode("utf-16-le", "replace").rstrip("\0")
    narrow = _stream(ole, folder, code, _NARROW)
    return decoded(narrow.rstrip(b"\0")) if narrow else ""


def _stream(ole: Any, folder: list[str], code: str, kind: str) -> bytes:
    path = "/".join([*folder, f"__substg1.0_{code}{kind}"])
    try:
        return bytes(ole.openstream(path).read()) if ole.exists(path) else b""
    except OLE_ERRORS:
        return b""
