"""Tells what kind of file some bytes are, by their content and never by their name.

This is the one place to add a kind of file: a member here, its rule in `kind_of`, its reader in `child`. The
parent looks at signatures alone and unpacks nothing; what a ZIP or an OLE file really is, its caged reader says.
"""

from __future__ import annotations

import re
from enum import StrEnum

_HEADER_WITHIN = 1024
"""A PDF may carry junk before its header: readers accept it in the first 1024 bytes (ISO 32000-1, annex H.3.4.1)."""
_BEFORE_RTF = 64
"""Bytes within which the first brace of a rich text comes, after blanks at most."""
_LOOK = 1 << 16
"""Bytes in which text must look like text."""


class Kind(StrEnum):
    PDF = "pdf"
    ZIP = "zip"
    """Also DOCX, XLSX, PPTX, ODT, ODS: parts in a ZIP."""
    OLE = "ole"
    """Old Office files, Outlook messages, and new Office files under a password."""
    TAR = "tar"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    PICTURE = "picture"
    RTF = "rtf"
    TEXT = "text"
    """Also HTML, CSV and mail."""


_SIGNATURES: tuple[tuple[bytes, Kind], ...] = (
    (b"PK\x03\x04", Kind.ZIP),
    (b"PK\x05\x06", Kind.ZIP),
    (b"PK00PK\x03\x04", Kind.ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind.OLE),
    (b"\x1f\x8b\x08", Kind.GZIP),
    (b"BZh", Kind.BZIP2),
    (b"\xfd7zXZ\x00", Kind.XZ),
    (b"\xff\xd8\xff", Kind.PICTURE),
    (b"\x89PNG\r\n\x1a\n", Kind.PICTURE),
    (b"II*\x00", Kind.PICTURE),
    (b"MM\x00*", Kind.PICTURE),
    (b"GIF87a", Kind.PICTURE),
    (b"GIF89a", Kind.PICTURE),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", Kind.PICTURE),
    (b"\xff\x4f\xff\x51", Kind.PICTURE),
)
_TAR_MAGIC_AT, _TAR_BLOCK = 257, 512
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""Byte order marks of UTF-16 (and, beginning alike, of UTF-32)."""
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_FOREIGN = (b"7z\xbc\xaf", b"Rar!", b"%!PS", b"!<arch>\n", b"fLaC", b"OggS", b"ID3", b"\x7fELF")
"""Files that we cannot read and that may begin like text."""
_HEADLESS = re.compile(rb"\btrailer\s*<<|\bstartxref\s+\d|\d\s*obj\s*<<")
"""A PDF that has lost its beginning: its readers say what can be made of it, and nobody calls it text."""
_MAY_BE_CONTROL = 0.002
"""Share of control characters in what is still called text."""


def kind_of(data: bytes) -> Kind | None:
    """The kind of file, or None where we cannot read it."""
    if _is_tar(data):  # Before PDF: the first member of an archive may be one.
        return Kind.TAR
    signed = next((kind for mark, kind in _SIGNATURES if data.startswith(mark)), None)
    if signed is not None:
        return signed
    if data[:_BEFORE_RTF].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        return Kind.RTF
    if data.startswith(b"BM") and data[6:10] == bytes(4):
        return Kind.PICTURE
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return Kind.PICTURE
    if b"%PDF" in data[:_HEADER_WITHIN] or _HEADLESS.search(data[:_LOOK]):
        return Kind.PDF
    if data[_TAR_MAGIC_AT : _TAR_MAGIC_AT + 5] == b"ustar":
        return Kind.TAR
    return Kind.TEXT if _looks_like_text(data) else None


def _is_tar(data: bytes) -> bool:
    """Whether the first block is a TAR header, by its sum of all bytes."""
    head = data[:_TAR_BLOCK]
    if len(head) < _TAR_BLOCK or not head[0]:
        return False
    told = head[148:156].strip(b" \0")
    if not told or any(digit not in b"01234567" for digit in told):
        return False
    return sum(head[:148]) + sum(head[156:]) + 8 * ord(" ") == int(told, 8)


def _looks_like_text(data: bytes) -> bool:
    head = data[:_LOOK]
    if head.startswith(_FOREIGN) or not head.strip():
        return False
    if head.startswith(_WIDE_MARKS) or _is_wide(head):
        return True
    return len(_CONTROL.findall(head)) <= _MAY_BE_CONTROL * len(head)


def _is_wide(head: bytes) -> bool:
    """UTF-16 without a mark: every second byte of European text is a zero, and hardly any of the others."""
    half = max(1, len(head) // 2)
    even, odd = head[::2].count(0), head[1::2].count(0)
    return max(even, odd) > 0.6 * half and min(even, odd) < 0.02 * half
